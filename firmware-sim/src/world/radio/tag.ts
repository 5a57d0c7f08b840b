/** One tag in the air. What it is bound to, and whether it stands where it should, the air does not know. */
import type { Rng } from '../rng.ts'
import { channelsMHz } from './band.ts'
import type { Point } from './geometry.ts'
import { between, type Range } from './range.ts'

export interface AirTag {
  readonly epc: string
  readonly at: Point
  /** It moves with the cart (a box on it, a tag in a pocket): x counts from the cart's point. */
  readonly rides: boolean
  /** One way, on top of free space: full box behind it, polarisation, steel before it, a bent antenna. */
  readonly lossDb: number
  /** Power it needs to answer. */
  readonly thresholdDbm: number
  readonly dead: boolean
  readonly phaseRad: number
  /** Beyond the line of the cable, channel by channel: 0.03 rad rms (locating 3). */
  readonly channelRad: readonly number[]
}

export interface TagRanges {
  readonly lossDb: Range
  /** −18 to −22 dBm. */
  readonly thresholdDbm: Range
}

const channelRmsRad = 0.03

/** A live tag; `over` says what is different about this one. */
export function drawTag(
  epc: string,
  at: Point,
  ranges: TagRanges,
  rng: Rng,
  over: Partial<AirTag> = {},
): AirTag {
  return {
    epc,
    at,
    rides: false,
    lossDb: between(rng, ranges.lossDb),
    thresholdDbm: between(rng, ranges.thresholdDbm),
    dead: false,
    phaseRad: 2 * Math.PI * rng.float(),
    channelRad: channelsMHz.map(() => channelRmsRad * rng.normal()),
    ...over,
  }
}
