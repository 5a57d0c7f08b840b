import { factor, solveFactored } from '../cholesky.ts'
import type { OrderConstants } from '../constants.ts'
import { numbers } from '../scratch.ts'
import type { Ends } from './board.ts'
import { advance, type Grid, moveOf } from './gaps.ts'
import { type Item, type Scaled, sumsOf, type Width } from './sums.ts'

type DriftConstants = OrderConstants['drift']

/** How far reads lie right of where their boxes stand, by place; mm. */
export type Drift = (x: number) => number

/** The same as one box has it: `byMm`, and how sure that is in mm⁻². */
export interface Pull {
  x: number
  byMm: number
  precision: number
}

/** Reads as if every box had a drift of its own: so that rows do not follow their reads where all of them drift. */
function blurred(reads: Float64Array, step: number, mm: number): Float64Array {
  const keep = Math.exp((-Math.SQRT2 * step) / mm)
  const out = reads.slice()
  for (let e = 1; e < out.length; e++)
    out[e] = keep * (out[e - 1] as number) + (1 - keep) * (out[e] as number)
  for (let e = out.length - 2; e >= 0; e--)
    out[e] = keep * (out[e + 1] as number) + (1 - keep) * (out[e] as number)
  return out
}

/** What the reads of one box say of the drift; where it stands is told by its neighbours and the widths. */
function pullOf(
  { thicknessMm, weight, move, reads }: Width,
  left: Scaled,
  right: Scaled,
  { from, step, n }: Grid,
  c: DriftConstants,
): Pull[] {
  if (!reads) return []
  const edges = numbers(n)
  const { first: begin, last: end } = right
  advance(left, move, weight, edges, begin, end)
  let [all, middle] = [0, 0]
  for (let e = begin; e <= end; e++) {
    edges[e] = (edges[e] as number) * (right.density[e] as number)
    all += edges[e] as number
    middle += e * (edges[e] as number)
  }
  const reach = Math.round(c.reachMm / step)
  let [sum, first, second] = [0, 0, 0]
  for (let by = -reach; by <= reach; by++) {
    let fit = 0
    const last = Math.min(end, n - 1 - by)
    for (let e = Math.max(begin, -by); e <= last; e++)
      fit += (edges[e] as number) * (reads[e + by] as number)
    const w = fit * Math.exp(-0.5 * ((by * step) / c.priorMm) ** 2)
    sum += w
    first += w * by * step
    second += w * (by * step) ** 2
  }
  const mean = first / sum
  const variance = second / sum - mean * mean + (step * step) / 12
  const precision = 1 / variance - 1 / c.priorMm ** 2
  const x = from + (middle / all) * step - thicknessMm / 2
  return precision > c.leastPrecision ? [{ x, byMm: mean / variance / precision, precision }] : []
}

/** Which way the reads of the boxes in sequence pull from where they stand, were they packed as `c` has it. */
export function pullsOf(
  items: readonly Item[],
  { grid, start, end }: Ends,
  c: OrderConstants,
): Pull[] {
  const packed = items.map(({ look, ...item }): Item => {
    const widths = look.widths.map((w) => ({ ...w, move: moveOf(w.thicknessMm, c) }))
    return { ...item, look: { ...look, widths } }
  })
  const blur = ({ reads, ...w }: Width): Width => ({
    ...w,
    reads: reads && blurred(reads, grid.step, c.drift.priorMm),
  })
  const loose = packed.map(({ look, ...item }): Item => {
    return { ...item, look: { ...look, widths: look.widths.map(blur) } }
  })
  const { left, right } = sumsOf(loose, start, end)
  return packed.flatMap(({ box, inSequence, look: { widths } }, k) => {
    const [width] = widths
    if (box < 0 || !inSequence || !width) return []
    return pullOf(width, left[k] as Scaled, right[k + 1] as Scaled, grid, c.drift)
  })
}

/**
 * Drift of every shelf: the track is off for all of them alike, steel bends what is read of each. Both are smooth, so
 * that a place is told by what its surroundings pull (regression by Gaussian processes).
 */
export function driftsOf(pulls: readonly (readonly Pull[])[], c: DriftConstants): Drift[] {
  const all = pulls.flatMap((mine, shelf) => mine.map((p) => ({ ...p, shelf })))
  const n = all.length
  const m = new Float64Array(n * n)
  for (const [i, a] of all.entries())
    for (let j = 0; j <= i; j++) {
      const b = all[j] as (typeof all)[number]
      const apart = Math.abs(a.x - b.x)
      const own = a.shelf === b.shelf ? ofShelf(apart, c) : 0
      m[i * n + j] = ofTrack(apart, c) + own + (i === j ? 1 / a.precision : 0)
    }
  const weight = Float64Array.from(all, (p) => p.byMm)
  factor(m, n)
  solveFactored(m, n, weight)
  const weighed = all.map((p, i) => ({ ...p, weight: weight[i] as number }))
  const track = between(all, c.cellMm, (x) => sumOf(weighed, x, ofTrack, c))
  return pulls.map((_, shelf) => {
    const mine = weighed.filter((p) => p.shelf === shelf)
    const own = between(all, c.cellMm, (x) => sumOf(mine, x, ofShelf, c))
    return (x) => track(x) + own(x)
  })
}

/** Covariance of the drifts of two places so far apart, mm²: of the track, and of one shelf. */
const ofTrack = (apart: number, c: DriftConstants): number =>
  c.trackMm ** 2 * Math.exp(-apart / c.trackLengthMm)
const ofShelf = (apart: number, c: DriftConstants): number =>
  c.shelfMm ** 2 * Math.exp(-apart / c.shelfLengthMm)

function sumOf(
  pulls: readonly (Pull & { weight: number })[],
  x: number,
  covariance: typeof ofTrack,
  c: DriftConstants,
): number {
  let sum = 0
  for (const p of pulls) sum += p.weight * covariance(Math.abs(x - p.x), c)
  return sum
}

/** The same, linear between places of a cell's width, and beyond the last of them as there. */
function between(all: readonly Pull[], cellMm: number, drift: Drift): Drift {
  if (all.length === 0) return () => 0
  const from = all.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY)
  const to = all.reduce((most, { x }) => Math.max(most, x), from)
  const nodes = Float64Array.from({ length: Math.ceil((to - from) / cellMm) + 2 }, (_, i) =>
    drift(from + i * cellMm),
  )
  return (x) => {
    const u = Math.max(0, Math.min(nodes.length - 2, (x - from) / cellMm))
    const i = Math.floor(u)
    const [left = 0, right = left] = [nodes[i], nodes[i + 1]]
    return left + (u - i) * (right - left)
  }
}
