/**
 * The air between the antennas of one cart and all tags around: who answers in a round, and with what phase and RSSI.
 * The whole walk (`walk.ts`) and a simulated reader both step it, so that there is one model.
 */
import type { Rng } from '../rng.ts'
import type { AirAntenna } from './antenna.ts'
import { type FloatingQ, type Gen2Settings, inventoryRound } from './gen2.ts'
import type { Point } from './geometry.ts'
import {
  type Cart,
  type Heard,
  type LinkSettings,
  oneWay,
  report,
  type Way,
  wakes,
} from './link.ts'
import { Lobe } from './lobe.ts'
import type { Source } from './source.ts'
import type { AirTag } from './tag.ts'

export interface AirSetup {
  readonly antennas: readonly AirAntenna[]
  readonly tags: readonly AirTag[]
  /** All other ways of the wave to a tag that stands at this point; `tag` is its index. */
  readonly sources: (at: Point, tag: number) => readonly Source[]
  /** Where the cart can be. */
  readonly trackMm: readonly [number, number]
  readonly link: LinkSettings
  readonly gen2: Gen2Settings
}

export interface RoundRequest {
  /** Which antenna, by its number. */
  readonly antenna: number
  /** Index of `channelsMHz`. */
  readonly channel: number
  readonly atUs: number
  /** The reader lets go of the antenna or of the channel then. */
  readonly limitUs: number
  /** Where the cart truly is at a time. */
  readonly cart: (atUs: number) => Cart
  /** What a person or a trolley in the way costs one way. */
  readonly shadowDb?: number
  /** Only tags whose inventoried flag says this answer; without a target all do. */
  readonly target?: (tag: number) => boolean
  /** The reader's own; 4 is what most begin with. */
  readonly floating?: FloatingQ
}

export interface AirRead {
  readonly atUs: number
  readonly tag: number
  readonly epc: string
  readonly antenna: number
  readonly channel: number
  readonly rssiDbm: number
  readonly phaseRad: number
}

export interface Round {
  readonly reads: readonly AirRead[]
  readonly endUs: number
}

export class Air {
  readonly #setup: AirSetup
  readonly #rng: Rng
  readonly #antennas: Map<number, { readonly antenna: AirAntenna; readonly lobes: (Lobe | null)[] }>

  constructor(setup: AirSetup, rng: Rng) {
    this.#setup = setup
    this.#rng = rng
    const around = setup.tags.map((tag, i) => aroundTag(tag, i, setup.sources))
    const lobes = (antenna: AirAntenna) =>
      setup.tags.map((tag, i) => Lobe.of(antenna, tag, around[i] as Around, setup.trackMm))
    this.#antennas = new Map(
      setup.antennas.map((antenna) => [antenna.antenna, { antenna, lobes: lobes(antenna) }]),
    )
  }

  /** The way to a tag at one moment; null where nothing can reach it. */
  way(antenna: number, tag: number, channel: number, cart: Cart, shadowDb = 0): Way | null {
    const own = this.#antennas.get(antenna)
    const lobe = own?.lobes[tag]
    if (!own || !lobe) return null
    const ratio = lobe.ratio(cart.xMm, channel)
    if (!ratio) return null
    const { tags } = this.#setup
    return oneWay(own.antenna, tags[tag] as AirTag, cart, channel, ratio, shadowDb)
  }

  /** One inventory round. */
  round(request: RoundRequest): Round {
    const { antenna, channel, atUs, limitUs, shadowDb = 0 } = request
    const awake = this.#awake(request)
    const { answers, lastsUs } = inventoryRound(
      awake.map((a) => a.strength),
      this.#setup.gen2,
      request.floating ?? { q: 4 },
      limitUs - atUs,
      this.#rng,
    )
    const reads: AirRead[] = []
    for (const answer of answers) {
      const { tag } = awake[answer.tag] as { tag: number }
      const at = Math.round(atUs + answer.atUs)
      const heard = this.#hear(antenna, tag, channel, request.cart(at), shadowDb)
      const { epc } = this.#setup.tags[tag] as AirTag
      if (heard) reads.push({ atUs: at, tag, epc, antenna, channel, ...heard })
    }
    return { reads, endUs: Math.round(atUs + lastsUs) }
  }

  #awake(request: RoundRequest): { tag: number; strength: number }[] {
    const { antenna, channel, atUs, target, shadowDb = 0 } = request
    const cart = request.cart(atUs)
    const awake: { tag: number; strength: number }[] = []
    for (const [tag, own] of this.#setup.tags.entries()) {
      if (target && !target(tag)) continue
      const way = this.way(antenna, tag, channel, cart, shadowDb)
      if (way && wakes(own, way)) awake.push({ tag, strength: way.incidentDbm })
    }
    return awake
  }

  /** One answer by itself, outside any round; null when the tag sleeps or is not understood. */
  listen(antenna: number, tag: number, channel: number, cart: Cart): Heard | null {
    const way = this.way(antenna, tag, channel, cart)
    if (!way || !wakes(this.#setup.tags[tag] as AirTag, way)) return null
    return this.#hear(antenna, tag, channel, cart, 0)
  }

  #hear(antenna: number, tag: number, channel: number, cart: Cart, shadowDb: number) {
    const own = this.#antennas.get(antenna)
    const way = this.way(antenna, tag, channel, cart, shadowDb)
    if (!own || !way) return null
    const { tags, link } = this.#setup
    return report(own.antenna, tags[tag] as AirTag, way, channel, link, this.#rng)
  }
}

type Around = (at: Point) => readonly Source[]

/** What stands still has the same surroundings for every antenna. */
function aroundTag(tag: AirTag, index: number, sources: AirSetup['sources']): Around {
  if (tag.rides) return (at) => sources(at, index)
  let own: readonly Source[] | null = null
  return (at) => {
    own ??= sources(at, index)
    return own
  }
}
