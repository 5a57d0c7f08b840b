import type { DriverEvent } from '@lantai/gateway'
import { systemClock } from '../system-clock.ts'

export interface Taped {
  /** Monotonic milliseconds when it came. */
  readonly at: number
  readonly event: DriverEvent
}
export type Fits = (event: DriverEvent) => boolean

/** Everything that a driver told, in order, for those who look back and those who wait. */
export class Tape {
  readonly all: Taped[] = []
  #waiting = new Set<() => void>()

  readonly add = (event: DriverEvent) => {
    this.all.push({ at: systemClock.mono(), event })
    for (const wake of [...this.#waiting]) wake()
  }
  /** A place on the tape: what comes from now on lies behind it. */
  mark(): number {
    return this.all.length
  }
  since(mark: number): Taped[] {
    return this.all.slice(mark)
  }
  /** The first event behind `mark` that fits, when it comes; null when `withinMs` have passed without it. */
  async next(mark: number, fits: Fits): Promise<Taped>
  async next(mark: number, fits: Fits, withinMs: number): Promise<Taped | null>
  async next(mark: number, fits: Fits, withinMs?: number): Promise<Taped | null> {
    const until = withinMs === undefined ? Number.POSITIVE_INFINITY : systemClock.mono() + withinMs
    for (let i = mark; ; ) {
      for (; i < this.all.length; i++) {
        const one = this.all[i]
        if (one && fits(one.event)) return one
      }
      const left = until - systemClock.mono()
      if (left <= 0) return null
      await this.#more(left)
    }
  }

  #more(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = Number.isFinite(withinMs) ? setTimeout(done, withinMs) : undefined
      this.#waiting.add(done)
    })
  }
}

export const isHealth =
  (...states: readonly string[]): Fits =>
  (e) =>
    e.kind === 'health' && states.includes(e.state)

/** The device answered with something it read itself. */
export const isData: Fits = (e) =>
  e.kind === 'tags' ||
  e.kind === 'readings' ||
  e.kind === 'odometry' ||
  (e.kind === 'contact' && e.state !== 'unknown') ||
  // A controller without a status is known by its link alone.
  (e.kind === 'bank' && e.inputs.link === 'clear')
