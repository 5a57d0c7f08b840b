import type { StackLayout } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { decidePut, exists, fillOf, neighbours, sameShelf, wayTo } from './steel.ts'

const column = (n: number, fixed = false) => ({
  column: n,
  widthMm: 560,
  fixed,
  sections: 2,
  shelves: 3,
  shelfWidthMm: 900,
})
const layout: StackLayout = {
  version: 1,
  site: 'demo',
  siteLabel: '演示',
  rooms: [],
  banks: [1, 2].map((b) => ({
    bank: `B${b}`,
    label: `${b}`,
    room: 'R1',
    xMm: 0,
    yMm: 0,
    depthMm: 4000,
    railMm: 5000,
    aisleMm: 900,
    enterFrom: 'north' as const,
    columns: [column(b * 2 - 1, true), column(b * 2)],
  })),
}

describe('steel (RZ15)', () => {
  it('knows which aisle serves a face, and where the walkway does', () => {
    expect(wayTo(layout, { column: 1, side: 'A' })).toEqual({ bank: 'B1', room: 'R1', aisle: null })
    expect(wayTo(layout, { column: 1, side: 'B' })?.aisle).toBe(1)
    expect(wayTo(layout, { column: 2, side: 'A' })?.aisle).toBe(1)
    expect(wayTo(layout, { column: 9, side: 'A' })).toBeNull()
  })
  it('walks from face to face, over the border of a bank', () => {
    expect(neighbours(layout, 1, 'A')).toEqual({ previous: null, next: '1B' })
    expect(neighbours(layout, 2, 'B')).toEqual({ previous: '2A', next: '3A' })
  })
  it('knows no shelf that the steel does not have', () => {
    expect(exists(layout, { column: 1, side: 'A', section: 2, shelf: 3, slot: 40 })).toBe(true)
    expect(exists(layout, { column: 1, side: 'A', section: 3, shelf: 1 })).toBe(false)
    expect(exists(layout, { column: 1, side: 'A', section: 1, shelf: 4 })).toBe(false)
  })
  it('compares places by the shelf, for slots shift', () => {
    const a = { column: 1, side: 'A', section: 1, shelf: 1 } as const
    expect(sameShelf({ ...a, slot: 3 }, { ...a, slot: 4 })).toBe(true)
    expect(sameShelf(a, { ...a, side: 'B' })).toBe(false)
  })
})

describe('fill (RZ21, RZ23)', () => {
  it('puts face A before face B, section before shelf', () => {
    const { columns, occupied } = fillOf(layout, [
      { column: 1, side: 'A', section: 1, shelf: 2, mm: 450 },
      { column: 1, side: 'B', section: 2, shelf: 3, mm: 900 },
    ])
    expect(columns[0]?.fill).toEqual([0, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255])
    expect(occupied).toBeCloseTo(1350 / (4 * 12 * 900), 10)
  })
})

describe('putting a box (RZ19)', () => {
  const shelf = { slots: [1, 2, 3], usedMm: 120, widthMm: 900 }
  it('appends, or inserts where a slot is named', () => {
    expect(decidePut(shelf, { spineMm: 40 }, undefined)).toEqual({ ok: true, slot: 4 })
    expect(decidePut(shelf, { spineMm: 40 }, 2)).toEqual({ ok: true, slot: 2 })
  })
  it('leaves no hole and overfills no shelf', () => {
    expect(decidePut(shelf, { spineMm: 40 }, 6)).toMatchObject({ code: 'place-unknown' })
    expect(decidePut({ ...shelf, usedMm: 880 }, { spineMm: 40 }, 1)).toMatchObject({
      code: 'shelf-full',
    })
  })
})
