import type { OdometerConstants } from './constants.ts'

/** A place whose x is known: at `x` of the rail the odometer said `x − offset`, give or take `sigma`. */
export interface Mark {
  /** As the odometer has it. */
  odometer: number
  /** True x minus the odometer's. */
  offset: number
  sigma: number
}

/** Piecewise-linear: offset to add to what the odometer says; beyond the outer knots it goes on at the pass's scale. */
export interface Correction {
  knots: Float64Array
  offsets: Float64Array
  /** Millimetres of offset per millimetre walked. */
  scale: number
}

const median = (values: number[]): number => {
  values.sort((a, b) => a - b)
  const h = values.length >> 1
  return values.length % 2 === 1
    ? (values[h] as number)
    : ((values[h - 1] as number) + (values[h] as number)) / 2
}

interface Knot {
  at: number
  offset: number
  variance: number
}

/** Marks within a hand's breadth of each other (shelf tags of one upright) become one knot; a wild one has no say. */
function knotsOf(marks: readonly Mark[], c: OdometerConstants): Knot[] {
  const sorted = marks.toSorted((a, b) => a.odometer - b.odometer)
  const knots: Knot[] = []
  for (let i = 0; i < sorted.length; ) {
    const first = sorted[i] as Mark
    let j = i
    while (j < sorted.length && (sorted[j] as Mark).odometer - first.odometer < c.knotMm) j++
    knots.push(knotOf(sorted.slice(i, j), c))
    i = j
  }
  return knots
}

function knotOf(marks: readonly Mark[], c: OdometerConstants): Knot {
  const middle = median(marks.map((m) => m.offset))
  const kept = marks.filter((m) => Math.abs(m.offset - middle) <= c.wildMm)
  let weight = 0
  let offset = 0
  let at = 0
  for (const m of kept.length > 0 ? kept : marks) {
    const w = 1 / m.sigma ** 2
    weight += w
    offset += w * m.offset
    at += w * m.odometer
  }
  // Shelf tags of one upright share multipath and the odometer's own trembling: never surer than the floor.
  return { at: at / weight, offset: offset / weight, variance: 1 / weight + c.floorMm ** 2 }
}

/** Scale of the pass: weighted slope of the offsets, drawn to 0 by what odometers err. */
function scaleOf(knots: readonly Knot[], c: OdometerConstants): number {
  const weight = knots.reduce((s, k) => s + 1 / k.variance, 0)
  const at = knots.reduce((s, k) => s + k.at / k.variance, 0) / weight
  const offset = knots.reduce((s, k) => s + k.offset / k.variance, 0) / weight
  let over = 0
  let under = 1 / c.scaleSigma ** 2
  for (const k of knots) {
    over += ((k.at - at) * (k.offset - offset)) / k.variance
    under += (k.at - at) ** 2 / k.variance
  }
  return over / under
}

/** Offsets as a walk of slips about the scale: Kalman forth and Rauch–Tung–Striebel back. */
function smooth(knots: readonly Knot[], scale: number, c: OdometerConstants): Float64Array {
  const n = knots.length
  const mean = new Float64Array(n)
  const variance = new Float64Array(n)
  const ahead = new Float64Array(n)
  const aheadVariance = new Float64Array(n)
  for (const [i, k] of knots.entries()) {
    const before = knots[i - 1]
    const walked = before ? k.at - before.at : 0
    ahead[i] = before ? (mean[i - 1] as number) + scale * walked : k.offset
    aheadVariance[i] = before
      ? (variance[i - 1] as number) + c.slipMm2PerMm * walked
      : c.startMm ** 2
    const gain = (aheadVariance[i] as number) / ((aheadVariance[i] as number) + k.variance)
    mean[i] = (ahead[i] as number) + gain * (k.offset - (ahead[i] as number))
    variance[i] = (1 - gain) * (aheadVariance[i] as number)
  }
  for (let i = n - 2; i >= 0; i--) {
    const gain = (variance[i] as number) / (aheadVariance[i + 1] as number)
    mean[i] = (mean[i] as number) + gain * ((mean[i + 1] as number) - (ahead[i + 1] as number))
  }
  return mean
}

/** What to add to the odometer of one pass. No marks: nothing. */
export function correctionOf(marks: readonly Mark[], c: OdometerConstants): Correction {
  if (marks.length === 0)
    return { knots: new Float64Array(0), offsets: new Float64Array(0), scale: 0 }
  const knots = knotsOf(marks, c)
  const scale = scaleOf(knots, c)
  return {
    knots: Float64Array.from(knots, (k) => k.at),
    offsets: smooth(knots, scale, c),
    scale,
  }
}

/** The odometer's x as x of the rail. */
export function corrected(x: number, { knots, offsets, scale }: Correction): number {
  const last = knots.length - 1
  if (last < 0) return x
  const first = knots[0] as number
  const end = knots[last] as number
  if (x <= first) return x + (offsets[0] as number) + scale * (x - first)
  if (x >= end) return x + (offsets[last] as number) + scale * (x - end)
  let i = 0
  while ((knots[i + 1] as number) < x) i++
  const from = knots[i] as number
  const share = (x - from) / ((knots[i + 1] as number) - from)
  return x + (offsets[i] as number) + share * ((offsets[i + 1] as number) - (offsets[i] as number))
}
