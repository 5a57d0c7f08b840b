import type { Millis } from './units.ts'

/** Time comes in as an argument (architecture 4). Deadlines use `mono`; `now` is for people and records. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  now(): number
  /** Monotonic milliseconds since an arbitrary start, with fractions. Never jumps. */
  mono(): number
  /** Runs `job` once after `delay`, unless cancelled. */
  after(delay: Millis, job: () => void): Timer
}
export interface Timer {
  cancel(): void
}

/** A clock that stands still until it is told to go on: product deadlines are tested with it, never by waiting. */
export class VirtualClock implements Clock {
  #wall: number
  #mono = 0
  #order = 0
  #jobs: { at: number; order: number; job: () => void }[] = []

  constructor(wallMs = Date.UTC(2026, 10, 22, 6, 0, 0)) {
    this.#wall = wallMs
  }
  now() {
    return this.#wall
  }
  mono() {
    return this.#mono
  }
  after(delay: Millis, job: () => void): Timer {
    const entry = { at: this.#mono + delay, order: this.#order++, job }
    this.#jobs.push(entry)
    return {
      cancel: () => {
        this.#jobs = this.#jobs.filter((j) => j !== entry)
      },
    }
  }
  /** Lets `ms` pass and runs every job that falls due, in the order of their times. */
  advance(ms: number) {
    const end = this.#mono + ms
    for (;;) {
      const next = this.#jobs
        .filter((j) => j.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0]
      if (!next) break
      this.#jobs = this.#jobs.filter((j) => j !== next)
      this.#step(next.at - this.#mono)
      next.job()
    }
    this.#step(end - this.#mono)
  }
  /** The wall clock jumps; the monotonic one does not. */
  jump(ms: number) {
    this.#wall += ms
  }
  #step(ms: number) {
    this.#mono += ms
    this.#wall += ms
  }
}
