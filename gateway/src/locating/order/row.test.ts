import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { seeded } from '../testing.ts'
import type { Drift } from './drift.ts'
import type { LnTogether } from './neighbours.ts'
import { type Place, placeOf } from './place.ts'
import { Row, type Slot } from './row.ts'
import { readRow } from './shelf-order.ts'

const c = locatingConstants.order
const widths = [30, 20, 50, 40, 30, 30, 40]
const from = 100
const doubt = 1e-4
const inOrder = [...widths.keys()]
/** Boxes that say nothing of each other. */
const alone = () => 0

/** A box of the catalogue, or one that it does not know; and where its reads put it. */
interface Box {
  slot: number
  thicknessMm: number | null
  place: Place
}

const hill = (at: number, sigma: number, share = 1): ((x: number) => number) => {
  return (x) => (share * Math.exp(-0.5 * ((x - at) / sigma) ** 2)) / sigma
}

/** Reads that one of these hills explains, or seldom none of them. */
function placeAt(heard: number, ...hills: ((x: number) => number)[]): Place {
  const step = 5
  const curve = { from: heard - 900, step, ln: new Float64Array(361) }
  for (let i = 0; i < curve.ln.length; i++)
    curve.ln[i] = Math.log(hills.reduce((sum, h) => sum + h(curve.from + i * step), 1e-30))
  return placeOf(curve, [{ x: heard, sigma: 220, weight: doubt }])
}

/** Boxes that stand tight in this order, each read where it stands, give or take `sigma`. */
function standing(order: readonly number[], sigma: number, seed = 1): (Box & { x: number })[] {
  const random = seeded(seed)
  let edge = from
  return order.map((slot) => {
    const thicknessMm = widths[slot] as number
    edge += thicknessMm
    const x = edge - thicknessMm / 2
    const seen = x + sigma * (random() + random() + random() - 1.5)
    return { slot, thicknessMm, x, place: placeAt(seen, hill(seen, sigma)) }
  })
}

function rowOf(
  boxes: readonly Box[],
  silent: readonly number[] = [],
  lnTogether: LnTogether = alone,
  drift: Drift = () => 0,
): Row {
  const slots = widths.map(
    (thicknessMm, i): Slot => ({ thicknessMm, silent: silent.includes(i) ? c.silent : 0 }),
  )
  const board = { fromMm: from, toMm: from + 900, reach: [from, from + 900] } as const
  const row = new Row(board, slots, lnTogether, c, drift)
  const looks = boxes.map((b, box) => ({ ...b, box, look: row.lookOf(b.place, b.thicknessMm) }))
  row.shelve(looks.filter((b) => b.slot >= 0))
  for (const { box, slot, look } of looks) if (slot < 0) row.put(box, slot, look)
  row.settle()
  return row
}

function orderOf(
  boxes: readonly Box[],
  silent: readonly number[] = [],
  lnTogether?: LnTogether,
  drift?: Drift,
) {
  const found = readRow(rowOf(boxes, silent, lnTogether, drift), [...boxes.keys()])
  return { ...found, slots: [...found.order].map((i) => boxes[i]?.slot) }
}

test('a shelf in order is left in order, though its reads are blurred', () => {
  for (let seed = 1; seed < 20; seed++) {
    const { slots, moved } = orderOf(standing(inOrder, 25, seed))
    expect(slots).toEqual(inOrder)
    expect(Math.max(...moved)).toBeLessThan(0.3)
  }
})

test('a box far from its slot is found where it stands, and it alone is out of sequence', () => {
  const { slots, moved } = orderOf(standing([0, 2, 3, 4, 5, 1, 6], 8))
  expect(slots).toEqual([0, 2, 3, 4, 5, 1, 6])
  expect([...moved].map((p) => p > 0.9)).toEqual([false, false, false, false, false, true, false])
})

test('a box that stands in the middle of a wide hole is weighed there', () => {
  const [inHole, slot] = [2, 4]
  const rest = standing([0, 1, 2, 3, 5, 6], 0).map((b, k) => {
    const x = k < inHole ? b.x : b.x + 500
    return { ...b, x, place: placeAt(x, hill(x, 18)) }
  })
  const home = (rest[3]?.x ?? 0) + 40
  const here = (rest[inHole - 1]?.x ?? 0) + 250
  const place = placeAt(here, hill(here, 18), hill(home, 18, 0.02))
  const row = rowOf([...rest, { slot, thicknessMm: widths[slot] as number, place }])
  const { ln } = row.optionsOf(row.items.findIndex((it) => it.slot === slot))
  // Between the first two and the rest.
  expect(ln[inHole]).toBeGreaterThan(Number.NEGATIVE_INFINITY)
})

test('two boxes exchanged over others are both out of sequence', () => {
  const { slots, moved } = orderOf(standing([0, 5, 2, 3, 4, 1, 6], 6))
  expect(slots).toEqual([0, 5, 2, 3, 4, 1, 6])
  expect([moved[1], moved[5]].every((p) => (p ?? 0) > 0.9)).toBe(true)
})

test('neighbours exchanged: neither stands in its slot', () => {
  const { slots, moved } = orderOf(standing([0, 1, 3, 2, 4, 5, 6], 4))
  expect(slots).toEqual([0, 1, 3, 2, 4, 5, 6])
  expect(moved[2]).toBeGreaterThan(0.9)
  expect(moved[3]).toBeCloseTo(moved[2] ?? 0, 9)
})

test('a silent box keeps its room', () => {
  const all = standing(inOrder, 6)
  const { x } = orderOf(
    all.filter((b) => b.slot !== 2),
    [2],
  )
  expect(Math.abs((x[2] ?? 0) - (all[3]?.x ?? 0))).toBeLessThan(12)
})

test('of two hills the one that suits the neighbours wins', () => {
  const boxes = standing(inOrder, 8)
  const box = boxes[3] as (typeof boxes)[number]
  box.place = placeAt(box.x, hill(box.x - 90, 8, 0.7), hill(box.x, 8, 0.3))
  const { slots, x } = orderOf(boxes)
  expect(slots).toEqual(inOrder)
  expect(Math.abs((x[3] ?? 0) - box.x)).toBeLessThan(12)
})

test('probabilities of ranks are probabilities, and blur lowers them', () => {
  const sharp = orderOf(standing(inOrder, 5)).rank
  const blurred = orderOf(standing(inOrder, 60)).rank
  for (const p of [...sharp, ...blurred]) {
    expect(p).toBeGreaterThanOrEqual(0)
    expect(p).toBeLessThanOrEqual(1 + 1e-9)
  }
  const mean = (v: Float64Array) => v.reduce((a, b) => a + b, 0) / v.length
  expect(mean(blurred)).toBeLessThan(mean(sharp))
})

test('doubt about the reads of a box is dearer than that it was moved, where they fit well and far away', () => {
  const boxes = standing(inOrder, 6)
  const first = boxes[0] as (typeof boxes)[number]
  const [slot, end] = [first.x, boxes.at(-1)?.x ?? 0]
  const movedTo = (x: number) => {
    first.place = placeAt(x, hill(x, 6))
    return orderOf(boxes).moved[0] ?? 0
  }
  expect(movedTo(slot)).toBeLessThan(0.01)
  expect(movedTo(end + 35)).toBeGreaterThan(0.85)
})

test('a box that no catalogue knows is likelier where there is room for it', () => {
  const withHole = standing(inOrder, 6)
  const at = (withHole[3]?.x ?? 0) - 40
  const place = placeAt(at, hill(at, 10))
  const lnWith = (boxes: readonly Box[]) => {
    const row = rowOf(boxes)
    return row.lnWith(-1, row.lookOf(place, null))
  }
  const tight = lnWith(withHole)
  for (const b of withHole.slice(3)) b.place = placeAt(b.x + 35, hill(b.x + 35, 6))
  expect(lnWith(withHole)).toBeGreaterThan(tight + 2)
})

test('with a box and without: both ways say the same of it', () => {
  const boxes = standing(inOrder, 12)
  const all = rowOf(boxes)
  const here = all.lnHere(4)
  const rest = rowOf(boxes)
  rest.take(4)
  const { slot, place, thicknessMm } = boxes[4] as Box
  expect(rest.lnWith(slot, rest.lookOf(place, thicknessMm))).toBeCloseTo(here, 1)
})

test('a row stands left of where its board ends', () => {
  const boxes = standing(inOrder, 60)
  const slots = widths.map((thicknessMm): Slot => ({ thicknessMm, silent: 0 }))
  const to = from + widths.reduce((a, b) => a + b)
  const row = new Row({ fromMm: null, toMm: to, reach: [from - 500, to] }, slots, alone, c)
  row.shelve(
    boxes.map((b, box) => ({
      ...b,
      box,
      look: row.lookOf(placeAt(b.x + 60, hill(b.x + 60, 60)), b.thicknessMm),
    })),
  )
  const { x } = readRow(row, inOrder)
  expect((x[6] ?? 0) + 20).toBeLessThan(to + 3 * c.endMm)
  expect([...x]).toEqual([...x].sort((a, b) => a - b))
})

test('two boxes that changed places are found by how well they go together, where their places tell nothing', () => {
  const boxes = standing([0, 1, 2, 4, 3, 5, 6], 60)
  expect(orderOf(boxes).slots).toEqual(inOrder)
  const true4 = boxes.findIndex((b) => b.slot === 4)
  const true3 = boxes.findIndex((b) => b.slot === 3)
  const asSeen: LnTogether = (boxes) =>
    boxes.some((b, i) => b.box === true4 && boxes[i + 1]?.box === true3) ? 12 : 0
  expect(orderOf(boxes, [], asSeen).slots).toEqual([0, 1, 2, 4, 3, 5, 6])
})

test('a box is laid beside the neighbours of another gap where it would stand there', () => {
  const boxes = standing(inOrder, 0).map((b) => ({ ...b, place: placeAt(b.x, hill(b.x, 45)) }))
  const asked = new Map<string, number>()
  const row = rowOf(boxes, [], (side, _, at) => {
    asked.set(side.map((b) => b.box).join(), at)
    return 0
  })
  row.optionsOf(3)
  const leftOf = (n: number) => widths.slice(0, n).reduce((a, b) => a + b, from)
  expect(Math.abs((asked.get('2,3,4') ?? 0) - leftOf(3))).toBeLessThan(12)
  expect(Math.abs((asked.get('4,3,5') ?? 0) - leftOf(3) - (widths[4] ?? 0))).toBeLessThan(12)
  expect(Math.abs((asked.get('1,3,2') ?? 0) - leftOf(2))).toBeLessThan(12)
})

test('reads that drift tell it, and with it known boxes are told where they stand', () => {
  const boxes = standing(inOrder, 10)
  for (const b of boxes) b.place = placeAt(b.x + 25, hill(b.x + 25, 10))
  const pulls = rowOf(boxes).pulls(c)
  expect(pulls.length).toBe(boxes.length)
  // Seven boxes are few: all of them may stand behind a hole as well.
  const mean = pulls.reduce((sum, p) => sum + p.byMm, 0) / pulls.length
  expect(mean).toBeGreaterThan(4)
  expect(mean).toBeLessThan(30)
  const { x } = orderOf(boxes, [], alone, () => 25)
  for (const [i, b] of boxes.entries()) expect(Math.abs((x[i] ?? 0) - b.x)).toBeLessThan(6)
})

test('a catalogue with more boxes than the board has room for still has an order', () => {
  const boxes = standing(inOrder, 10)
  const slots = widths.map((thicknessMm): Slot => ({ thicknessMm, silent: 0 }))
  const board = { fromMm: from, toMm: from + 100, reach: [from, from + 100] } as const
  const row = new Row(board, slots, alone, c)
  row.shelve(boxes.map((b, box) => ({ ...b, box, look: row.lookOf(b.place, b.thicknessMm) })))
  row.settle()
  const { order, x } = readRow(row, inOrder)
  expect([...order]).toEqual(inOrder)
  expect(x.every(Number.isFinite)).toBe(true)
})

test('a tag that was heard kilometres away breaks no row', () => {
  const boxes = standing(inOrder, 10)
  const lost = boxes[3] as (typeof boxes)[number]
  lost.place = placeAt(2e6, hill(2e6, 10))
  const { x, rank } = orderOf(boxes)
  expect([...x, ...rank].every(Number.isFinite)).toBe(true)
})

test('without those printed out of sequence a row is in sequence, and one in sequence has none of them', () => {
  let told = 0
  for (let seed = 1; seed <= 30; seed++) {
    const boxes = standing([0, 1, 3, 2, 4, 5, 6], 14, seed)
    const { slots, order, out: printed } = orderOf(boxes)
    const out = [...order].map((i) => printed[i] === 1)
    const rest = slots.filter((_, k) => !out[k])
    expect(rest).toEqual(rest.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    expect(out.some(Boolean)).toBe(slots.join() !== inOrder.join())
    if (out.some(Boolean)) told++
  }
  expect(told).toBeGreaterThan(0)
  expect(told).toBeLessThan(30)
})

test('a box goes with those on a board where its neighbours’ reads say so, and only there', () => {
  const boxes = standing([0, 1, 2, 4, 5, 6], 6)
  const goes = boxes[2]?.x ?? 0
  const place = placeAt(goes + 20, hill(goes + 20, 30))
  const asSeen: LnTogether = (side) => (side[0]?.box === 2 && side[1]?.box === 99 ? 5 : -2)
  const row = rowOf(boxes, [], asSeen)
  const going = row.lnGoing(99, -1, row.lookOf(place, 30))
  expect(going).toBeGreaterThan(2)
  expect(going).toBeLessThan(5)
  const nobodys = rowOf(boxes, [], () => -2)
  expect(nobodys.lnGoing(99, -1, nobodys.lookOf(place, 30))).toBeCloseTo(-2, 6)
})
