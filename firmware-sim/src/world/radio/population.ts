/** All tags that the air holds: those of the boxes, of elsewhere, and of the shelves. */
import type { WalkScene } from '@lantai/contracts'
import type { Rng } from '../rng.ts'
import type { Board, CatalogueBox, Face } from './face.ts'
import { between, chanceWithin, type Range } from './range.ts'
import type { PlacedBox } from './standing.ts'
import { type Around, drawStray } from './strays.ts'
import { type AirTag, drawTag, type TagRanges } from './tag.ts'

export interface PopulationRanges extends TagRanges {
  readonly dead: Range
  /** Need more power than others, and how much. */
  readonly weak: Range
  readonly weakDb: Range
  /** Steel, a clip or a hand's width of files before the tag, and what it costs one way. */
  readonly hidden: Range
  readonly hiddenDb: Range
  /** Boxes with two tags of one EPC. */
  readonly doubled: Range
  /** Tags of elsewhere, as a share of the boxes. */
  readonly strays: Range
  /** Of the boxes taken from the shelf, those that ride on the cart or stand across the aisle. */
  readonly removedNearby: Range
  /** Shelf tags that are dead, and how exactly the others were measured, standard deviation. */
  readonly referencesDead: Range
  readonly referenceMm: Range
}

export interface SceneBox extends PlacedBox {
  /** Indices of its tags in the air. */
  readonly tags: readonly number[]
  readonly weak: boolean
}

export interface AbsentBox {
  readonly epc: string
  /** A removed one may still be heard: it rides on the cart, or stands across the aisle. */
  readonly kind: 'stray' | 'removed'
  readonly tags: readonly number[]
}

export interface OwnedTag {
  readonly tag: AirTag
  /** The board it stands on or is glued to; null elsewhere. */
  readonly board: Board | null
}

/** The second tag of a doubled box stands so far above the first. */
const doubleMm: Range = [50, 150]
/** How far from the ends of a board its two shelf tags are glued. */
const fromEndMm: Range = [15, 60]

const middle = ([low, high]: Range) => (low + high) / 2

export class Population {
  readonly owned: OwnedTag[] = []
  readonly #face: Face
  readonly #ranges: PopulationRanges
  readonly #rng: Rng
  readonly #boards: ReadonlyMap<string, Board>

  constructor(face: Face, ranges: PopulationRanges, rng: Rng) {
    this.#face = face
    this.#ranges = ranges
    this.#rng = rng
    this.#boards = new Map(face.boards.map((board) => [board.shelf, board]))
  }

  /** What power is set by. */
  get middling(): { lossDb: number; thresholdDbm: number } {
    const { lossDb, thresholdDbm } = this.#ranges
    return { lossDb: middle(lossDb), thresholdDbm: middle(thresholdDbm) }
  }

  addBox(box: PlacedBox): SceneBox {
    const [rng, ranges] = [this.#rng, this.#ranges]
    const board = this.#boards.get(box.shelf) ?? null
    const tag = drawTag(box.epc, box.tag, ranges, rng)
    const weak = chanceWithin(rng, ranges.weak)
    const hidden = chanceWithin(rng, ranges.hidden) ? between(rng, ranges.hiddenDb) : 0
    const first = this.#own(board, {
      ...tag,
      dead: chanceWithin(rng, ranges.dead),
      thresholdDbm: tag.thresholdDbm + (weak ? between(rng, ranges.weakDb) : 0),
      lossDb: tag.lossDb + hidden,
    })
    if (!chanceWithin(rng, ranges.doubled)) return { ...box, weak, tags: [first] }
    const at = { ...box.tag, zMm: box.tag.zMm + between(rng, doubleMm) }
    return { ...box, weak, tags: [first, this.#own(board, drawTag(box.epc, at, ranges, rng))] }
  }

  /** Strays, and the boxes taken from here; call it after the boxes. */
  addAbsent(removed: readonly CatalogueBox[], around: Around): AbsentBox[] {
    const count = Math.round(this.owned.length * between(this.#rng, this.#ranges.strays))
    return [
      ...Array.from({ length: count }, () => this.#stray(this.#face.nextEpc(), 'stray', around)),
      ...removed.map(
        ({ epc }): AbsentBox =>
          chanceWithin(this.#rng, this.#ranges.removedNearby)
            ? this.#stray(epc, 'removed', around)
            : { epc, kind: 'removed', tags: [] },
      ),
    ]
  }

  /** Two shelf tags a board, at its ends, on its front edge. */
  addReferences(depthMm: number): WalkScene['references'] {
    const [rng, ranges] = [this.#rng, this.#ranges]
    const off = between(rng, ranges.referenceMm)
    const add = (board: Board, xMm: number) => {
      const epc = this.#face.nextEpc()
      const tag = drawTag(epc, { xMm, yMm: depthMm, zMm: board.boardMm }, ranges, rng)
      this.#own(board, { ...tag, dead: chanceWithin(rng, ranges.referencesDead) })
      return { epc, shelf: board.shelf, xMm: Math.round(xMm + off * rng.normal()) }
    }
    return this.#face.boards.flatMap((board) => [
      add(board, board.fromMm + between(rng, fromEndMm)),
      add(board, board.toMm - between(rng, fromEndMm)),
    ])
  }

  #stray(epc: string, kind: AbsentBox['kind'], around: Around): AbsentBox {
    const { at, rides, lossDb } = drawStray(around, this.#rng)
    const tag = drawTag(epc, at, this.#ranges, this.#rng)
    const index = this.#own(null, { ...tag, rides, lossDb: tag.lossDb + lossDb })
    return { epc, kind, tags: [index] }
  }

  #own(board: Board | null, tag: AirTag): number {
    return this.owned.push({ tag, board }) - 1
  }
}
