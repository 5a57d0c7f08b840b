import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { seeded } from '../testing.ts'
import { orderShelf } from './lattice.ts'
import { frontAt, type RowBox, type Slot } from './packing.ts'

const c = locatingConstants.order
const widths = [30, 20, 50, 40, 30, 30, 40]
const slotsOf = (silent: readonly number[] = []): Slot[] =>
  widths.map((thicknessMm, i) => ({ thicknessMm, silent: silent.includes(i) ? c.silent : 0 }))

/** Boxes that stand in this order, each read where it stands, give or take `sigma`. */
function standing(order: readonly number[], sigma: number, seed = 1): RowBox[] {
  const random = seeded(seed)
  let edge = 100
  return order.map((slot) => {
    const width = widths[slot] as number
    edge += width
    const x = edge - width / 2 + sigma * (random() + random() + random() - 1.5)
    return { modes: [{ x, sigma, weight: 1 }], at: x, slot, thicknessMm: width }
  })
}

const orderOf = (boxes: readonly RowBox[], slots: readonly Slot[]) => {
  const found = orderShelf(boxes, slots, frontAt(100, 100, c), c)
  return { ...found, slots: [...found.order].map((i) => boxes[i]?.slot) }
}

const inOrder = [0, 1, 2, 3, 4, 5, 6]

test('a shelf in order is left in order, though its reads are blurred', () => {
  for (let seed = 1; seed < 20; seed++) {
    const { slots, moved } = orderOf(standing(inOrder, 25, seed), slotsOf())
    expect(slots).toEqual(inOrder)
    expect(Math.max(...moved)).toBeLessThan(0.3)
  }
})

test('a box far from its slot is found where it stands, and it alone is out of sequence', () => {
  const { slots, moved } = orderOf(standing([0, 2, 3, 4, 5, 1, 6], 8), slotsOf())
  expect(slots).toEqual([0, 2, 3, 4, 5, 1, 6])
  expect([...moved].map((p) => p > 0.9)).toEqual([false, false, false, false, false, true, false])
})

test('two boxes exchanged are both out of sequence', () => {
  const { slots, moved } = orderOf(standing([0, 5, 2, 3, 4, 1, 6], 8), slotsOf())
  expect(slots).toEqual([0, 5, 2, 3, 4, 1, 6])
  expect([moved[1], moved[5]].every((p) => (p ?? 0) > 0.9)).toBe(true)
})

test('neighbours exchanged: one of the two is out of sequence, and which is not said', () => {
  const { slots, moved } = orderOf(standing([0, 1, 3, 2, 4, 5, 6], 4), slotsOf())
  expect(slots).toEqual([0, 1, 3, 2, 4, 5, 6])
  expect((moved[2] ?? 0) + (moved[3] ?? 0)).toBeCloseTo(1, 1)
  expect(Math.min(moved[2] ?? 0, moved[3] ?? 0)).toBeGreaterThan(0.2)
})

test('a silent box keeps its room', () => {
  const all = standing(inOrder, 6)
  const { x } = orderOf(
    all.filter((b) => b.slot !== 2),
    slotsOf([2]),
  )
  expect(Math.abs((x[2] ?? 0) - (all[3]?.modes[0]?.x ?? 0))).toBeLessThan(15)
})

test('of two hills the one that suits the neighbours wins', () => {
  const boxes = standing(inOrder, 8)
  const box = boxes[3] as RowBox
  const here = box.modes[0]?.x ?? 0
  boxes[3] = {
    ...box,
    modes: [
      { x: here - 90, sigma: 8, weight: 0.7 },
      { x: here, sigma: 8, weight: 0.3 },
    ],
  }
  const { slots, x } = orderOf(boxes, slotsOf())
  expect(slots).toEqual(inOrder)
  expect(Math.abs((x[3] ?? 0) - here)).toBeLessThan(15)
})

test('probabilities of ranks are probabilities, and blur lowers them', () => {
  const sharp = orderOf(standing(inOrder, 5), slotsOf()).rank
  const blurred = orderOf(standing(inOrder, 60), slotsOf()).rank
  for (const p of [...sharp, ...blurred]) {
    expect(p).toBeGreaterThanOrEqual(0)
    expect(p).toBeLessThanOrEqual(1 + 1e-9)
  }
  const mean = (v: Float64Array) => v.reduce((a, b) => a + b, 0) / v.length
  expect(mean(blurred)).toBeLessThan(mean(sharp))
})
