import { type Clock, type Millis, millis } from '@lantai/contracts'

const firstMs = 500
const lastMs = 5_000
const healthyMs = 10_000

/**
 * Waits between tries to reach a peer (G5): 0.5 s doubling to 5 s, each shortened by up to a quarter at random
 * so that many drivers do not knock together; starts again after 10 s of health.
 */
export class Backoff {
  readonly #clock: Clock
  readonly #random: () => number
  #nextMs = firstMs
  #upAt: number | null = null

  /** `random` gives 0 ≤ n < 1. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** The peer answered as it should. */
  up() {
    this.#upAt ??= this.#clock.mono()
  }

  /**
   * The peer is gone: how long to wait before the next try. `spentMs` on a try that nobody answered count as waiting,
   * or a peer that returned in the middle of one would be found only after ten seconds.
   */
  next(atLeastMs = 0, spentMs = 0): Millis {
    const waited = this.#upAt === null ? spentMs : 0
    const healthy = this.#upAt !== null && this.#clock.mono() - this.#upAt >= healthyMs
    if (healthy) this.#nextMs = firstMs
    this.#upAt = null
    const shorter = 1 - 0.25 * this.#random()
    const wait = Math.max(firstMs, this.#nextMs - waited)
    this.#nextMs = Math.min(lastMs, this.#nextMs * 2)
    return millis(Math.max(atLeastMs, Math.round(wait * shorter)))
  }
}
