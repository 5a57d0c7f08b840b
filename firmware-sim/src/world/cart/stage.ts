/**
 * A known face before the antennas of the cart: the air as `radio/` has it, with the boxes that truly stand there, and what
 * a surveyor wrote down of shelves, antennas and shelf tags. Same truth, same air.
 */
import type { WalkScene } from '@lantai/contracts'
import type { AirSetup } from '../radio/air.ts'
import { drawAntennas } from '../radio/cart-antennas.ts'
import { drawAll } from '../radio/draw-all.ts'
import type { Board, Face } from '../radio/face.ts'
import { Population, type SceneBox } from '../radio/population.ts'
import { walkRanges } from '../radio/presets.ts'
import type { Range } from '../radio/range.ts'
import { drawStandingNature, placeBoxes } from '../radio/standing.ts'
import { drawSteel } from '../radio/steel.ts'
import { surroundings } from '../radio/surroundings.ts'
import type { AirTag } from '../radio/tag.ts'
import { Rng } from '../rng.ts'
import type { FaceTruth } from './truth.ts'

export interface CartStage {
  readonly setup: AirSetup
  /** Whole millimetres. */
  readonly survey: Pick<WalkScene, 'antennas' | 'shelves' | 'references'>
  readonly boxes: readonly SceneBox[]
}

const none: Range = [0, 0]
/** What happens to single tags is planted by whoever asks for this face, and not drawn beside. */
const ranges = {
  ...walkRanges.development,
  population: {
    ...walkRanges.development.population,
    ...{ dead: none, weak: none, hidden: none, doubled: none },
    ...{ strays: none, removedNearby: none, referencesDead: none },
  },
}
/** One way, through a sheet of steel: no tag wakes. */
const steelDb = 60
/** How far beyond the boards the cart may stand. */
export const runOutMm = 900

export function stageOf(truth: FaceTruth): CartStage {
  const rng = new Rng(`cart/${truth.seed}`)
  const face = faceOf(truth)
  const nature = drawStandingNature(ranges.standing, rng.fork('standing'))
  const { depthMm } = nature
  const rows = truth.rows.map(
    ({ board, boxes }) =>
      [board.shelf, boxes.map((box) => ({ ...box, kind: 'in-place' as const }))] as const,
  )
  const standing = { rows: new Map(rows), removed: [] }
  const placed = placeBoxes(face, standing, nature, rng.fork('places'))
  const steel = drawSteel(ranges.steel, depthMm, rng.fork('steel'))
  const population = new Population(face, ranges.population, rng.fork('population'))
  const boxes = placed.map((box) => population.addBox(box))
  const references = population.addReferences(depthMm)
  const antennas = drawAntennas(
    { ...ranges.antennas, count: [truth.antennas, truth.antennas] },
    { depthMm, ...population.middling, heightsMm: heightsOf(face.boards) },
    rng.fork('antennas'),
  )
  const trackMm = trackOf(face.boards)
  const place = { owned: population.owned, face, steel, trackMm, depthMm }
  const sources = surroundings(place, ranges.clutter, rng.fork('around'))
  const planted = plant(truth, population.owned)
  return {
    setup: {
      ...{ antennas, tags: planted, sources, trackMm },
      link: drawAll(ranges.link, rng.fork('link')),
      gen2: drawAll(ranges.gen2, rng.fork('gen2')),
    },
    survey: {
      shelves: face.boards.map((b) => ({
        shelf: b.shelf,
        heightMm: Math.round(b.heightMm),
        depthMm: Math.round(depthMm),
        fromMm: Math.round(b.fromMm),
        toMm: Math.round(b.toMm),
      })),
      antennas: antennas.map(({ antenna, offsetMm: [along, up, towards] }) => ({
        antenna,
        offsetMm: [Math.round(along), Math.round(up), Math.round(towards)],
      })),
      references,
    },
    boxes,
  }
}

function faceOf({ rows }: FaceTruth): Face {
  const boards = rows.map((r) => r.board)
  const references = rows.flatMap((r) => r.references)
  const ends = boards.flatMap((b) => [b.fromMm, b.toMm])
  return {
    boards,
    catalogue: new Map(rows.map((r) => [r.board.shelf, r.boxes])),
    uprightsMm: [...new Set(ends)],
    // Shelf tags are all that is drawn beside the boxes, in the order of the boards.
    nextEpc: () => references.shift() ?? '',
  }
}

/** Dead tags are dead, and what stands behind steel is out of reach. */
function plant(
  { rows, dead }: FaceTruth,
  owned: readonly { readonly tag: AirTag; readonly board: Board | null }[],
): AirTag[] {
  const silent = new Set(dead)
  const hidden = new Set(rows.filter((r) => r.obstructed).map((r) => r.board.shelf))
  return owned.map(({ tag, board }) => ({
    ...tag,
    dead: silent.has(tag.epc),
    lossDb: tag.lossDb + (board && hidden.has(board.shelf) ? steelDb : 0),
  }))
}

const heightsOf = (boards: readonly Board[]): Range => {
  const heights = boards.map((b) => b.heightMm)
  return [Math.min(...heights) - 100, Math.max(...heights) + 100]
}
export const trackOf = (boards: readonly Board[]): readonly [number, number] => [
  Math.min(...boards.map((b) => b.fromMm)) - runOutMm,
  Math.max(...boards.map((b) => b.toMm)) + runOutMm,
]
