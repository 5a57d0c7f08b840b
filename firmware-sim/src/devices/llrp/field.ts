/** Tags before the antennas, and bursts of passing ones: where reads come from. */
import type { Clock } from '@lantai/contracts'
import { channelsKHz, tryRead } from '../../world/radio.ts'
import type { Rng } from '../../world/rng.ts'
import type { Burst, FieldTag } from '../messages.ts'
import type { CartField } from './cart-field.ts'
import type { TagRead } from './reports.ts'

/** A sober figure for fresh singulations (locating 2); shared by the antennas in turn. */
const readsPerSecond = 400
/** Gen2 S1 keeps a tag quiet for 0.5 to 5 s; S2 and S3 as long as it is powered. */
const s1QuietMs = 2000

export class Field {
  readonly #clock: Clock
  readonly #rng: Rng
  #tags: readonly FieldTag[] = []
  #quietUntil = new Map<string, number>()
  #bursts: { burst: Burst; sent: number; startedAt: number }[] = []
  #cycle = 0
  /** Of a reader on a cart that stands before a face; null while it stands in its corner. */
  cart: CartField | null = null

  constructor(clock: Clock, rng: Rng) {
    this.#clock = clock
    this.#rng = rng
  }

  get tagCount(): number {
    return this.#tags.length
  }
  get burstLeft(): number {
    return this.#bursts.reduce((n, b) => n + b.burst.count - b.sent, 0)
  }

  place(tags: readonly FieldTag[]): void {
    this.#tags = tags
    const here = new Set(tags.map((t) => t.epc))
    for (const epc of this.#quietUntil.keys()) if (!here.has(epc)) this.#quietUntil.delete(epc)
  }

  pass(burst: Burst): void {
    this.#bursts.push({ burst, sent: 0, startedAt: this.#clock.mono() })
  }

  /** Time in which nobody listens does not count: the trolley waits. */
  pauseBursts(): void {
    const now = this.#clock.mono()
    for (const b of this.#bursts) b.startedAt = now - (b.sent / b.burst.perSecond) * 1000
  }

  /** One dwell of `ms` on one of the antennas; they take turns. */
  dwell(
    antennas: readonly number[],
    session: number,
    power: (a: number) => number,
    ms: number,
  ): TagRead[] {
    // A cart's antennas are powered and turned to as its stage has it.
    if (this.cart) return this.cart.reads().filter((r) => antennas.includes(r.antenna))
    const antenna = antennas[this.#cycle % antennas.length] as number
    const channel = Math.floor(this.#cycle / (antennas.length * 4)) % channelsKHz.length
    this.#cycle++
    const reads: TagRead[] = []
    const most = Math.max(1, Math.round((readsPerSecond * ms) / 1000))
    const order = this.#tags.length > most ? this.#rng.shuffle([...this.#tags]) : this.#tags
    for (const tag of order) {
      if (reads.length >= most) break
      const read = this.#ask(tag, antenna, channel, session, power(antenna))
      if (read) reads.push(read)
    }
    return reads
  }

  /** What passed since the last call. */
  passed(antennas: readonly number[]): TagRead[] {
    const reads: TagRead[] = []
    const now = this.#clock.mono()
    for (const b of this.#bursts) {
      if (!antennas.includes(b.burst.antenna)) continue
      const due = Math.floor(((now - b.startedAt) / 1000) * b.burst.perSecond)
      for (const until = Math.min(b.burst.count, due); b.sent < until; b.sent++)
        reads.push(this.#passing(b.burst, b.sent))
    }
    this.#bursts = this.#bursts.filter((b) => b.sent < b.burst.count)
    return reads
  }

  #ask(tag: FieldTag, antenna: number, channel: number, session: number, dbm: number) {
    const distance = tag.distanceMm[antenna]
    const now = this.#clock.mono()
    if (distance === undefined || (this.#quietUntil.get(tag.epc) ?? 0) > now) return null
    const read = tryRead(distance, channelsKHz[channel] as number, dbm, this.#rng)
    if (!read) return null
    if (session > 0)
      this.#quietUntil.set(tag.epc, session === 1 ? now + s1QuietMs : Number.POSITIVE_INFINITY)
    return { ...this.#stamp(), ...read, epc: tag.epc, tid: tag.tid, antenna, channel: channel + 1 }
  }

  #passing(burst: Burst, n: number): TagRead {
    const epc = epcPlus(burst.firstEpc, n)
    const rssiDbm = -45 - this.#rng.int(0, 30) / 2
    const phaseRad = this.#rng.float() * 2 * Math.PI
    const rest = { tid: null, antenna: burst.antenna, channel: 1 + (n % channelsKHz.length) }
    return { ...this.#stamp(), epc, rssiDbm, phaseRad, ...rest }
  }

  #stamp() {
    const us = BigInt(Math.round(this.#clock.now() * 1000))
    return { firstUs: us, lastUs: us, count: 1 }
  }
}

/** The `n`th EPC after `first`, as hex of the same length. */
export const epcPlus = (first: string, n: number): string =>
  (BigInt(`0x${first}`) + BigInt(n)).toString(16).toUpperCase().padStart(first.length, '0')
