/** One reader of the cart: turns from antenna to antenna, hops, and runs inventory rounds as they fit. */
import type { Rng } from '../rng.ts'
import type { Air, AirRead } from './air.ts'
import type { FloatingQ } from './gen2.ts'
import { Hopping } from './hopping.ts'
import type { Cart } from './link.ts'
import { InventoriedFlags, type Session } from './session.ts'

export interface ReaderSettings {
  /** In the order in which it turns to them. */
  readonly antennas: readonly number[]
  readonly session: Session
  readonly antennaDwellUs: number
  readonly channelDwellUs: number
}

/** What the cart does meanwhile, by true time. */
export interface Surroundings {
  readonly cart: (atUs: number) => Cart
  /** What stands in the way of an antenna costs one way, dB. */
  readonly shadowDb: (atUs: number, antenna: number) => number
}

const firstQ = 4

export class Reader {
  readonly #air: Air
  readonly #settings: ReaderSettings
  readonly #hopping: Hopping
  readonly #flags: InventoriedFlags
  readonly #floating: FloatingQ = { q: firstQ }
  #target: 'A' | 'B' = 'A'
  #turn = 0

  constructor(air: Air, settings: ReaderSettings, tags: number, rng: Rng) {
    this.#air = air
    this.#settings = settings
    this.#hopping = new Hopping(settings.channelDwellUs, rng.fork('hop'))
    this.#flags = new InventoriedFlags(settings.session, tags, rng.fork('flags'))
  }

  /** Everything it reads from one time to another. */
  *run(fromUs: number, toUs: number, around: Surroundings): Generator<AirRead> {
    let at = fromUs
    while (at < toUs) {
      const { antennas, antennaDwellUs } = this.#settings
      const antenna = antennas[this.#turn++ % antennas.length] as number
      if (this.#flags.powerLost()) this.#target = 'A'
      const leaves = Math.min(toUs, at + antennaDwellUs)
      while (at < leaves) {
        const { reads, endUs } = this.#round(antenna, at, leaves, around)
        yield* reads
        at = endUs
      }
    }
  }

  #round(antenna: number, atUs: number, leavesUs: number, around: Surroundings) {
    const target = this.#target
    const round = this.#air.round({
      antenna,
      channel: this.#hopping.channelAt(atUs),
      atUs,
      limitUs: Math.min(leavesUs, this.#hopping.untilUs(atUs)),
      cart: around.cart,
      shadowDb: around.shadowDb(atUs, antenna),
      target: (tag) => this.#flags.asked(tag, target, atUs),
      floating: this.#floating,
    })
    for (const read of round.reads) this.#flags.turn(read.tag, read.atUs)
    this.#target = target === 'A' ? 'B' : 'A'
    return round
  }
}
