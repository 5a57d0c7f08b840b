import { type Clock, compatible, type Tick } from '@lantai/contracts'
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
  /** Monotonic; outlives the link. */
  readonly #heard = new Map<string, number>()

  /** Gateways whose contract version this server does not understand (ADR 12). */
  readonly #strange = new Set<string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  take(gateway: string, tick: Tick) {
    const at = this.#clock.mono()
    this.#links.set(gateway, { tick, at })
    this.#heard.set(gateway, at)
  }

  /** As its birth said; one that is not understood is heard, and asked for nothing. */
  speaks(gateway: string, contract: number | undefined) {
    if (compatible(contract)) this.#strange.delete(gateway)
    else this.#strange.add(gateway)
  }
  understood(gateway: string): boolean {
    return !this.#strange.has(gateway)
  }

  /** The link died: its nonce dies with it (rule S5). */
  drop(gateway: string) {
    this.#links.delete(gateway)
  }

  /** Null when the gateway was never heard, or is silent. */
  fresh(gateway: string): Tick | null {
    return this.#within(gateway, silentAfter)
  }

  /** Milliseconds since it last spoke to this process; null when it never did. */
  heardAgo(gateway: string): number | null {
    const at = this.#heard.get(gateway)
    return at === undefined ? null : this.#clock.mono() - at
  }

  nonce(gateway: string): string | null {
    if (!this.understood(gateway)) return null
    return this.#within(gateway, nonceLife)?.nonce ?? null
  }

  #within(gateway: string, limit: number): Tick | null {
    const link = this.#links.get(gateway)
    return link && this.#clock.mono() - link.at <= limit ? link.tick : null
  }
}
