/** All other ways of the wave to every tag of a scene: steel, neighbours, clutter. */
import type { Rng } from '../rng.ts'
import type { AirSetup } from './air.ts'
import { type ClutterBox, clutterOf, drawScatterers, scaleClutter } from './clutter.ts'
import type { Board, Face } from './face.ts'
import type { Point } from './geometry.ts'
import type { OwnedTag } from './population.ts'
import { between, type Range } from './range.ts'
import { imageIn } from './source.ts'
import { drawCoupling, mirrorsOf, overNeighbours, type Steel } from './steel.ts'

export interface ClutterRanges {
  /** Diffuse power against the direct way, on the mean over the tags of a scene. */
  readonly diffuseDb: Range
  /** Weight of the scatterers between the boxes against those in the aisle and the room. */
  readonly nearWeight: Range
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
  const clutterRng = rng.fork('clutter')
  const scatterers = scaleClutter(
    drawScatterers(clutterBoxes(place, between(clutterRng, ranges.nearWeight)), clutterRng),
    owned.flatMap(({ tag, board }) => (board ? [tag.at] : [])),
    between(clutterRng, ranges.diffuseDb),
  )
  return (at, tag) => [
    ...(mirrors[tag] ?? []).map((mirror) => imageIn(mirror, at)),
    ...overNeighbours(at, coupled[tag] ?? [], points),
    ...clutterOf(scatterers, at),
  ]
}

/** What rides along stays beside nothing. */
const nowhere = (i: number): Point => ({ xMm: -1e7 - 1e4 * i, yMm: 0, zMm: 0 })

function pitchOf(boards: readonly Board[]): number {
  const [first, second] = boards
  return first && second ? second.boardMm - first.boardMm : 350
}

/** Scatterers a metre of face: between the boxes, and in the aisle and the room behind it. */
const nearPerMetre = 50
const farPerMetre = 40
const roomMm: Range = [0, 2600]

function clutterBoxes(place: Place, nearWeight: number): ClutterBox[] {
  const [from, to] = place.trackMm
  const { depthMm, steel } = place
  const metres = (to - from) / 1000
  return [
    {
      xMm: [from - 300, to + 300],
      yMm: [depthMm - 30, depthMm + steel.panelMm],
      zMm: roomMm,
      count: Math.round(nearPerMetre * metres),
      weight: nearWeight,
    },
    {
      xMm: [from - 1500, to + 1500],
      yMm: [-steel.oppositeMm - 300, depthMm - 100],
      zMm: roomMm,
      count: Math.round(farPerMetre * (metres + 3)),
      weight: 1,
    },
  ]
}
