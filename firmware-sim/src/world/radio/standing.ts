/** Where each box truly stands: pushed together from the left, more or less flush, with a hole here and there. */
import type { Rng } from '../rng.ts'
import type { Board, Face } from './face.ts'
import type { Point } from './geometry.ts'
import type { BoxKind, Standing, StandingBox } from './misplacing.ts'
import { between, chanceWithin, type Range } from './range.ts'

export interface StandingRanges {
  /** From the rail to the fronts. */
  readonly depthMm: Range
  /** Boxes bulge, standard deviation. */
  readonly bulgeMm: Range
  readonly gapMm: Range
  /** Chance that a box has a hole on its left, and how wide. */
  readonly holes: Range
  readonly holeMm: Range
  /** How exactly tags are glued, standard deviation, along and up. */
  readonly glueMm: Range
  /** How flush the fronts are, standard deviation. */
  readonly flushMm: Range
  readonly pushedBack: Range
  readonly pushedBackMm: Range
  readonly upsideDown: Range
}

export interface PlacedBox {
  readonly epc: string
  readonly kind: BoxKind
  readonly shelf: string
  /** Among all boxes of the shelf, from 1. */
  readonly rank: number
  readonly pushedBackMm: number
  readonly tag: Point
}

/** Height of an archive box (DA/T 22-2015). */
const boxMm = 310

/** Drawn once for a scene. */
export interface StandingNature {
  readonly depthMm: number
  readonly bulgeMm: number
  readonly glueMm: number
  readonly flushMm: number
  readonly ranges: StandingRanges
}

export const drawStandingNature = (ranges: StandingRanges, rng: Rng): StandingNature => ({
  depthMm: between(rng, ranges.depthMm),
  bulgeMm: between(rng, ranges.bulgeMm),
  glueMm: between(rng, ranges.glueMm),
  flushMm: between(rng, ranges.flushMm),
  ranges,
})

export const placeBoxes = (
  face: Face,
  standing: Standing,
  nature: StandingNature,
  rng: Rng,
): PlacedBox[] =>
  face.boards.flatMap((board) =>
    placeRow(board, standing.rows.get(board.shelf) ?? [], nature, rng.fork(board.shelf)),
  )

function placeRow(
  board: Board,
  row: readonly StandingBox[],
  nature: StandingNature,
  rng: Rng,
): PlacedBox[] {
  const { ranges } = nature
  const widths = row.map((box) => Math.max(8, box.thicknessMm + nature.bulgeMm * rng.normal()))
  const gaps = row.map(() =>
    chanceWithin(rng, ranges.holes) ? between(rng, ranges.holeMm) : between(rng, ranges.gapMm),
  )
  const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0)
  const free = board.toMm - board.fromMm - sum(widths)
  /** Nothing stands beyond the board: gaps give way, and bulging boxes are pressed together. */
  const give = Math.max(0, Math.min(1, free / Math.max(1, sum(gaps))))
  const press = Math.min(1, 1 + free / Math.max(1, sum(widths)))
  let at = board.fromMm
  return row.map((box, i) => {
    at += (gaps[i] as number) * give
    const width = (widths[i] as number) * press
    const centre = at + width / 2
    at += width
    return placeBox(board, box, i + 1, centre, nature, rng)
  })
}

function placeBox(
  board: Board,
  box: StandingBox,
  rank: number,
  centreMm: number,
  nature: StandingNature,
  rng: Rng,
): PlacedBox {
  const { ranges } = nature
  const pushedBackMm = chanceWithin(rng, ranges.pushedBack) ? between(rng, ranges.pushedBackMm) : 0
  const spineTag = board.heightMm - board.boardMm
  const up = chanceWithin(rng, ranges.upsideDown) ? boxMm - spineTag : spineTag
  return {
    ...{ epc: box.epc, kind: box.kind, shelf: board.shelf, rank, pushedBackMm },
    tag: {
      xMm: centreMm + nature.glueMm * rng.normal(),
      yMm: nature.depthMm + pushedBackMm + nature.flushMm * rng.normal(),
      zMm: board.boardMm + up + 3 * nature.glueMm * rng.normal(),
    },
  }
}
