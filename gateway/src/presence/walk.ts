import type { TagRead } from '../drivers/driver.ts'
import { gate } from './constants.ts'

/** One read of a tag at the gate. */
export interface Heard {
  /** Monotonic milliseconds. */
  at: number
  antenna: number
  rssiDbm: number | null
  phaseRad: number | null
  /** Phases of two channels have nothing to do with each other. */
  channel: number | null
  frequencyKhz: number | null
}

/**
 * What a gate heard of one tag from the moment it came into the field: all of its beginning and all of its latest
 * time, since a walk is judged by where it begins and where it ends.
 */
export class Walk {
  readonly startedAt: number
  readonly #first: Heard[] = []
  #latest: Heard[] = []
  #count = 0
  readAt: number
  tid: string | undefined

  constructor(at: number) {
    this.startedAt = at
    this.readAt = at
  }

  add(r: TagRead, at: number) {
    this.readAt = at
    this.tid ??= r.tid
    this.#count += Math.max(1, r.count)
    const heard: Heard = {
      ...{ at, antenna: r.antenna, rssiDbm: r.rssiDbm ?? null, phaseRad: r.phaseRad ?? null },
      ...{ channel: r.channel ?? null, frequencyKhz: r.frequencyKhz ?? null },
    }
    if (this.#first.length < gate.edgeReads) this.#first.push(heard)
    else this.#latest.push(heard)
    if (this.#latest.length >= 2 * gate.latestReads)
      this.#latest = this.#latest.slice(-gate.latestReads)
  }

  /** In the order in which they came. */
  reads(): Heard[] {
    return [...this.#first, ...this.#latest]
  }
  /** Of the tag in this walk, those that are not kept among them. */
  get count(): number {
    return this.#count
  }
}
