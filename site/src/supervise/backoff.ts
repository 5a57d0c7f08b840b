import { type Millis, millis } from '@lantai/contracts'

const firstMs = 100
const longestMs = 10_000
/** A process that lived this long was well: its next death starts the count anew. */
const healthyMs = 60_000

/** Waiting time before each restart: doubles from 0.1 s to 10 s, and never gives up (rule D9). */
export class Backoff {
  #failures = 0

  /** `livedMs`: how long the process that just ended had lived. */
  next(livedMs: number): Millis {
    if (livedMs >= healthyMs) this.#failures = 0
    const delay = Math.min(longestMs, firstMs * 2 ** this.#failures)
    this.#failures += 1
    return millis(delay)
  }
}
