import type { Clock, Tick } from '@lantai/contracts'
import { nonceLife, silentAfter } from './rules.ts'

interface Link {
  tick: Tick
  at: number
}

/**
 * The last tick of each gateway, on the monotonic clock. In memory on purpose: a tick is worth nothing when it is
 * late, and the next one is a second away.
 */
export class GatewayLinks {
  readonly #clock: Clock
  readonly #links = new Map<string, Link>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  take(gateway: string, tick: Tick) {
    this.#links.set(gateway, { tick, at: this.#clock.mono() })
  }

  /** The link died: its nonce dies with it (rule S5). */
  drop(gateway: string) {
    this.#links.delete(gateway)
  }

  /** Null when the gateway was never heard, or is silent. */
  fresh(gateway: string): Tick | null {
    return this.#within(gateway, silentAfter)
  }

  nonce(gateway: string): string | null {
    return this.#within(gateway, nonceLife)?.nonce ?? null
  }

  #within(gateway: string, limit: number): Tick | null {
    const link = this.#links.get(gateway)
    return link && this.#clock.mono() - link.at <= limit ? link.tick : null
  }
}
