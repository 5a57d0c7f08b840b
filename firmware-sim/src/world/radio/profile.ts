/**
 * Multipath of one tag at one antenna along the rail: the ratio of the whole channel to its direct way, on a grid of x
 * and at three frequencies. The ratio turns slowly where the channel itself turns fast, so it may be interpolated.
 */
import { type AirAntenna, antennaPoint, patternAmplitude } from './antenna.ts'
import { bandNodesMHz, bandWeights, waveNumber } from './band.ts'
import { distance, type Point } from './geometry.ts'
import type { Source } from './source.ts'

const stepMm = 20
const nodes = bandNodesMHz.length
/** Real and imaginary part at each node of the band. */
const stride = 2 * nodes
const middle = waveNumber(bandNodesMHz[1])
const span = waveNumber(bandNodesMHz[2]) - middle

export interface Ratio {
  readonly re: number
  readonly im: number
}

/** A dipole along the spine sends nothing up and down. */
export const dipole = (dz: number, d: number): number =>
  Math.sqrt(Math.max(0.01, 1 - (dz / d) ** 2))

/** Amplitude of one way against free space of length 1, antenna pattern and tag pattern included. */
export function wayAmplitude(antenna: AirAntenna, from: Point, to: Point, d: number): number {
  return (patternAmplitude(antenna, (to.yMm - from.yMm) / d) * dipole(to.zMm - from.zMm, d)) / d
}

export class Profile {
  readonly #fromMm: number
  readonly #points: number
  readonly #values: Float64Array

  /** `tagAt` gives the tag for a cart at x: most stand still, some ride along. */
  constructor(
    antenna: AirAntenna,
    tagAt: (cartMm: number) => { readonly tag: Point; readonly sources: readonly Source[] },
    fromMm: number,
    toMm: number,
  ) {
    this.#fromMm = fromMm
    this.#points = Math.max(2, Math.ceil((toMm - fromMm) / stepMm) + 1)
    this.#values = new Float64Array(this.#points * stride)
    for (let i = 0; i < this.#points; i++) {
      const cartMm = fromMm + i * stepMm
      const { tag, sources } = tagAt(cartMm)
      fill(this.#values, i * stride, antenna, antennaPoint(antenna, cartMm, 0), tag, sources)
    }
  }

  /** null outside the stretch that was computed. */
  at(cartMm: number, mhz: number): Ratio | null {
    const u = (cartMm - this.#fromMm) / stepMm
    if (u < 0 || u > this.#points - 1) return null
    const i = Math.min(this.#points - 2, Math.floor(u))
    const along = u - i
    const band = bandWeights(mhz)
    let [re, im] = [0, 0]
    for (let n = 0; n < nodes; n++) {
      const at = i * stride + 2 * n
      const weight = band[n as 0 | 1 | 2]
      re += weight * this.#between(at, along)
      im += weight * this.#between(at + 1, along)
    }
    return { re, im }
  }

  /** Cubic through the four nodes around, straight at the ends. */
  #between(at: number, u: number): number {
    const v = this.#values
    const [p1, p2] = [v[at] as number, v[at + stride] as number]
    const p0 = v[at - stride] ?? 2 * p1 - p2
    const p3 = v[at + 2 * stride] ?? 2 * p2 - p1
    return (
      p1 + (u / 2) * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)))
    )
  }
}

/** Sums all ways at one place; the outer frequencies turn on by the excess length only. */
function fill(
  into: Float64Array,
  at: number,
  antenna: AirAntenna,
  from: Point,
  tag: Point,
  sources: readonly Source[],
): void {
  const direct = distance(from, tag)
  const level = wayAmplitude(antenna, from, tag, direct)
  const sums = [1, 0, 1, 0, 1, 0] as [number, number, number, number, number, number]
  for (const source of sources) {
    const d = distance(from, source)
    const a = (source.gain * wayAmplitude(antenna, from, source, d)) / level
    const excess = d + source.extraMm - direct
    const phase = middle * excess + source.turnRad
    const [re, im] = [a * Math.cos(phase), a * Math.sin(phase)]
    const [cos, sin] = [Math.cos(span * excess), Math.sin(span * excess)]
    sums[0] += re * cos + im * sin
    sums[1] += im * cos - re * sin
    sums[2] += re
    sums[3] += im
    sums[4] += re * cos - im * sin
    sums[5] += im * cos + re * sin
  }
  into.set(sums, at)
}
