import { type Clock, millis, type Timer } from '@lantai/contracts'

/**
 * Calls back for many things, those of one short while with one timer: a timer of its own takes more memory than the
 * tag that waits for it. Never too early, and late by that while at most.
 */
export class Due<T> {
  readonly #clock: Clock
  readonly #withinMs: number
  readonly #call: (item: T) => void
  /** By the end of their while, monotonic. */
  readonly #waiting = new Map<number, { items: T[]; timer: Timer }>()
  #stopped = false

  constructor(clock: Clock, withinMs: number, call: (item: T) => void) {
    this.#clock = clock
    this.#withinMs = withinMs
    this.#call = call
  }

  add(item: T, inMs: number) {
    if (this.#stopped) return
    const now = this.#clock.mono()
    const due = now + inMs
    const round = Math.ceil(due / this.#withinMs) * this.#withinMs
    // A quotient that was rounded down.
    const at = round < due ? round + this.#withinMs : round
    const others = this.#waiting.get(at)
    if (others) return void others.items.push(item)
    const items = [item]
    const timer = this.#clock.after(millis(Math.ceil(at - now)), () => {
      this.#waiting.delete(at)
      for (const i of items) if (!this.#stopped) this.#call(i)
    })
    this.#waiting.set(at, { items, timer })
  }

  stop() {
    this.#stopped = true
    for (const { timer } of this.#waiting.values()) timer.cancel()
    this.#waiting.clear()
  }
}
