import { describe, expect, it } from 'vitest'
import { nearestBank, placeChips, type Rect } from './chips.ts'

const view: Rect = { x: 0, y: 0, w: 400, h: 300 }
const size = { w: 100, h: 24 }
const apart = (a: Rect, b: Rect) =>
  a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h

describe('climate chips stand on free floor', () => {
  it('stays at the sensor when the floor is free', () => {
    expect(placeChips([{ x: 200, y: 150 }], size, [], view)).toEqual([{ x: 150, y: 138, ...size }])
  })

  it('covers neither a bank nor another chip', () => {
    const bank = { x: 100, y: 50, w: 200, h: 200 }
    const sensors = [
      { x: 200, y: 150 },
      { x: 202, y: 150 },
      { x: 150, y: 100 },
    ]
    const placed = placeChips(sensors, size, [bank], view).filter((r) => r !== null)
    expect(placed).toHaveLength(3)
    for (const [i, r] of placed.entries()) {
      expect(apart(r, bank)).toBe(true)
      for (const other of placed.slice(i + 1)) expect(apart(r, other)).toBe(true)
    }
  })

  it('stays inside the view', () => {
    expect(placeChips([{ x: -50, y: 900 }], size, [], view)).toEqual([{ x: 0, y: 276, ...size }])
  })

  it('does not speak for another part of the room', () => {
    const bank = { x: 100, y: 0, w: 200, h: 300 }
    expect(placeChips([{ x: 200, y: 150 }], size, [bank], view, 60)).toEqual([null])
  })

  it('says so when there is no free floor, instead of covering something', () => {
    expect(placeChips([{ x: 200, y: 150 }], size, [view], view)).toEqual([null])
  })
})

describe('a sensor without a chip speaks for its bank', () => {
  const bank = (id: string, xMm: number) => ({ id, xMm, yMm: 5000, railMm: 10_000, depthMm: 3000 })
  const banks = [bank('B1', 3000), bank('B2', 18_000)]
  it('finds the nearest, or none', () => {
    expect(nearestBank(banks, { xMm: 5000, yMm: 3400 }, 3000)?.id).toBe('B1')
    expect(nearestBank(banks, { xMm: 20_000, yMm: 9000 }, 3000)?.id).toBe('B2')
    expect(nearestBank(banks, { xMm: 40_000, yMm: 3400 }, 3000)).toBeNull()
  })
})
