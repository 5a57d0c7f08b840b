import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { driftsOf, type Pull } from './drift.ts'

const c = locatingConstants.order.drift
const places = [...Array(23).keys()].map((i) => 100 + 40 * i)
const pulled = (byMm: number): Pull[] => places.map((x) => ({ x, byMm, precision: 1 / 15 ** 2 }))

test('what all shelves pull is told of a shelf that says nothing, what one pulls hardly', () => {
  const alike = driftsOf([pulled(20), pulled(20), pulled(20), []], c)
  expect(alike[3]?.(500)).toBeGreaterThan(15)
  const alone = driftsOf([pulled(20), pulled(0), pulled(0), []], c)
  expect(alone[0]?.(500)).toBeGreaterThan(8)
  expect(alone[3]?.(500)).toBeLessThan(8)
})

test('a single pull against its surroundings is no drift', () => {
  const pulls = pulled(0).map((p, i) => (i === 11 ? { ...p, byMm: 60 } : p))
  const [drift] = driftsOf([pulls], c)
  expect(Math.abs(drift?.(places[11] ?? 0) ?? 99)).toBeLessThan(30)
})

test('drift follows the rail, and goes on beyond the last pull as there', () => {
  const [drift] = driftsOf([places.map((x) => ({ x, byMm: (x - 540) / 15, precision: 1 }))], c)
  expect(drift?.(140)).toBeCloseTo(-400 / 15, -1)
  expect(drift?.(940)).toBeCloseTo(400 / 15, -1)
  expect(drift?.(5000)).toBe(drift?.(4000))
  expect(driftsOf([[]], c)[0]?.(100)).toBe(0)
})
