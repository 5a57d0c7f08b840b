/** Where along the rail an antenna can reach a tag at all, and the multipath there, computed when first asked for. */
import { type AirAntenna, antennaPoint } from './antenna.ts'
import { bandNodesMHz, channelsMHz, waveNumber } from './band.ts'
import { distance, type Point } from './geometry.ts'
import { Profile, type Ratio, wayAmplitude } from './profile.ts'
import type { Source } from './source.ts'
import type { AirTag } from './tag.ts'

/** Multipath lifts a tag over its threshold by no more than this. */
const liftDb = 6
const farthestMm = 3500
const scanMm = 100

export class Lobe {
  readonly #antenna: AirAntenna
  readonly #tag: AirTag
  readonly #sources: (at: Point) => readonly Source[]
  readonly #reach: readonly [number, number]
  #profile: Profile | null = null

  private constructor(
    antenna: AirAntenna,
    tag: AirTag,
    sources: (at: Point) => readonly Source[],
    reach: readonly [number, number],
  ) {
    this.#antenna = antenna
    this.#tag = tag
    this.#sources = sources
    this.#reach = reach
  }

  /** null when the tag is out of reach from everywhere on the track. */
  static of(
    antenna: AirAntenna,
    tag: AirTag,
    sources: (at: Point) => readonly Source[],
    track: readonly [number, number],
  ): Lobe | null {
    if (tag.dead) return null
    const reach = tag.rides ? track : reachOf(antenna, tag)
    if (!reach) return null
    const [from, to] = [Math.max(reach[0], track[0]), Math.min(reach[1], track[1])]
    return from < to ? new Lobe(antenna, tag, sources, [from, to]) : null
  }

  ratio(cartMm: number, channel: number): Ratio | null {
    if (cartMm < this.#reach[0] || cartMm > this.#reach[1]) return null
    this.#profile ??= this.#compute()
    return this.#profile.at(cartMm, channelsMHz[channel] as number)
  }

  #compute(): Profile {
    const { at, rides } = this.#tag
    const standing = { tag: at, sources: rides ? [] : this.#sources(at) }
    const riding = (cartMm: number) => {
      const tag = { ...at, xMm: at.xMm + cartMm }
      return { tag, sources: this.#sources(tag) }
    }
    return new Profile(this.#antenna, rides ? riding : () => standing, ...this.#reach)
  }
}

/** Positions of the cart from which the direct way alone comes near enough to the threshold. */
function reachOf(antenna: AirAntenna, tag: AirTag): readonly [number, number] | null {
  const centre = tag.at.xMm - antenna.offsetMm[0]
  let widest = -1
  for (let dx = 0; dx <= farthestMm; dx += scanMm)
    if (directDbm(antenna, tag, centre + dx) + liftDb >= tag.thresholdDbm) widest = dx
  return widest < 0 ? null : [centre - widest - scanMm, centre + widest + scanMm]
}

function directDbm(antenna: AirAntenna, tag: AirTag, cartMm: number): number {
  const from = antennaPoint(antenna, cartMm, 0)
  const amplitude =
    wayAmplitude(antenna, from, tag.at, distance(from, tag.at)) / (2 * waveNumber(bandNodesMHz[1]))
  return antenna.txDbm + antenna.gainDbi + 20 * Math.log10(amplitude) - tag.lossDb
}
