/**
 * Diffuse multipath: small scatterers all over the room and the shelf (clasps, edges, lips of boards, lamps, the cart
 * itself). Each is seen by all tags from where it stands, so what it adds is correlated along the rail, between
 * neighbours and over the band as geometry wants it, and averages out no better than in a real room (locating 5).
 */
import type { Rng } from '../rng.ts'
import { distance, type Point } from './geometry.ts'
import { between, type Range } from './range.ts'
import type { Source } from './source.ts'

export interface Scatterer extends Point {
  /** Scattering length; amplitude at a tag is this over the product of both ways. */
  readonly lengthMm: number
  readonly turnRad: number
}

/** Where scatterers of one kind stand, and how many. */
export interface ClutterBox {
  readonly xMm: Range
  readonly yMm: Range
  readonly zMm: Range
  readonly count: number
  /** Mean scattering length against that of other kinds. */
  readonly weight: number
}

/** Spread of scattering lengths, as the logarithm's standard deviation: some things shine. */
const spread = 0.7
/** Nearer than this nothing stands to a tag or an antenna. */
const nearestMm = 70
/** So many of the strongest count for a tag; the rest adds under a tenth of their power. */
const strongest = 18

export const drawScatterers = (boxes: readonly ClutterBox[], rng: Rng): Scatterer[] =>
  boxes.flatMap((box) =>
    Array.from({ length: box.count }, () => ({
      xMm: between(rng, box.xMm),
      yMm: between(rng, box.yMm),
      zMm: between(rng, box.zMm),
      lengthMm: box.weight * Math.exp(spread * rng.normal()),
      turnRad: 2 * Math.PI * rng.float(),
    })),
  )

/** Amplitude of a scatterer against the direct way, both seen from an antenna. */
const relative = (s: Scatterer, tag: Point, from: Point) =>
  (s.lengthMm * distance(from, tag)) /
  (Math.max(nearestMm, distance(from, s)) * Math.max(nearestMm, distance(s, tag)))

const before = (tag: Point): Point => ({ ...tag, yMm: 0 })

/** Scaled so that the diffuse power is `diffuseDb` against the direct way, on the mean over the tags. */
export function scaleClutter(
  scatterers: readonly Scatterer[],
  tags: readonly Point[],
  diffuseDb: number,
): Scatterer[] {
  let power = 0
  for (const tag of tags)
    for (const s of scatterers) power += relative(s, tag, before(tag)) ** 2 / tags.length
  const factor = Math.sqrt(10 ** (diffuseDb / 10) / power)
  return scatterers.map((s) => ({ ...s, lengthMm: s.lengthMm * factor }))
}

export function clutterOf(scatterers: readonly Scatterer[], tag: Point): Source[] {
  const from = before(tag)
  return scatterers
    .map((s) => ({ s, strength: relative(s, tag, from) }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, strongest)
    .map(({ s }) => {
      const extraMm = Math.max(nearestMm, distance(s, tag))
      const { xMm, yMm, zMm, turnRad } = s
      return { xMm, yMm, zMm, turnRad, extraMm, gain: s.lengthMm / extraMm }
    })
}
