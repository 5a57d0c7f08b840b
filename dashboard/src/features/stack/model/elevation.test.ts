import type { FaceView, Slot } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { countFace, findCell, layoutFace, moveInGrid, sectionOrder } from './elevation.ts'

const slot = (n: number, spineMm: number, state: Slot['state'] = 'onShelf'): Slot => ({
  slot: n,
  box: '00000000-0000-4000-8000-000000000000',
  code: `LT000000${n}X`,
  spineMm,
  state,
  lastEvidence: null,
})
const face = (side: 'A' | 'B', rows: FaceView['rows']): FaceView => ({
  face: `12${side}`,
  column: 12,
  side,
  bank: 'B1',
  sections: 3,
  shelves: 2,
  shelfWidthMm: 400,
  rows,
  boxes: rows.reduce((n, r) => n + r.slots.length, 0),
  previous: null,
  next: null,
})

describe('elevation', () => {
  it('mirrors the sections of face B, as seen from the aisle', () => {
    expect(sectionOrder(3, 'A')).toEqual([1, 2, 3])
    expect(sectionOrder(3, 'B')).toEqual([3, 2, 1])
    expect(layoutFace(face('B', []), 'bottom')[0]?.sections.map((s) => s.section)).toEqual([
      3, 2, 1,
    ])
  })

  it('puts shelf 1 at the bottom or at the top, as the site counts', () => {
    expect(layoutFace(face('A', []), 'bottom').map((r) => r.shelf)).toEqual([2, 1])
    expect(layoutFace(face('A', []), 'top').map((r) => r.shelf)).toEqual([1, 2])
  })

  it('draws true widths and the room that is left', () => {
    const rows = layoutFace(
      face('A', [{ section: 1, shelf: 1, slots: [slot(2, 50), slot(1, 30)] }]),
      'bottom',
    )
    const cells = rows[1]?.sections[0]?.cells ?? []
    expect(cells.map((c) => [c.kind, c.leftMm, c.widthMm, c.address])).toEqual([
      ['slot', 0, 30, '12A-1-1-1'],
      ['slot', 30, 50, '12A-1-1-2'],
      ['room', 80, 320, '12A-1-1'],
    ])
  })

  it('offers no room where no box fits, and never draws beyond the shelf', () => {
    const rows = layoutFace(
      face('A', [
        { section: 1, shelf: 1, slots: [slot(1, 390)] },
        { section: 2, shelf: 1, slots: [slot(1, 300), slot(2, 300)] },
      ]),
      'bottom',
    )
    expect(rows[1]?.sections[0]?.cells.map((c) => c.kind)).toEqual(['slot'])
    const over = rows[1]?.sections[1]?.cells ?? []
    expect(over.reduce((mm, c) => mm + c.widthMm, 0)).toBeCloseTo(400)
  })

  it('walks slot to slot, across sections, and keeps the place going up', () => {
    const rows = layoutFace(
      face('A', [
        { section: 1, shelf: 2, slots: [slot(1, 50), slot(2, 350)] },
        { section: 1, shelf: 1, slots: [slot(1, 100), slot(2, 100)] },
      ]),
      'bottom',
    )
    const start = { row: 1, section: 0, cell: 1 }
    expect(moveInGrid(rows, start, 'left')).toEqual({ row: 1, section: 0, cell: 0 })
    expect(moveInGrid(rows, { row: 1, section: 0, cell: 2 }, 'right')).toEqual({
      row: 1,
      section: 1,
      cell: 0,
    })
    expect(moveInGrid(rows, start, 'up')).toEqual({ row: 0, section: 0, cell: 1 })
    expect(moveInGrid(rows, start, 'down')).toBeNull()
    expect(moveInGrid(rows, start, 'home')).toEqual({ row: 1, section: 0, cell: 0 })
    expect(moveInGrid(rows, start, 'end')).toEqual({ row: 1, section: 0, cell: 2 })
    expect(moveInGrid(rows, { row: 1, section: 0, cell: 0 }, 'left')).toBeNull()
  })

  it('finds a cell by its address on a mirrored face', () => {
    const rows = layoutFace(face('B', [{ section: 3, shelf: 1, slots: [slot(1, 30)] }]), 'bottom')
    const at = (section: number, shelf: number, slotNo?: number) =>
      findCell(rows, {
        column: 12,
        side: 'B',
        section,
        shelf,
        ...(slotNo ? { slot: slotNo } : {}),
      })
    expect(at(3, 1, 1)).toEqual({ row: 1, section: 0, cell: 0 })
    expect(at(3, 1, 2)).toBeNull()
    expect(at(1, 2)).toEqual({ row: 0, section: 2, cell: 0 })
  })

  it('counts what is drawn', () => {
    const counts = countFace(
      face('A', [
        { section: 1, shelf: 1, slots: [slot(1, 120), slot(2, 120, 'lent')] },
        { section: 2, shelf: 1, slots: [slot(1, 120, 'unread'), slot(2, 120, 'misplaced')] },
      ]),
    )
    expect(counts).toEqual({ boxes: 4, lent: 1, misplaced: 1, unread: 1, occupied: 0.2 })
  })
})
