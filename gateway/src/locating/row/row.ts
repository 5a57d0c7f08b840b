/**
 * Where the tags of one shelf stand, from phase and RSSI alone. Lengths are millimetres of the rail, phases radians.
 * The antenna at x̂ sees a tag at x over hypot(x̂ − x, up, depth − towards); phase = 4π f d / c + offset(tag) + line·f.
 */
import type { RowConstants } from '../constants.ts'
import { fitLine } from './fit-line.ts'
import { linesOf } from './line.ts'
import { loudestOf, parabolaTop } from './loudness.ts'
import { RowModel } from './model.ts'
import { type Posterior, posterior } from './posterior.ts'
import { profilesOf } from './profile.ts'
import { search } from './search.ts'

/**
 * Samples of one tag on one shelf run, after bursts within 1 cm on one antenna and channel were collapsed.
 * Parallel arrays, in any order.
 */
export interface TagSamples {
  /** The antenna's x, mm of the rail. */
  x: Float64Array
  /** Index into `RowInput.antennas`. */
  antenna: Uint16Array
  pass: Uint16Array
  /** Radians, growing with distance, the channel line still in; NaN where the reader gives none. */
  phase: Float64Array
  mhz: Float64Array
  /** dBm. */
  rssi: Float64Array
  /** Reads behind the sample. */
  weight: Float64Array
}

export interface RowAntenna {
  /** Antenna above the tags' height, signed. */
  upMm: number
  /** Antenna off its rail, towards the shelf. */
  towardsMm: number
  /** Cable and reader: phase a MHz, where calibrated. null: estimated from these reads, where they can show it. */
  lineRadPerMhz: number | null
}

export interface RowInput {
  tags: TagSamples[]
  antennas: RowAntenna[]
  /** From the antennas' rail to the tags' plane; null is unknown. A nuisance either way: it is fitted. */
  depthMm: number | null
  /** No two tags stand closer than this. */
  minGapMm: number
}

/** Two tags near each other: x of `right` minus x of `left`, surer than the two sigmas allow, for much is common. */
export interface RowPair {
  left: number
  right: number
  deltaMm: number
  sigmaMm: number
}

export interface RowFit {
  /** One a tag; NaN where a tag has no sample. */
  xMm: Float64Array
  /** Infinity where x is NaN. */
  sigmaMm: Float64Array
  depthMm: number
  /** left < right in the order found, so `deltaMm` is never below 0. */
  pairs: RowPair[]
  /** Indices of the tags from left to right; those without a sample last. */
  order: Int32Array
}

/** Fits all tags of a row together, as dipoles that couple. Pure; order of tags and of samples does not matter. */
export function fitRow(input: RowInput, constants: RowConstants): RowFit {
  const c = constants
  const seen = fromLeft(input)
  if (!input.tags.some((t) => t.phase.some(Number.isFinite))) return byLoudness(input, seen, c)
  const lines = linesOf(input, c).map((line, antenna) =>
    Number.isNaN(line) ? fitLine(input, antenna, depthsOf(input, c), c) : line,
  )
  const profiles = seen.flatMap((i, tag) =>
    profilesOf(tag, input.tags[i] as TagSamples, input, lines, c),
  )
  const model = new RowModel(
    profiles,
    seen.length,
    input.antennas,
    input.depthMm,
    input.minGapMm,
    c,
  )
  const found = search(model, depthsOf(input, c), input.minGapMm, c)
  const { best, others } = found
  return answer(
    input,
    seen,
    posterior(model, best, others, c),
    best.unknowns[model.layout.depth] as number,
    c,
  )
}

/** Without any phase: each tag for itself, and nobody is sure. */
function byLoudness(input: RowInput, seen: number[], c: RowConstants): RowFit {
  const n = seen.length
  const x = Float64Array.from(seen, (i) => parabolaTop(input.tags[i] as TagSamples))
  const covariance = new Float64Array(n * n)
  for (let i = 0; i < n; i++) covariance[i * n + i] = c.loudSigmaMm ** 2
  return answer(input, seen, { x, covariance }, input.depthMm ?? c.usualDepthMm, c)
}

/** Indices of the tags that have samples, in an order that does not depend on how they are given. */
function fromLeft({ tags }: RowInput): number[] {
  const at = tags.map(loudestOf)
  return [...tags.keys()]
    .filter((i) => (tags[i] as TagSamples).x.length > 0)
    .sort((a, b) => (at[a] as number) - (at[b] as number))
}

const depthsOf = ({ depthMm }: RowInput, c: RowConstants): readonly number[] =>
  depthMm === null
    ? c.startDepthsMm
    : c.startsAboutMm.map((by) => Math.max(depthMm + by, c.depthFromMm))

function answer(
  { tags }: RowInput,
  seen: number[],
  { x, covariance }: Posterior,
  depthMm: number,
  c: RowConstants,
): RowFit {
  const n = seen.length
  const xMm = new Float64Array(tags.length).fill(Number.NaN)
  const sigmaMm = new Float64Array(tags.length).fill(Number.POSITIVE_INFINITY)
  for (const [k, i] of seen.entries()) {
    xMm[i] = x[k] as number
    sigmaMm[i] = Math.sqrt(covariance[k * n + k] as number)
  }
  const ranked = [...seen.keys()].sort((a, b) => (x[a] as number) - (x[b] as number) || a - b)
  const unseen = [...tags.keys()].filter((i) => (tags[i] as TagSamples).x.length === 0)
  const order = Int32Array.from([...ranked.map((k) => seen[k] as number), ...unseen])
  const pairs = pairsOf(ranked, x, covariance, c).map((p) => ({
    ...p,
    left: seen[p.left] as number,
    right: seen[p.right] as number,
  }))
  return { xMm, sigmaMm, depthMm, pairs, order }
}

/** Neighbours, and those beyond them within reach of coupling. */
function pairsOf(
  ranked: number[],
  x: Float64Array,
  covariance: Float64Array,
  c: RowConstants,
): RowPair[] {
  const n = ranked.length
  const of = (i: number, j: number) => covariance[i * n + j] as number
  const pairs: RowPair[] = []
  for (let a = 0; a < n; a++)
    for (let b = a + 1; b < n; b++) {
      const [left, right] = [ranked[a] as number, ranked[b] as number]
      const deltaMm = (x[right] as number) - (x[left] as number)
      if (b > a + 1 && deltaMm > c.pairMm) break
      const variance = of(left, left) + of(right, right) - 2 * of(left, right)
      pairs.push({
        left,
        right,
        deltaMm,
        sigmaMm: Math.sqrt(Math.max(variance, c.leastSigmaMm ** 2)),
      })
    }
  return pairs
}
