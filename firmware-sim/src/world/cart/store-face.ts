/** One face of the demo store as it truly is now: steel from the layout, boxes from where they were put. */
import { faceOf, formatAddress, parseAddress } from '@lantai/contracts'
import { sections, shelfWidthMm, shelves } from '../catalogue/layout.ts'
import { giai96 } from '../catalogue/numbers.ts'
import type { Places } from '../places.ts'
import type { Board } from '../radio/face.ts'
import type { FaceTruth, TrueRow } from './truth.ts'

/** Uprights, and what is left of a column's depth. */
const betweenMm = 60
const firstBoardMm = 120
const pitchMm = 360
/** The tag on a spine, above its board. */
const spineTagMm = 110
export const cartAntennas = 4
const referenceAsset = 600_000_001

export interface Planted {
  /** EPCs of tags that are dead. */
  readonly dead: readonly string[]
  /** Shelves behind something of steel, as `24A-1-3`. */
  readonly obstructed: readonly string[]
}

/** Shelves that have boxes on them, by place or by home; none where the face is empty or not in the store. */
export function storeFace(seed: string, face: string, places: Places, planted: Planted): FaceTruth {
  const rows = new Map<string, { epc: string; thicknessMm: number; order: number }[]>()
  for (const box of places.boxes) {
    const home = parseAddress(box.home)
    const now = parseAddress(places.placeOf(box.code))
    // A shelf whose boxes are all away is walked past all the same.
    if (home && faceOf(home) === face) rowOf(rows, shelfOf(home))
    if (!now?.slot || faceOf(now) !== face) continue
    const moved = box.home === formatAddress(now) ? 0 : 0.5
    const order = now.slot + moved
    rowOf(rows, shelfOf(now)).push({ epc: box.epc, thicknessMm: box.spineMm, order })
  }
  const boards = [...rows.keys()].sort(byPlace)
  return {
    seed: `${seed}/${face}`,
    rows: boards.map(
      (shelf, i): TrueRow => ({
        board: boardOf(shelf),
        boxes: (rows.get(shelf) ?? [])
          .sort((a, b) => a.order - b.order)
          .map(({ epc, thicknessMm }) => ({ epc, thicknessMm })),
        references: [referenceEpc(face, 2 * i), referenceEpc(face, 2 * i + 1)],
        obstructed: planted.obstructed.includes(shelf),
      }),
    ),
    dead: planted.dead,
    antennas: cartAntennas,
  }
}

type Address = NonNullable<ReturnType<typeof parseAddress>>
const shelfOf = ({ slot: _, ...shelf }: Address) => formatAddress(shelf)

function rowOf<T>(rows: Map<string, T[]>, shelf: string): T[] {
  const row = rows.get(shelf) ?? []
  rows.set(shelf, row)
  return row
}

/** By section, then from the top down, as a person looks along it. */
const byPlace = (a: string, b: string) => {
  const [x, y] = [parseAddress(a), parseAddress(b)]
  return (x?.section ?? 0) - (y?.section ?? 0) || (y?.shelf ?? 0) - (x?.shelf ?? 0)
}

/** Section 1 is the leftmost as seen from the aisle, shelf 1 the lowest. */
function boardOf(shelf: string): Board {
  const { section = 1, shelf: level = 1 } = parseAddress(shelf) ?? {}
  const fromMm = betweenMm / 2 + (Math.min(section, sections) - 1) * (shelfWidthMm + betweenMm)
  const boardMm = firstBoardMm + (Math.min(level, shelves) - 1) * pitchMm
  return {
    ...{ shelf, section, level, boardMm, heightMm: boardMm + spineTagMm },
    ...{ fromMm, toMm: fromMm + shelfWidthMm },
  }
}

/** Shelf tags have numbers of their own, which no box has. */
function referenceEpc(face: string, n: number): string {
  const { column = 0, side = 'A' } = parseAddress(face) ?? {}
  return giai96(referenceAsset + (2 * column + (side === 'A' ? 0 : 1)) * 1000 + n)
}
