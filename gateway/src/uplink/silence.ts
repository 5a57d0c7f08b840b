import type { Clock } from '@lantai/contracts'

/** The server answers every batch at once; so long without a word, while something waits, is no pause. */
const silentMs = 60_000

/**
 * Notices a broker that keeps the connection and delivers nothing (D19). A server that is away looks the same; a
 * new connection costs little then, since nothing relies on the old one.
 */
export class Silence {
  readonly #clock: Clock
  #since: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.mono()
  }

  /** The link came up, or the server said something. */
  heard() {
    this.#since = this.#clock.mono()
  }

  /** True when the connection should be given up; `waiting` says whether an answer is owed. */
  tooLong(waiting: boolean): boolean {
    if (!waiting) this.#since = this.#clock.mono()
    return this.#clock.mono() - this.#since >= silentMs
  }
}
