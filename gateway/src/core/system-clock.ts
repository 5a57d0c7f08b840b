import type { Clock, ClockQuality, Millis } from '@lantai/contracts'

/** Wall minus monotonic may wander this far before we call the wall clock suspect (NTP slews far less). */
const jumpMs = 2000

export interface QualifiedClock extends Clock {
  quality(): ClockQuality
}

/**
 * The machine's own time, counted from the start of the process. Quality is `synced` until the wall clock
 * jumps against the monotonic one; then it stays `suspect` for ten minutes after the last jump (G7).
 */
export function createSystemClock(
  now: () => number = () => Date.now(),
  mono: () => number = () => performance.now(),
): QualifiedClock {
  let offset = now() - mono()
  let suspectUntil = -1
  return {
    now,
    mono,
    after: (delay: Millis, job: () => void) => {
      const timer = setTimeout(job, delay)
      return { cancel: () => clearTimeout(timer) }
    },
    quality() {
      const seen = now() - mono()
      const drift = Math.abs(seen - offset)
      offset = seen
      if (drift > jumpMs) suspectUntil = mono() + 600_000
      return mono() < suspectUntil ? 'suspect' : 'synced'
    },
  }
}

/** RFC 3339 UTC with milliseconds. */
export const instant = (ms: number): string => new Date(ms).toISOString()

/** Runs `job` every `delay` until cancelled; the next wait begins when the job has ended. */
export function every(clock: Clock, delay: Millis, job: () => void): { cancel(): void } {
  let timer = clock.after(delay, function turn() {
    job()
    if (!stopped) timer = clock.after(delay, turn)
  })
  let stopped = false
  return {
    cancel() {
      stopped = true
      timer.cancel()
    },
  }
}
