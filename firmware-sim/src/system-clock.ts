import type { Clock, Millis, Timer } from '@lantai/contracts'

/** The machine's own clock; tests bring a virtual one. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after(delay: Millis, job: () => void): Timer {
    const timer = setTimeout(job, delay)
    return { cancel: () => clearTimeout(timer) }
  },
}

/**
 * Milliseconds. A device worker takes only types from contracts: their schemas would cost each worker 20 MB.
 */
export const ms = (n: number) => n as Millis
