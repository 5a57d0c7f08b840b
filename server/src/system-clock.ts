import type { Clock } from '@lantai/contracts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after: (delay, job) => {
    const timer = setTimeout(job, delay)
    return { cancel: () => clearTimeout(timer) }
  },
}
