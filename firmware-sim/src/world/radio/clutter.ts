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

/** Scatterers of one kind: where they stand, how many, and what they all add to a tag on the mean. */
export interface ClutterKind {
  readonly xMm: Range
  readonly yMm: Range
  readonly zMm: Range
  readonly count: number
  /** Power against the direct way, antenna pattern aside. */
  readonly powerDb: number
}

/** Spread of scattering lengths, as the logarithm's standard deviation: some things shine. */
const spread = 0.4
/** Nearer than this a scatterer grows no stronger: it is no point. */
const nearestMm = 300
/**
 * So many of the strongest of a kind count for a tag. With more and evener ones the sum fades deeper, and phase slips
 * more often, than recordings do.
 */
const strongest = 6

/** Amplitude of a scatterer against the direct way, both seen from straight before the tag. */
function relative(s: Scatterer, tag: Point): number {
  const from = { ...tag, yMm: 0 }
  const ways = Math.max(nearestMm, distance(from, s)) * Math.max(nearestMm, distance(s, tag))
  return (s.lengthMm * tag.yMm) / ways
}

function strongestFor(scatterers: readonly Scatterer[], tag: Point): Scatterer[] {
  return scatterers
    .map((s) => ({ s, strength: Math.abs(relative(s, tag)) }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, strongest)
    .map(({ s }) => s)
}

export class Clutter {
  readonly #kinds: readonly (readonly Scatterer[])[]

  private constructor(kinds: readonly (readonly Scatterer[])[]) {
    this.#kinds = kinds
  }

  /** `tags` are those over which the mean is taken. */
  static draw(kinds: readonly ClutterKind[], tags: readonly Point[], rng: Rng): Clutter {
    return new Clutter(kinds.map((kind) => scaled(drawKind(kind, rng), tags, kind.powerDb)))
  }

  sourcesOf(tag: Point): Source[] {
    return this.#kinds.flatMap((kind) =>
      strongestFor(kind, tag).map((s) => {
        const extraMm = distance(s, tag)
        const { xMm, yMm, zMm, turnRad } = s
        const gain = s.lengthMm / Math.max(nearestMm, extraMm)
        return { xMm, yMm, zMm, turnRad, extraMm, gain }
      }),
    )
  }
}

const drawKind = (kind: ClutterKind, rng: Rng): Scatterer[] =>
  Array.from({ length: kind.count }, () => ({
    xMm: between(rng, kind.xMm),
    yMm: between(rng, kind.yMm),
    zMm: between(rng, kind.zMm),
    lengthMm: Math.exp(spread * rng.normal()),
    turnRad: 2 * Math.PI * rng.float(),
  }))

function scaled(
  scatterers: readonly Scatterer[],
  tags: readonly Point[],
  powerDb: number,
): Scatterer[] {
  let power = 0
  for (const tag of tags)
    for (const s of strongestFor(scatterers, tag)) power += relative(s, tag) ** 2 / tags.length
  const factor = Math.sqrt(10 ** (powerDb / 10) / power)
  return scatterers.map((s) => ({ ...s, lengthMm: s.lengthMm * factor }))
}
