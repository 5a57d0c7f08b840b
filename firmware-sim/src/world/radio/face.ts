/** One face of a column: sections of boards, what the catalogue says stands on each, and where the shelf tags are. */
import type { Rng } from '../rng.ts'
import { between, type Range, wholeBetween } from './range.ts'

export interface FaceRanges {
  readonly sections: Range
  readonly boards: Range
  readonly sectionMm: Range
  /** Between the boards, and from the floor to the first. */
  readonly pitchMm: Range
  readonly firstMm: Range
  /** Share of a board's length that is full. */
  readonly fill: Range
  /** Shares of boxes of 20, 30, 40, 50 and 100 mm, before they are made to add up. */
  readonly thickness: readonly [Range, Range, Range, Range, Range]
  /** How far the tag sits above the board, on the spine. */
  readonly spineTagMm: Range
}

/** One board of one section. */
export interface Board {
  readonly shelf: string
  readonly section: number
  /** 1 is the lowest. */
  readonly level: number
  /** Of the steel itself. */
  readonly boardMm: number
  /** Of the tags that stand on it. */
  readonly heightMm: number
  readonly fromMm: number
  readonly toMm: number
}

export interface CatalogueBox {
  readonly epc: string
  /** As the catalogue has it: the size that the box is sold as. */
  readonly thicknessMm: number
}

export interface Face {
  readonly boards: readonly Board[]
  /** By shelf, from left to right. */
  readonly catalogue: ReadonlyMap<string, readonly CatalogueBox[]>
  readonly uprightsMm: readonly number[]
  /** New EPCs of the same maker, for what no catalogue knows. */
  readonly nextEpc: () => string
}

/** DA/T 22-2015 spines, and wide boxes. */
const spinesMm = [20, 30, 40, 50, 100] as const
/** An upright between two sections. */
const uprightMm = 25

export function drawFace(ranges: FaceRanges, rng: Rng): Face {
  const boards = drawBoards(ranges, rng.fork('steel'))
  const nextEpc = epcSource(rng.fork('epc'))
  const filling = rng.fork('boxes')
  const weights = ranges.thickness.map((range) => between(filling, range))
  const fill = between(filling, ranges.fill)
  const catalogue = boards.map((board) => {
    const room = (board.toMm - board.fromMm) * Math.min(0.95, fill * between(filling, [0.85, 1.15]))
    return [board.shelf, drawRow(room, weights, nextEpc, filling)] as const
  })
  return {
    boards,
    catalogue: new Map(catalogue),
    uprightsMm: uprightsOf(boards),
    nextEpc,
  }
}

function drawBoards(ranges: FaceRanges, rng: Rng): Board[] {
  const column = rng.int(1, 45)
  const letter = rng.pick(['A', 'B'])
  const sections = wholeBetween(rng, ranges.sections)
  const levels = wholeBetween(rng, ranges.boards)
  const wide = between(rng, ranges.sectionMm)
  const pitch = between(rng, ranges.pitchMm)
  const first = between(rng, ranges.firstMm)
  const spineTag = between(rng, ranges.spineTagMm)
  const start = between(rng, [0, 400])
  const boards: Board[] = []
  for (let section = 1; section <= sections; section++)
    for (let level = 1; level <= levels; level++) {
      const fromMm = start + (section - 1) * (wide + uprightMm)
      const boardMm = first + (level - 1) * pitch
      boards.push({
        shelf: `${column}${letter}-${section}-${level}`,
        section,
        level,
        boardMm,
        heightMm: boardMm + spineTag,
        fromMm,
        toMm: fromMm + wide,
      })
    }
  return boards
}

const uprightsOf = (boards: readonly Board[]): number[] => [
  ...new Set(boards.flatMap((b) => [b.fromMm - uprightMm / 2, b.toMm + uprightMm / 2])),
]

function drawRow(
  roomMm: number,
  weights: readonly number[],
  nextEpc: () => string,
  rng: Rng,
): CatalogueBox[] {
  const row: CatalogueBox[] = []
  for (let used = 0; ; ) {
    const thicknessMm = drawSpine(weights, rng)
    used += thicknessMm
    if (used > roomMm) return row
    row.push({ epc: nextEpc(), thicknessMm })
  }
}

export function drawSpine(weights: readonly number[], rng: Rng): number {
  let left = rng.float() * weights.reduce((sum, w) => sum + w, 0)
  for (const [i, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return spinesMm[i] as number
  }
  return spinesMm[2]
}

/** 96 bits: a maker's prefix, and serials as they come from the roll, in no order of the shelf. */
function epcSource(rng: Rng): () => string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => rng.int(0, 15).toString(16)).join('')
  const prefix = hex(10)
  const used = new Set<string>()
  return () => {
    let serial = hex(14)
    while (used.has(serial)) serial = hex(14)
    used.add(serial)
    return (prefix + serial).toUpperCase()
  }
}
