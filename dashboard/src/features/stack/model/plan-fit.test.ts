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

describe('what the plan shows first', () => {
  it('shows the room where its columns stay readable', () => {
    expect(boundsToFit(layout, 'R1', 'auto', { width: 1200, height: 700 })).toEqual(room)
  })
  it('shows the banks where the room would make them too small', () => {
    expect(boundsToFit(layout, 'R1', 'auto', { width: 700, height: 350 })).toEqual(banks)
  })
  it('does as it is told', () => {
    expect(boundsToFit(layout, 'R1', 'room', { width: 100, height: 100 })).toEqual(room)
    expect(boundsToFit(layout, 'R1', 'banks', { width: 2000, height: 2000 })).toEqual(banks)
  })
  it('has nothing to fit in a room without banks but the room', () => {
    expect(boundsToFit({ ...layout, banks: [] }, 'R1', 'auto', { width: 1, height: 1 })).toEqual(
      room,
    )
    expect(boundsToFit({ ...layout, banks: [] }, 'R2', 'auto', { width: 1, height: 1 })).toBeNull()
  })
})
