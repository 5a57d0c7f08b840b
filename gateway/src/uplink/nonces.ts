import { randomBytes } from 'node:crypto'
import type { Clock } from '@lantai/contracts'

/** How long a nonce may be quoted, on our monotonic clock (S5). */
export const nonceLifeMs = 5000

/** The nonces that motion commands must quote. They die with the link that they were told on. */
export class Nonces {
  readonly #clock: Clock
  #issued: { nonce: string; until: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  issue(): string {
    this.#forget()
    const nonce = randomBytes(18).toString('base64url')
    this.#issued.push({ nonce, until: this.#clock.mono() + nonceLifeMs })
    return nonce
  }

  /** Monotonic instant until which a quoted nonce holds; null when it is not one of ours, or too old. */
  validUntil(nonce: string | null): number | null {
    this.#forget()
    return this.#issued.find((n) => n.nonce === nonce)?.until ?? null
  }

  linkLost() {
    this.#issued = []
  }

  #forget() {
    this.#issued = this.#issued.filter((n) => n.until >= this.#clock.mono())
  }
}
