import type { StackLayout } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { boundsToFit } from './plan-fit.ts'

const column = { column: 1, widthMm: 900, fixed: true, sections: 5, shelves: 6, shelfWidthMm: 600 }
const layout: StackLayout = {
  version: 1,
  site: 'demo',
  siteLabel: '',
  rooms: [
    {
      room: 'R1',
      label: '一号库',
      areaM2: 800,
      widthMm: 40_000,
      heightMm: 20_000,
      shelvesFrom: 'bottom',
      doors: [],
      fixtures: [],
    },
  ],
  banks: [
    {
      bank: 'B1',
      label: '甲组',
      room: 'R1',
      xMm: 3000,
      yMm: 5000,
      depthMm: 4000,
      railMm: 10_000,
      aisleMm: 1000,
      enterFrom: 'south',
      columns: [column, { ...column, column: 2, fixed: false }],
    },
  ],
}
const room = {
  of: 'room',
  bounds: [
    [-20, 0],
    [-0, 40],
  ],
}
const banks = {
  of: 'banks',
  bounds: [
    [-9.25, 2.75],
    [-4.75, 13.25],
  ],
}

describe('what the plan shows', () => {
  it('shows what is asked for', () => {
    expect(boundsToFit(layout, 'R1', 'room')).toEqual(room)
    expect(boundsToFit(layout, 'R1', 'banks')).toEqual(banks)
  })
  it('has nothing to fit in a room without banks but the room', () => {
    expect(boundsToFit({ ...layout, banks: [] }, 'R1', 'banks')).toEqual(room)
    expect(boundsToFit({ ...layout, banks: [] }, 'R2', 'banks')).toBeNull()
  })
  it('fits the banks of a room that the layout does not draw', () => {
    expect(boundsToFit({ ...layout, rooms: [] }, 'R1', 'room')).toEqual(banks)
  })
})
