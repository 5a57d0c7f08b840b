/** A device's own clock: off by an offset when the walk begins, and drifting. */
import type { Rng } from '../rng.ts'
import { between, type Range } from './range.ts'

export interface ClockRanges {
  /** Left over after the devices were set, either sign. */
  readonly offsetMs: Range
  readonly driftPpm: Range
}

/** What this clock shows at a true time, whole microseconds. */
export type DeviceClock = (trueUs: number) => number

const signed = (rng: Rng, range: Range) => between(rng, range) * (rng.chance(0.5) ? 1 : -1)

export function drawClock(ranges: ClockRanges, originUs: number, rng: Rng): DeviceClock {
  const offsetUs = 1000 * signed(rng, ranges.offsetMs)
  const drift = signed(rng, ranges.driftPpm) / 1e6
  return (trueUs) => Math.round(originUs + offsetUs + trueUs * (1 + drift))
}
