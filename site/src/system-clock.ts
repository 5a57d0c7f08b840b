import type { Clock } from '@lantai/contracts'

/** Real time. The only place of `site` that touches the machine's clocks and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after(delay, job) {
    const timer = setTimeout(job, delay)
    return { cancel: () => clearTimeout(timer) }
  },
}
