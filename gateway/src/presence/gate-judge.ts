import { gate } from './constants.ts'
import { pair, single } from './gate-weights.ts'
import type { Heard } from './walk.ts'
import { walkFeatures } from './walk-features.ts'

export type Direction = 'out' | 'in' | 'unknown'

/** What a walk was, as far as its reads tell. */
export interface Verdict {
  /** Probability that the tag was carried through at all. */
  passage: number
  /** Probability that it went out, if it was. */
  out: number
}

/** @param both whether both antennas of this gate are known to hear tags: only then does silence of one mean anything */
export function judgeWalk(reads: readonly Heard[], both: boolean): Verdict {
  const known = reads.filter((r) => r.antenna === 1 || r.antenna === 2)
  // Other antennas say that something was heard, and not where.
  if (known.length === 0) return { passage: 0.5, out: 0.5 }
  const { passage, toward } = walkFeatures(known)
  const weights = both ? pair : single
  const likely = chance(weights.passage, passage)
  // A few strong reads are too little to say that it was nothing.
  const least = known.length <= gate.few && known.some(isNear) ? gate.doubt : 0
  return { passage: Math.max(least, likely), out: chance(weights.toward, toward) }
}

const isNear = (r: Heard): boolean => r.rssiDbm === null || r.rssiDbm >= gate.nearDbm

/** Unknown is said where neither direction is proven. */
export function directionOf({ out }: Verdict, proven: number = gate.proven): Direction {
  if (out >= proven) return 'out'
  return out <= 1 - proven ? 'in' : 'unknown'
}

const chance = (weights: readonly number[], features: readonly number[]): number =>
  1 / (1 + Math.exp(-weights.reduce((sum, w, i) => sum + w * (features[i] ?? 0), 0)))
