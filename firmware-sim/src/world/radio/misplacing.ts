/** What people did to the order since the catalogue was right. */
import type { Rng } from '../rng.ts'
import { type Board, type CatalogueBox, drawSpine, type Face } from './face.ts'
import { between, type Range } from './range.ts'

export interface MisplacingRanges {
  /** Shares of all boxes that changed places with their neighbour, went astray on their shelf, or to another. */
  readonly swapped: Range
  readonly movedOnShelf: Range
  readonly movedShelf: Range
  /** Boxes that stand here and that no catalogue of this face knows, as a share of all. */
  readonly foreign: Range
  readonly removed: Range
}

export type BoxKind =
  | 'in-place'
  | 'swapped'
  | 'moved-shelf'
  | 'moved-on-shelf'
  | 'foreign'
  | 'stray'
  | 'removed'

export interface StandingBox extends CatalogueBox {
  readonly kind: BoxKind
}

/** By shelf, what truly stands there from left to right; and what is gone. */
export interface Standing {
  readonly rows: ReadonlyMap<string, readonly StandingBox[]>
  readonly removed: readonly CatalogueBox[]
}

/** A board takes another box while so much of its length is free. */
const slackMm = 10

export function misplace(face: Face, ranges: MisplacingRanges, rng: Rng): Standing {
  const rows = new Map(
    [...face.catalogue].map(([shelf, row]) => [
      shelf,
      row.map((box): StandingBox => ({ ...box, kind: 'in-place' })),
    ]),
  )
  const acts = new Acts(face, rows, rng)
  /** So many of all boxes, each act moving one or two; the mean is kept where faces are small. */
  const acted = (range: Range, boxes = 1) =>
    Math.floor((acts.total * between(rng, range)) / boxes + rng.float())
  const removed: CatalogueBox[] = []
  for (let n = acted(ranges.removed); n > 0; n--) removed.push(...acts.take())
  for (let n = acted(ranges.swapped, 2); n > 0; n--) acts.swap()
  for (let n = acted(ranges.movedOnShelf); n > 0; n--) acts.moveOnShelf()
  for (let n = acted(ranges.movedShelf); n > 0; n--) acts.moveShelf()
  for (let n = acted(ranges.foreign); n > 0; n--) acts.addForeign()
  return { rows, removed }
}

/** Each act picks a box that is still in its place; a few in vain when a face is nearly empty. */
class Acts {
  readonly total: number
  readonly #rows: Map<string, StandingBox[]>
  readonly #face: Face
  readonly #rng: Rng

  constructor(face: Face, rows: Map<string, StandingBox[]>, rng: Rng) {
    this.#face = face
    this.#rows = rows
    this.#rng = rng
    this.total = [...rows.values()].reduce((n, row) => n + row.length, 0)
  }

  take(): StandingBox[] {
    const at = this.#pick()
    return at ? at.row.splice(at.i, 1) : []
  }

  /** With the right neighbour, if that is in its place too. */
  swap(): void {
    for (let tries = 0; tries < 20; tries++) {
      const at = this.#pick()
      const [left, right] = [at?.row[at.i], at?.row[at.i + 1]]
      if (!at || !left || right?.kind !== 'in-place') continue
      at.row.splice(at.i, 2, { ...right, kind: 'swapped' }, { ...left, kind: 'swapped' })
      return
    }
  }

  /** At least two places from where it was: one would be a swap. */
  moveOnShelf(): void {
    for (let tries = 0; tries < 20; tries++) {
      const at = this.#pick()
      if (!at || at.row.length < 4) continue
      const to = this.#rng.int(0, at.row.length - 1)
      if (Math.abs(to - at.i) < 2) continue
      const [box] = at.row.splice(at.i, 1) as [StandingBox]
      at.row.splice(to, 0, { ...box, kind: 'moved-on-shelf' })
      return
    }
  }

  moveShelf(): void {
    const at = this.#pick()
    const box = at?.row[at.i]
    if (!at || !box) return
    const board = this.#boardFor(box.thicknessMm, at.shelf)
    if (!board) return
    at.row.splice(at.i, 1)
    this.#insert(board, { ...box, kind: 'moved-shelf' })
  }

  addForeign(): void {
    const thicknessMm = drawSpine([1, 1, 1, 1, 0], this.#rng)
    const board = this.#boardFor(thicknessMm, null)
    if (board) this.#insert(board, { epc: this.#face.nextEpc(), thicknessMm, kind: 'foreign' })
  }

  #insert(board: Board, box: StandingBox): void {
    const row = this.#rows.get(board.shelf) as StandingBox[]
    row.splice(this.#rng.int(0, row.length), 0, box)
  }

  /** One with room, most often beside the one it came from: people reach for the next board. */
  #boardFor(thicknessMm: number, from: string | null): Board | null {
    const { boards } = this.#face
    const home = boards.find((b) => b.shelf === from)
    const free = boards.filter((b) => b !== home && this.#slack(b) >= thicknessMm + slackMm)
    const near = free.filter(
      (b) => home && Math.abs(b.level - home.level) + Math.abs(b.section - home.section) === 1,
    )
    if (near.length > 0 && this.#rng.chance(0.6)) return this.#rng.pick(near)
    return free.length > 0 ? this.#rng.pick(free) : null
  }

  #slack(board: Board): number {
    const row = this.#rows.get(board.shelf) ?? []
    return board.toMm - board.fromMm - row.reduce((sum, box) => sum + box.thicknessMm, 0)
  }

  #pick(): { shelf: string; row: StandingBox[]; i: number } | null {
    const places = [...this.#rows].flatMap(([shelf, row]) =>
      row.flatMap((box, i) => (box.kind === 'in-place' ? [{ shelf, row, i }] : [])),
    )
    return places.length > 0 ? this.#rng.pick(places) : null
  }
}
