/**
 * A face with everything on it and around it, and a cart before it, drawn from ranges by a seed: what the air needs,
 * what the locator may know, and what is true. Nothing has been read yet.
 */
import type { WalkScene } from '@lantai/contracts'
import { Rng } from '../rng.ts'
import type { AirSetup } from './air.ts'
import type { AirAntenna } from './antenna.ts'
import { type AntennaRanges, drawAntennas } from './cart-antennas.ts'
import { drawAll, type EachBetween } from './draw-all.ts'
import { type Board, drawFace, type Face, type FaceRanges } from './face.ts'
import type { Gen2Settings } from './gen2.ts'
import type { LinkSettings } from './link.ts'
import { type MisplacingRanges, misplace } from './misplacing.ts'
import { type AbsentBox, Population, type PopulationRanges, type SceneBox } from './population.ts'
import { between, chanceWithin, type Range } from './range.ts'
import { drawStandingNature, placeBoxes, type StandingRanges } from './standing.ts'
import { drawSteel, type SteelRanges } from './steel.ts'
import { type ClutterRanges, surroundings } from './surroundings.ts'

export interface SceneRanges {
  readonly face: FaceRanges
  readonly standing: StandingRanges
  readonly misplacing: MisplacingRanges
  readonly population: PopulationRanges
  readonly steel: SteelRanges
  readonly clutter: ClutterRanges
  readonly antennas: AntennaRanges
  readonly link: EachBetween<LinkSettings>
  readonly gen2: EachBetween<Gen2Settings>
  /** How exactly shelves and antennas were measured, standard deviation. */
  readonly surveyMm: Range
  /** Chance that nobody measured the depth. */
  readonly depthUnknown: Range
  /** How far beyond the boards the cart walks. */
  readonly runOutMm: Range
}

export interface RadioScene {
  readonly setup: AirSetup
  /** What stands on the face, by shelf and rank. */
  readonly boxes: readonly SceneBox[]
  /** What does not: strays, and boxes taken from here. */
  readonly absent: readonly AbsentBox[]
  /** All that the locator is told, but for the odometer. */
  readonly told: Omit<WalkScene, 'poses'>
  readonly face: Face
}

export function drawScene(seed: string, ranges: SceneRanges): RadioScene {
  const rng = new Rng(`radio/${seed}`)
  const face = drawFace(ranges.face, rng.fork('face'))
  const nature = drawStandingNature(ranges.standing, rng.fork('standing'))
  const standing = misplace(face, ranges.misplacing, rng.fork('misplacing'))
  const placed = placeBoxes(face, standing, nature, rng.fork('places'))
  const { depthMm } = nature
  const steel = drawSteel(ranges.steel, depthMm, rng.fork('steel'))
  const population = new Population(face, ranges.population, rng.fork('population'))
  const boxes = placed.map((box) => population.addBox(box))
  const absent = population.addAbsent(standing.removed, { boards: face.boards, depthMm, steel })
  const references = population.addReferences(depthMm)
  const antennas = drawAntennas(
    ranges.antennas,
    { depthMm, ...population.middling, heightsMm: heightsOf(face.boards) },
    rng.fork('antennas'),
  )
  const trackMm = trackOf(face.boards, ranges.runOutMm, rng.fork('track'))
  const sources = surroundings(
    { owned: population.owned, face, steel, trackMm, depthMm },
    ranges.clutter,
    rng.fork('around'),
  )
  return {
    setup: {
      antennas,
      tags: population.owned.map((o) => o.tag),
      sources,
      trackMm,
      link: drawAll(ranges.link, rng.fork('link')),
      gen2: drawAll(ranges.gen2, rng.fork('gen2')),
    },
    boxes,
    absent,
    told: {
      ...survey(face.boards, antennas, depthMm, ranges, rng.fork('survey')),
      references,
      expected: expectedOf(face),
    },
    face,
  }
}

/** Antennas are spread a little beyond the lowest and the highest tags. */
const heightsOf = (boards: readonly Board[]): Range => {
  const heights = boards.map((b) => b.heightMm)
  return [Math.min(...heights) - 100, Math.max(...heights) + 100]
}

function trackOf(boards: readonly Board[], runOutMm: Range, rng: Rng): readonly [number, number] {
  const from = Math.min(...boards.map((b) => b.fromMm))
  const to = Math.max(...boards.map((b) => b.toMm))
  return [from - between(rng, runOutMm), to + between(rng, runOutMm)]
}

const expectedOf = (face: Face): WalkScene['expected'] =>
  [...face.catalogue].flatMap(([shelf, row]) =>
    row.map((box, i) => ({ epc: box.epc, shelf, rank: i + 1, thicknessMm: box.thicknessMm })),
  )

/** Shelves and antennas as somebody measured them, whole millimetres. */
function survey(
  boards: readonly Board[],
  antennas: readonly AirAntenna[],
  depthMm: number,
  ranges: SceneRanges,
  rng: Rng,
): Pick<WalkScene, 'shelves' | 'antennas'> {
  const off = between(rng, ranges.surveyMm)
  const measured = (mm: number) => Math.round(mm + off * rng.normal())
  const depth = chanceWithin(rng, ranges.depthUnknown) ? null : measured(depthMm)
  return {
    shelves: boards.map((board) => ({
      shelf: board.shelf,
      heightMm: measured(board.heightMm),
      depthMm: depth,
      fromMm: measured(board.fromMm),
      toMm: measured(board.toMm),
    })),
    antennas: antennas.map(({ antenna, offsetMm: [along, up, towards] }) => ({
      antenna,
      offsetMm: [measured(along), measured(up), measured(towards)],
    })),
  }
}
