import type { Clock, ClockQuality, Millis } from '@lantai/contracts'
import { ClockJudge } from './clock-judge.ts'

export interface QualifiedClock extends Clock {
  quality(): ClockQuality
}
export interface SystemClock extends QualifiedClock {
  /** Told what others say of the wall clock. */
  readonly judge: ClockJudge
}

/** The machine's own time, counted from the start of the process, with what is known of its quality (G7). */
export function createSystemClock(
  now: () => number = () => Date.now(),
  mono: () => number = () => performance.now(),
): SystemClock {
  const judge = new ClockJudge(now, mono)
  return {
    now,
    mono,
    judge,
    after: (delay: Millis, job: () => void) => {
      const timer = setTimeout(job, delay)
      return { cancel: () => clearTimeout(timer) }
    },
    quality: () => judge.quality(),
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
