/** All other ways of the wave to every tag of a scene: steel, neighbours, clutter. */
import type { Rng } from '../rng.ts'
import type { AirSetup } from './air.ts'
import { Clutter, type ClutterKind } from './clutter.ts'
import type { Board, Face } from './face.ts'
import type { Point } from './geometry.ts'
import type { OwnedTag } from './population.ts'
import { between, type Range } from './range.ts'
import { imageIn } from './source.ts'
import { drawCoupling, mirrorsOf, overNeighbours, type Steel } from './steel.ts'

export interface ClutterRanges {
  /** Power of what stands between the boxes, in the aisle, and beyond, against the direct way. */
  readonly nearDb: Range
  readonly aisleDb: Range
  readonly roomDb: Range
}

export interface Place {
  readonly owned: readonly OwnedTag[]
  readonly face: Face
  readonly steel: Steel
  readonly trackMm: readonly [number, number]
  readonly depthMm: number
}

export function surroundings(place: Place, ranges: ClutterRanges, rng: Rng): AirSetup['sources'] {
  const { owned, face, steel } = place
  const pitch = pitchOf(face.boards)
  const points = owned.map(({ tag }, i) => (tag.rides ? nowhere(i) : tag.at))
  const coupled = drawCoupling(points, steel.coupling, rng.fork('coupling'))
  const rough = rng.fork('rough')
  const mirrors = owned.map(({ tag, board }) =>
    mirrorsOf(steel, board, pitch, face.uprightsMm, tag.at, rough),
  )
  const standing = owned.flatMap(({ tag, board }) => (board ? [tag.at] : []))
  const clutter = Clutter.draw(clutterKinds(place, ranges, rng), standing, rng.fork('clutter'))
  return (at, tag) => [
    ...(mirrors[tag] ?? []).map((mirror) => imageIn(mirror, at)),
    ...overNeighbours(at, coupled[tag] ?? [], points),
    ...clutter.sourcesOf(at),
  ]
}

/** What rides along stays beside nothing. */
const nowhere = (i: number): Point => ({ xMm: -1e7 - 1e4 * i, yMm: 0, zMm: 0 })

function pitchOf(boards: readonly Board[]): number {
  const [first, second] = boards
  return first && second ? second.boardMm - first.boardMm : 350
}

/** Scatterers a metre of face. */
const perMetre = 40
const roomMm: Range = [0, 2600]

function clutterKinds(place: Place, ranges: ClutterRanges, rng: Rng): ClutterKind[] {
  const [from, to] = place.trackMm
  const { depthMm, steel } = place
  const count = Math.round((perMetre * (to - from)) / 1000)
  return [
    {
      ...{ count, zMm: roomMm, powerDb: between(rng, ranges.nearDb) },
      xMm: [from - 300, to + 300],
      yMm: [depthMm - 50, depthMm + steel.panelMm],
    },
    {
      ...{ count, zMm: roomMm, powerDb: between(rng, ranges.aisleDb) },
      xMm: [from - 700, to + 700],
      yMm: [100, depthMm + 400],
    },
    {
      ...{ count, zMm: [-1000, 4000], powerDb: between(rng, ranges.roomDb) },
      xMm: [from - 2500, to + 2500],
      yMm: [depthMm, depthMm + 4500],
    },
  ]
}
