import { hours, type Millis, minutes, seconds } from '@lantai/contracts'

export const idleLimit = minutes(30)
export const absoluteLimit = hours(12)
/** A browser that signed in so long ago is a stranger again. */
export const knownFor = hours(24 * 180)
const freeTries = 3
const lockAfter = 10
const lockFor = minutes(15)

export interface SessionTimes {
  createdAt: Date
  lastUsedAt: Date
}

/** When a session ends by itself: unused, and at the latest. */
export const limitsOf = (s: SessionTimes): { idleUntil: Date; until: Date } => {
  const until = s.createdAt.getTime() + absoluteLimit
  return {
    idleUntil: new Date(Math.min(s.lastUsedAt.getTime() + idleLimit, until)),
    until: new Date(until),
  }
}

export const isOver = (s: SessionTimes, now: Date): boolean => now >= limitsOf(s).idleUntil

/**
 * What the n-th failure in a row costs: nothing at first, then waits that double up to a minute, then a lock.
 * Counted per account whether or not it exists, so that a stranger learns nothing from it.
 */
export function penalty(failures: number): { wait: Millis; locked: boolean } {
  if (failures >= lockAfter) return { wait: lockFor, locked: true }
  if (failures <= freeTries) return { wait: seconds(0), locked: false }
  return { wait: seconds(Math.min(2 ** (failures - freeTries - 1), 60)), locked: false }
}
