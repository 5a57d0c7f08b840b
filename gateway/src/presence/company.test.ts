import fc from 'fast-check'
import { expect, test } from 'vitest'
import { companyOf } from './company.ts'
import { gate } from './constants.ts'

const walk = (passage: number, from = 0, to = 3000) => ({ from, to, passage })

test('boxes of one pile speak for each other, and against', () => {
  expect(companyOf(200, 2900, [walk(0.99)])).toBeGreaterThan(0)
  expect(companyOf(200, 2900, [walk(0.01)])).toBeLessThan(0)
  expect(companyOf(200, 2900, [walk(0.99), walk(0.01)])).toBeCloseTo(0, 9)
  expect(companyOf(200, 2900, [walk(0.5)])).toBeCloseTo(0, 9)
})

test('who came at another time, or lies there for long, has no say', () => {
  expect(companyOf(0, 3000, [walk(0.99, 2800, 6000)])).toBe(0)
  expect(companyOf(0, 3000, [walk(0.01, -60_000, 60_000)])).toBe(0)
})

test('a crowd says no more than three', () => {
  const crowd = (n: number) =>
    companyOf(
      0,
      3000,
      Array.from({ length: n }, () => walk(0.999)),
    )
  expect(crowd(30)).toBe(crowd(3))
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true })), (list) => {
      const shift = companyOf(
        0,
        3000,
        list.map((p) => walk(p)),
      )
      expect(Math.abs(shift)).toBeLessThanOrEqual(gate.companyWeight * gate.companyMost)
    }),
  )
})
