/** Somebody or something in the way for a stretch of the walk: reads come in two states, good and bad (locating 3). */
import type { Rng } from '../rng.ts'
import { between, type Range } from './range.ts'

export interface ShadowRanges {
  /** Mean length of a stretch with a free view, and of one without. */
  readonly freeMm: Range
  readonly hiddenMm: Range
  /** Loss one way while something is in the way. */
  readonly lossDb: Range
}

interface Stretch {
  readonly fromMm: number
  readonly toMm: number
  readonly lossDb: number
  /** Antennas below this height are hidden: a trolley hides the lower ones, a person all. */
  readonly belowMm: number
}

const heightsMm: Range = [600, 2600]

/** Loss by x of the cart and height of the antenna, for one pass. */
export function drawShadow(
  ranges: ShadowRanges,
  track: readonly [number, number],
  rng: Rng,
): (xMm: number, heightMm: number) => number {
  const free = between(rng, ranges.freeMm)
  const hidden = between(rng, ranges.hiddenMm)
  const lasts = (mean: number) => -mean * Math.log(1 - rng.float())
  const stretches: Stretch[] = []
  for (let at = track[0] + lasts(free); at < track[1]; at += lasts(free)) {
    const toMm = at + lasts(hidden)
    const lossDb = between(rng, ranges.lossDb)
    stretches.push({ fromMm: at, toMm, lossDb, belowMm: between(rng, heightsMm) })
    at = toMm
  }
  return (xMm, heightMm) =>
    stretches.find((s) => xMm >= s.fromMm && xMm < s.toMm && heightMm < s.belowMm)?.lossDb ?? 0
}
