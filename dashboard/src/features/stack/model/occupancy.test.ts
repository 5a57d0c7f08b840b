import { describe, expect, it } from 'vitest'
import { fillOfFaces, fillOfShelf, percent } from './occupancy.ts'

describe('occupancy bytes', () => {
  // Two sections of two shelves: A 1-1, A 1-2, A 2-1, A 2-2, then B.
  const column = { column: 7, fill: [255, 0, 255, 0, 51, 0, 0, 0] }
  const shape = { sections: 2, shelves: 2 }
  it('averages each face', () => {
    expect(fillOfFaces(column)).toEqual({ a: 0.5, b: 0.05 })
    expect(fillOfFaces({ column: 1, fill: [] })).toEqual({ a: 0, b: 0 })
  })
  it('finds one shelf', () => {
    expect(fillOfShelf(column, shape, 'A', 2, 1)).toBe(1)
    expect(fillOfShelf(column, shape, 'A', 1, 2)).toBe(0)
    expect(fillOfShelf(column, shape, 'B', 1, 1)).toBe(0.2)
    expect(fillOfShelf(column, shape, 'B', 9, 9)).toBe(0)
  })
  it('writes whole per cent', () => {
    expect(percent(0.876)).toBe(88)
  })
})
