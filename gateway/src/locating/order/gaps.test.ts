import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { seeded } from '../testing.ts'
import { advance, moveOf, retreat, spanOf } from './gaps.ts'

const c = locatingConstants.order

test('a box moves the edge by its thickness and seldom by a hole more', () => {
  const edges = new Float64Array(400)
  edges[0] = 1
  const moved = new Float64Array(400)
  advance(spanOf(edges), moveOf(33, c), 1, moved)
  const mm = moved.map((p, e) => p * e * c.placeMm)
  const all = moved.reduce((a, b) => a + b)
  expect(all).toBeCloseTo(1, 2)
  const mean = 33 + (1 - c.hole) * c.tightMm + c.hole * (c.leastHoleMm + c.holeMm)
  expect(mm.reduce((a, b) => a + b) / all).toBeCloseTo(mean, 0)
  expect(moved.findIndex((p) => p > 0) * c.placeMm).toBeGreaterThan(0)
})

test('forwards and backwards are one sum', () => {
  const random = seeded(7)
  const left = Float64Array.from({ length: 100 }, random)
  const right = Float64Array.from({ length: 100 }, random)
  const move = moveOf(42, c)
  const [there, back] = [new Float64Array(100), new Float64Array(100)]
  advance(spanOf(left), move, 0.7, there)
  retreat(spanOf(right), move, 0.7, back)
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0)
  expect(dot(there, right)).toBeCloseTo(dot(left, back), 9)
})

test('only the places that are asked for are summed, and they are the same', () => {
  const random = seeded(8)
  const edges = spanOf(
    Float64Array.from({ length: 120 }, (_, e) => (e < 20 || e > 60 ? 0 : random())),
  )
  const move = moveOf(30, c)
  const [all, some] = [new Float64Array(120), new Float64Array(120)]
  advance(edges, move, 1, all)
  advance(edges, move, 1, some, 30, 80)
  expect([edges.first, edges.last]).toEqual([20, 60])
  for (let e = 0; e < 120; e++)
    expect(some[e]).toBeCloseTo(e < 30 || e > 80 ? 0 : (all[e] as number), 12)
})
