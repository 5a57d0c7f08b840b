import type { Rig } from '../rig.ts'
import type { Seeded } from '../seeded.ts'
import type { Taped } from '../tape.ts'
import type { Told } from './told.ts'

/** A driver is back within this of the peer's own return (G5). */
export const backWithinMs = 10_000

export interface CheckContext {
  readonly rig: Rig
  readonly rng: Seeded
  readonly told: Told
  /** Tests judge order and state and have no time limits; the command has. */
  readonly timed: boolean
  /** A tenth of what the command does. */
  readonly brief: boolean
}

export interface Measured {
  /** Sentences about what was wrong; none is good. */
  wrong: string[]
  /** How long it took until nothing was shown as live any more. */
  downMs?: number
  /** How long after the peer's own return the driver was well and had data. */
  backMs?: number
  note?: string
}

export interface CheckCase {
  readonly name: string
  readonly zh: string
  /** Why it makes no sense for this device; it is not run then. */
  readonly notFor?: (rig: Rig) => string | null
  /** Left out of `npm test`, where it would take a minute of waiting. */
  readonly long?: (rig: Rig) => boolean
  run(c: CheckContext): Promise<Measured>
}

/** How long a driver may take to notice that nobody is there, by what hangs on it. */
export function promiseMs(rig: Rig): number {
  const { bank, contacts, air } = rig.facets
  if (rig.standalone.wire === 'mqtt') return 90_000
  // Rule S1: interlock inputs older than two seconds count as active; one second is the way through the process.
  if (bank || contacts) return 3_000
  return air ? 15_000 + 3 * air.everyMs : 40_000
}

/** A tool waits as long as was promised and finds fault; a test waits until its watchdog ends it. */
export const within = (c: CheckContext, ms: number) => (c.timed ? ms : 300_000)

export const sinceMs = (from: number, taped: Taped | null) =>
  taped ? Math.max(0, Math.round(taped.at - from)) : undefined

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
