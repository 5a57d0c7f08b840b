import { type Clock, millis, type Timer } from '@lantai/contracts'

const quietAfterMs = 10_000
const longestMs = 60_000

/**
 * A source that may lose reads while tags pass: each such time is announced as a hole, so that no count of it is taken
 * for complete. One hole for each burst of reads, and at least one a minute.
 */
export class LossySpan {
  readonly #clock: Clock
  readonly #tell: (fromMs: number, toMs: number) => void
  #fromMs: number | null = null
  #lastMs = 0
  #timer: Timer | null = null

  constructor(clock: Clock, tell: (fromMs: number, toMs: number) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  read() {
    this.#lastMs = this.#clock.now()
    this.#fromMs ??= this.#lastMs
    this.#timer ??= this.#clock.after(millis(quietAfterMs), () => this.#look())
  }

  #look() {
    this.#timer = null
    const now = this.#clock.now()
    const over = now - this.#lastMs >= quietAfterMs || now - (this.#fromMs ?? now) >= longestMs
    if (over) this.end()
    else this.#timer = this.#clock.after(millis(quietAfterMs), () => this.#look())
  }

  /** Tells what is open; the source ends or is lossy no more. */
  end() {
    this.#timer?.cancel()
    this.#timer = null
    if (this.#fromMs !== null) this.#tell(this.#fromMs, this.#lastMs)
    this.#fromMs = null
  }
}
