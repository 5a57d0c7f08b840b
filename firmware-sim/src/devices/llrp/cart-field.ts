/** What the antennas of a cart read, where it stands or is walked: the air before a whole face (world/radio). */
import type { Clock } from '@lantai/contracts'
import { CartMotion, type WalkPlan } from '../../world/cart/motion.ts'
import { type OwnClock, ownTimeUs } from '../../world/cart/own-clock.ts'
import { stageOf } from '../../world/cart/stage.ts'
import type { FaceTruth } from '../../world/cart/truth.ts'
import { Air } from '../../world/radio/air.ts'
import { Reader } from '../../world/radio/reader.ts'
import type { Rng } from '../../world/rng.ts'
import type { TagRead } from './reports.ts'

/** Turns from antenna to antenna, and hops, as such readers do in dense surroundings. */
const settings = { antennaDwellUs: 60_000, channelDwellUs: 400_000 }
/** Time in which nothing inventoried is not made up for. */
const longestStepUs = 200_000

export interface CartFieldOptions {
  readonly truth: FaceTruth
  readonly standsAtMm: number
  /** True time, which the walk goes by, and the reader's own, which it stamps with. */
  readonly clock: Pick<Clock, 'now'>
  readonly own: OwnClock
  readonly rng: Rng
}

export class CartField {
  readonly #o: CartFieldOptions
  readonly #reader: Reader
  readonly #originMs: number
  #motion: CartMotion | null = null
  /** Microseconds since the origin. */
  #readUntil = 0

  constructor(options: CartFieldOptions) {
    const { truth, clock, rng } = options
    const { setup } = stageOf(truth)
    const antennas = setup.antennas.map((a) => a.antenna)
    const air = new Air(setup, rng.fork('air'))
    const all = { ...settings, antennas, session: 'S0' as const }
    this.#o = options
    this.#reader = new Reader(air, all, setup.tags.length, rng.fork('reader'))
    this.#originMs = clock.now()
  }

  walk(plan: WalkPlan): void {
    this.#motion = new CartMotion(plan, this.#o.clock.now())
  }

  /** What was read since the last call. */
  reads(): TagRead[] {
    const now = (this.#o.clock.now() - this.#originMs) * 1000
    const from = Math.max(this.#readUntil, now - longestStepUs)
    if (now <= from) return []
    this.#readUntil = now
    const msAt = (us: number) => this.#originMs + us / 1000
    const around = {
      cart: (us: number) => ({ xMm: this.#xAt(msAt(us)), yMm: 0 }),
      shadowDb: () => 0,
    }
    return [...this.#reader.run(from, now, around)].map((r) => {
      const seen = BigInt(Math.round(ownTimeUs(this.#o.own, msAt(r.atUs))))
      const { epc, antenna, channel, rssiDbm, phaseRad } = r
      const what = { epc, antenna, channel: channel + 1, rssiDbm, phaseRad }
      return { ...what, tid: null, firstUs: seen, lastUs: seen, count: 1 }
    })
  }

  #xAt(ms: number): number {
    return this.#motion?.xAt(ms) ?? this.#o.standsAtMm
  }
}
