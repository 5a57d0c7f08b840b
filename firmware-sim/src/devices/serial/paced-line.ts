/** What a device sends over a pty, at the speed of its baud rate: a pty alone has none (devices 5). */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'

/** Start, eight data bits, stop. */
const bitsPerByte = 10

export class PacedLine {
  readonly #clock: Clock
  readonly #byteMs: number
  readonly #write: (bytes: Buffer) => void
  #queue: Buffer[] = []
  #startedAt = 0
  #timer: Timer | null = null

  constructor(clock: Clock, baud: number, write: (bytes: Buffer) => void) {
    this.#clock = clock
    this.#byteMs = (bitsPerByte / baud) * 1000
    this.#write = write
  }

  get waiting(): number {
    return this.#queue.reduce((n, b) => n + b.length, 0)
  }
  send(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#queue.push(bytes)
    if (this.#timer) return
    this.#startedAt = this.#clock.mono()
    this.#wake()
  }
  /** What is under way is lost with the power or the cable. */
  reset(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#queue = []
  }

  /** Writes every byte that is due; a late timer catches up, so that the mean speed holds. */
  #pace(): void {
    this.#timer = null
    const all = Buffer.concat(this.#queue)
    const due = Math.floor((this.#clock.mono() - this.#startedAt + 1e-6) / this.#byteMs)
    const until = Math.min(all.length, due)
    if (until > 0) this.#write(all.subarray(0, until))
    this.#startedAt += until * this.#byteMs
    this.#queue = until < all.length ? [all.subarray(until)] : []
    if (this.#queue.length > 0) this.#wake()
  }

  #wake(): void {
    const at = this.#startedAt + this.#byteMs - this.#clock.mono()
    this.#timer = this.#clock.after(ms(Math.max(1, at)), () => this.#pace())
  }
}
