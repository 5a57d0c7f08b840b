import { type Clock, type Millis, type Timer, VirtualClock } from '@lantai/contracts'

/** A virtual clock that tells when a timer of a given length waits, so that a test advances it neither early nor by guess. */
export class SignalClock implements Clock {
  readonly #inner = new VirtualClock()
  readonly #pending = new Map<object, { delay: number; due: number }>()
  #anybody: () => void = () => undefined
  #watchers: { delay: number; done: () => void }[] = []

  now() {
    return this.#inner.now()
  }
  mono() {
    return this.#inner.mono()
  }
  after(delay: Millis, job: () => void): Timer {
    const key = {}
    this.#pending.set(key, { delay, due: this.mono() + delay })
    const timer = this.#inner.after(delay, () => {
      this.#pending.delete(key)
      job()
    })
    const met = this.#watchers.filter((w) => w.delay === delay)
    this.#watchers = this.#watchers.filter((w) => w.delay !== delay)
    for (const { done } of met) done()
    this.#anybody()
    return {
      cancel: () => {
        this.#pending.delete(key)
        timer.cancel()
      },
    }
  }
  /** Resolves once a timer of exactly this length waits. */
  armed(delay: number): Promise<void> {
    if ([...this.#pending.values()].some((p) => p.delay === delay)) return Promise.resolve()
    return new Promise((done) => this.#watchers.push({ delay, done }))
  }
  advance(ms: number) {
    this.#inner.advance(ms)
  }
  /** Waits until a timer of this length waits, and lets it fire. */
  async pass(delay: number) {
    await this.armed(delay)
    this.advance(delay)
  }
  /** Waits until a timer of at least this length waits, and lets it fire. */
  async passLongest(atLeast: number) {
    for (;;) {
      const long = [...this.#pending.values()].find((p) => p.delay >= atLeast)
      if (long) {
        this.advance(long.due - this.mono())
        return
      }
      await new Promise<void>((resolve) => {
        this.#anybody = resolve
      })
    }
  }
  /** Waits until any timer waits, and lets the earliest fire. */
  async passNext() {
    while (this.#pending.size === 0)
      await new Promise<void>((resolve) => {
        this.#anybody = resolve
      })
    this.advance(Math.min(...[...this.#pending.values()].map((p) => p.due)) - this.mono())
  }
}
