import type { LayoutBank } from '@lantai/contracts'
import { columnsWithAisle } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import {
  aisleBox,
  boundsOf,
  columnShape,
  corners,
  doorLine,
  isClosedUp,
  labelStep,
  xy,
} from './geometry.ts'

const column = (n: number, fixed = false) => ({
  column: n,
  widthMm: 600,
  fixed,
  sections: 5,
  shelves: 6,
  shelfWidthMm: 850,
})
const bank: LayoutBank = {
  bank: 'B1',
  label: '甲组',
  room: 'R1',
  xMm: 2000,
  yMm: 3000,
  depthMm: 4500,
  railMm: 2700,
  aisleMm: 900,
  enterFrom: 'north',
  columns: [column(1, true), column(2), column(3)],
}

describe('plan geometry', () => {
  it('turns millimetres into metres with north up', () => {
    expect(xy(1500, 2500)).toEqual([-2.5, 1.5])
    expect(corners({ xMm: 0, yMm: 0, widthMm: 1000, heightMm: 2000 })).toEqual([
      [-0, 0],
      [-0, 1],
      [-2, 1],
      [-2, 0],
    ])
  })

  it('fills face A left and face B right, from the bottom', () => {
    const s = columnShape(bank, 600, 600, { a: 0.5, b: 0.25 })
    const bottom = (b: { yMm: number; heightMm: number }) => b.yMm + b.heightMm
    expect(s.fillA.heightMm).toBe(2250)
    expect(s.fillB.heightMm).toBe(1125)
    expect(bottom(s.fillA)).toBe(bottom(s.outline))
    expect(bottom(s.fillB)).toBe(bottom(s.outline))
    expect(s.fillB.xMm).toBe(s.fillA.xMm + s.fillA.widthMm)
  })

  it('never draws more than full or less than empty', () => {
    const s = columnShape(bank, 600, 0, { a: 1.4, b: -1 })
    expect(s.fillA.heightMm).toBe(4500)
    expect(s.fillB.heightMm).toBe(0)
  })

  it('finds the aisle between the reported edges, at the end stop too', () => {
    const open2 = columnsWithAisle(bank, 2)
    expect(aisleBox(bank, 2, open2)).toEqual({
      xMm: 2000 + 1200,
      yMm: 3000,
      widthMm: 900,
      heightMm: 4500,
    })
    const open3 = columnsWithAisle(bank, 3)
    expect(aisleBox(bank, 3, open3)?.widthMm).toBe(900)
  })

  it('draws no aisle where the columns stand together or nothing is known', () => {
    expect(aisleBox(bank, 1, columnsWithAisle(bank, 2))).toBeNull()
    expect(aisleBox(bank, 1, new Map())).toBeNull()
    expect(aisleBox(bank, 9, columnsWithAisle(bank, 2))).toBeNull()
  })

  it('bounds the banks, and nothing when there are none', () => {
    expect(boundsOf([bank], 1000)).toEqual([
      [-8.5, 1],
      [-2, 5.7],
    ])
    expect(boundsOf([], 1000)).toBeNull()
  })

  it('lays a door along its wall', () => {
    const door = { id: 'door-1', label: '北门', xMm: 1000, yMm: 0, widthMm: 1500 }
    expect(doorLine({ ...door, wall: 'north' })).toEqual([
      [-0, 1],
      [-0, 2.5],
    ])
    expect(doorLine({ ...door, wall: 'east' })).toEqual([
      [-0, 1],
      [-1.5, 1],
    ])
  })

  it('writes every number where there is room and leaves out some where there is not', () => {
    expect(labelStep(22, 14)).toBe(1)
    expect(labelStep(14, 14)).toBe(2)
    expect(labelStep(4, 14)).toBe(5)
    expect(labelStep(0.1, 14)).toBe(100)
  })
})

describe('S6: closed up is said only of columns that were reported together', () => {
  const four = {
    ...bank,
    columns: [column(1, true), column(2), column(3), column(4)],
    railMm: 3300,
  }
  const at = (...x: number[]) => new Map(x.map((mm, i) => [i + 1, mm]))
  it('knows buffer slits from a move that stopped on the way', () => {
    expect(isClosedUp(four, at(0, 900, 1800, 2700))).toBe(true)
    expect(isClosedUp(four, at(0, 1000, 1600, 2700))).toBe(false)
    expect(isClosedUp(four, at(0, 600, 1200, 1800))).toBe(false)
  })
  it('knows nothing where a place was not reported', () => {
    expect(isClosedUp(four, new Map([[1, 0]]))).toBe(false)
  })
})
