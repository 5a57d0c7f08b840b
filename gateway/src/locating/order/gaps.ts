import type { OrderConstants } from '../constants.ts'

/** Places along one board, `step` mm apart. */
export interface Grid {
  from: number
  step: number
  n: number
}

/**
 * How far the right edge moves past one box: its thickness and a slack, and with a small chance a hole, whose width
 * falls off exponentially. In steps of the grid.
 */
export interface Move {
  first: number
  taps: Float64Array
  /** Holes begin here; share of all, and what is left of them a step further. */
  holeFrom: number
  hole: number
  decay: number
}

/** Boxes are of a few thicknesses, and rows ask for them again and again. */
const known = new WeakMap<OrderConstants, Map<number, Move>>()

export function moveOf(thicknessMm: number, c: OrderConstants): Move {
  const mine = known.get(c) ?? new Map<number, Move>()
  const move = mine.get(thicknessMm) ?? movePast(thicknessMm, c)
  known.set(c, mine.set(thicknessMm, move))
  return move
}

function movePast(thicknessMm: number, c: OrderConstants): Move {
  const step = c.placeMm
  const middle = (thicknessMm + c.tightMm) / step
  const reach = (2.5 * Math.max(c.slackMm, c.looseMm)) / step
  const first = Math.floor(Math.max(thicknessMm / 2 / step, middle - reach))
  const taps = new Float64Array(Math.ceil(middle + reach) - first + 1)
  const hill = (off: number, mm: number) => Math.exp(-0.5 * ((off * step) / mm) ** 2) / mm
  // Between two places it is shared by both, so that the mean is kept.
  for (let at = first; at <= first + taps.length - 1.25; at += 0.25) {
    const off = at - middle
    const p = (1 - c.looseShare) * hill(off, c.slackMm) + c.looseShare * hill(off, c.looseMm)
    const j = Math.floor(at) - first
    const right = at - first - j
    taps[j] = (taps[j] as number) + (1 - right) * p
    taps[j + 1] = (taps[j + 1] as number) + right * p
  }
  const all = taps.reduce((a, b) => a + b)
  return {
    first,
    taps: taps.map((t) => ((1 - c.hole) * t) / all),
    holeFrom: Math.round((thicknessMm + c.leastHoleMm) / step),
    hole: c.hole,
    decay: Math.exp(-step / c.holeMm),
  }
}

/** A density over the places of a grid; before `first` and after `last` there is next to nothing of it. */
export interface Span {
  density: Float64Array
  first: number
  last: number
}

/** So little, of a density whose greatest is 1, that sums do without it. */
const sliver = 1e-12

/** All of a density but slivers at its ends; nothing of it is before `from` or after `to`. */
export function spanOf(density: Float64Array, from = 0, to = density.length - 1): Span {
  let [first, last] = [from, to]
  while (first < last && (density[first] as number) < sliver) first++
  while (last > first && (density[last] as number) < sliver) last--
  return { density, first, last }
}

/** Four places from `e` on, in reach of all taps: one sum alone waits for each of its terms. */
function addFour(
  density: Float64Array,
  at: number,
  step: 1 | -1,
  taps: Float64Array,
  weight: number,
  into: Float64Array,
  e: number,
) {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let j = 0, d = at; j < taps.length; j++, d += step) {
    const tap = taps[j] as number
    s0 += tap * (density[d] as number)
    s1 += tap * (density[d + 1] as number)
    s2 += tap * (density[d + 2] as number)
    s3 += tap * (density[d + 3] as number)
  }
  into[e] = (into[e] as number) + weight * s0
  into[e + 1] = (into[e + 1] as number) + weight * s1
  into[e + 2] = (into[e + 2] as number) + weight * s2
  into[e + 3] = (into[e + 3] as number) + weight * s3
}

/** Adds `weight` times the density of right edges after this move, at the places from `from` to `to`. */
export function advance(
  { density, first, last }: Span,
  { first: by, taps, holeFrom, hole, decay }: Move,
  weight: number,
  into: Float64Array,
  from = 0,
  to = into.length - 1,
) {
  const end = Math.min(to, last + by + taps.length - 1)
  const whole = first + by + taps.length - 1
  for (let e = Math.max(from, first + by); e <= end; e++) {
    const at = e - by
    if (e >= whole && e + 3 <= end && at + 3 <= last) {
      addFour(density, at, -1, taps, weight, into, e)
      e += 3
      continue
    }
    const most = Math.min(taps.length - 1, at - first)
    let sum = 0
    for (let j = Math.max(0, at - last); j <= most; j++)
      sum += (taps[j] as number) * (density[at - j] as number)
    into[e] = (into[e] as number) + weight * sum
  }
  const fresh = weight * hole * (1 - decay)
  let tail = 0
  for (let e = first + holeFrom; e <= to; e++) {
    tail *= decay
    if (e - holeFrom <= last) tail += fresh * (density[e - holeFrom] as number)
    if (e >= from) into[e] = (into[e] as number) + tail
  }
}

/** The same the other way: what is known of the edge after the move, brought to the edge before it. */
export function retreat(
  { density, first, last }: Span,
  { first: by, taps, holeFrom, hole, decay }: Move,
  weight: number,
  into: Float64Array,
) {
  const whole = last - by - taps.length + 1
  for (let e = Math.max(0, first - by - taps.length + 1); e <= last - by; e++) {
    const at = e + by
    if (at >= first && e + 3 <= whole) {
      addFour(density, at, 1, taps, weight, into, e)
      e += 3
      continue
    }
    const most = Math.min(taps.length - 1, last - at)
    let sum = 0
    for (let j = Math.max(0, first - at); j <= most; j++)
      sum += (taps[j] as number) * (density[at + j] as number)
    into[e] = (into[e] as number) + weight * sum
  }
  const fresh = weight * hole * (1 - decay)
  let tail = 0
  for (let e = last - holeFrom; e >= 0; e--) {
    tail *= decay
    if (e + holeFrom >= first) tail += fresh * (density[e + holeFrom] as number)
    into[e] = (into[e] as number) + tail
  }
}
