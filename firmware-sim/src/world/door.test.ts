import { describe, expect, it } from 'vitest'
import { buildStore } from './catalogue/store.ts'
import { gateDistances } from './door.ts'
import { Places } from './places.ts'

const walk = (direction: 'out' | 'in') =>
  Array.from({ length: 101 }, (_, i) => gateDistances(direction, i / 100))
const nearest = (antenna: number, steps: Record<number, number>[]) =>
  steps.reduce(
    (best, s, i) => ((s[antenna] ?? 9e9) < (steps[best]?.[antenna] ?? 9e9) ? i : best),
    0,
  )

describe('the gate', () => {
  it('comes to antenna 1 before antenna 2 on the way out, and the other way in', () => {
    expect(nearest(1, walk('out'))).toBeLessThan(nearest(2, walk('out')))
    expect(nearest(2, walk('in'))).toBeLessThan(nearest(1, walk('in')))
  })

  it('is within reach of only one antenna at first and at last', () => {
    const steps = walk('out').filter((s) => Object.keys(s).length > 0)
    expect(Object.keys(steps[0] ?? {})).toEqual(['1'])
    expect(Object.keys(steps.at(-1) ?? {})).toEqual(['2'])
  })
})

describe('true places', () => {
  const store = buildStore('lantai', '2026-11-22')
  const lent = store.loans.map((l) => l.box)
  it('knows boxes by code and EPC, lent ones outside, and only keeps what is away', () => {
    const places = new Places(store.boxes, lent)
    const box = store.boxes.find((b) => !lent.includes(b.code))
    if (!box) throw new Error('no box at home')
    expect(places.placeOf(lent[0] ?? '')).toBe('outside')
    expect(places.byEpc(box.epc)?.code).toBe(box.code)
    places.put(box.code, 'desk-1')
    expect(places.at('desk-1')).toEqual([box.code])
    const again = new Places(store.boxes, lent, places.saved)
    expect(again.placeOf(box.code)).toBe('desk-1')
    again.put(box.code, 'home')
    expect(again.placeOf(box.code)).toBe(box.home)
    expect(Object.keys(again.saved)).toHaveLength(lent.length)
  })
})
