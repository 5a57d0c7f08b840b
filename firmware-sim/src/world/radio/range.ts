/** A parameter that no scene file fixes: it is drawn between its ends (locating 3). */
import type { Rng } from '../rng.ts'

export type Range = readonly [low: number, high: number]

export const between = (rng: Rng, [low, high]: Range): number => low + (high - low) * rng.float()

/** A whole number of the range, both ends included. */
export const wholeBetween = (rng: Rng, [low, high]: Range): number => rng.int(low, high)

/** Happens with a chance that is itself drawn from the range. */
export const chanceWithin = (rng: Rng, range: Range): boolean => rng.chance(between(rng, range))
