import { gate } from './constants.ts'

/** A walk of another tag, as far as it has been judged. */
export interface Neighbour {
  from: number
  to: number
  /** Probability that it passed. */
  passage: number
}

/**
 * Boxes of one pile go the same way. How much the others that were carried at the same time speak for a passage
 * (positive) or against it, in log odds: each alone little, all together no more than a clear reading of the tag itself.
 */
export function companyOf(from: number, to: number, others: readonly Neighbour[]): number {
  let sum = 0
  for (const o of others) {
    // What lies or lingers there for long is in nobody's pile.
    if (o.to - o.from > gate.longestMs) continue
    const shared = Math.min(to, o.to) - Math.max(from, o.from)
    if (shared < gate.sharedWalk * Math.max(to - from, (o.to - o.from) * gate.sharedWalk)) continue
    sum += Math.max(-1, Math.min(1, logit(o.passage) / gate.clearOdds))
  }
  return gate.companyWeight * Math.max(-gate.companyMost, Math.min(gate.companyMost, sum))
}

export const logit = (p: number): number => Math.log(p / (1 - p))
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
