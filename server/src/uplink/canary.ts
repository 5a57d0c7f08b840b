import { randomUUID } from 'node:crypto'
import { type Clock, type Millis, seconds } from '@lantai/contracts'

export const canaryEvery: Millis = seconds(5)
/** Three songs in a row that nobody brought back. */
const silentAfterMs = 15_000

/**
 * What this server says to itself through the broker. A broker may keep the connection, take every message and
 * deliver none; only what comes back shows that it carries (rule D19). Waiting for gateways would not do: they may
 * all be away.
 */
export class Canary {
  readonly #clock: Clock
  /** Its own: another server behind the same broker sings on the same topic. */
  readonly #song = randomUUID()
  #heardAt = Number.NEGATIVE_INFINITY
  #deafSince: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#deafSince = clock.mono()
  }

  /** Every `canaryEvery`, and when a subscription was granted. `silent`: give the connection up. */
  look(connected: boolean): { song: string | null; silent: boolean } {
    const now = this.#clock.mono()
    if (!connected) {
      this.#deafSince = now
      return { song: null, silent: false }
    }
    const silent = now - this.#deafSince >= silentAfterMs
    // A new connection gets its full time.
    if (silent) this.#deafSince = now
    return { song: silent ? null : this.#song, silent }
  }

  hear(song: string) {
    if (song !== this.#song) return
    this.#heardAt = this.#clock.mono()
    this.#deafSince = this.#heardAt
  }

  get carries(): boolean {
    return this.#clock.mono() - this.#heardAt < silentAfterMs
  }
}
