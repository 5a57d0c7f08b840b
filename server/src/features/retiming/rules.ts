/** Which wall times of a gateway are in doubt, and by which of its clock's pairs they are corrected (rule G7). Pure. */
import type { ClockQuality, Lane } from '@lantai/contracts'

/** Wall clocks that are good enough to correct by; a pair of the first goes before one of the second. */
export type GoodClock = 'synced' | 'holdover'

/** The wall and the monotonic clock of one boot, read together while the wall clock was good. */
export interface Pair {
  boot: string
  clock: GoodClock
  /** Microseconds since the boot. */
  mono: number
  wall: Date
}
export interface Stamp {
  boot: string
  mono: number
  at: Date
  clock: ClockQuality
}

export const isDoubtful = ({ clock }: Pick<Stamp, 'clock'>): boolean =>
  clock === 'unsynced' || clock === 'suspect'

/** One pair in ten minutes: in that time a bad crystal goes wrong by 30 ms. */
const bucketUs = 600_000_000
export const bucketOf = (mono: number): number => Math.floor(mono / bucketUs)

/**
 * Pairs of a batch, the first of each boot, quality and bucket. Readings give none: before contract 4 their two times were a
 * packing interval apart.
 */
export function pairsOf(lane: Lane, stamps: readonly Stamp[]): Pair[] {
  if (lane === 'telemetry') return []
  const pairs = new Map<string, Pair>()
  for (const { clock, boot, mono, at } of stamps) {
    const key = `${boot}/${clock}/${bucketOf(mono)}`
    if (isGood(clock) && !pairs.has(key)) pairs.set(key, { boot, clock, mono, wall: at })
  }
  return [...pairs.values()]
}
const isGood = (clock: ClockQuality): clock is GoodClock =>
  clock === 'synced' || clock === 'holdover'
