import type { OrderConstants } from '../constants.ts'
import { lnAdd } from '../math.ts'
import { numbers } from '../scratch.ts'
import { type Board, type Ends, endsOf } from './board.ts'
import { type Drift, type Pull, pullsOf } from './drift.ts'
import { advance, moveOf } from './gaps.ts'
import type { LnTogether } from './neighbours.ts'
import { edgesOf, lnGoing, type Options, optionsOf, outOfSequence, type RowNow } from './options.ts'
import { type Place, sampled } from './place.ts'
import { type Gaps, gapsFor } from './sequence.ts'
import {
  type Item,
  insertion,
  type Look,
  lookOf,
  type RowSums,
  resumed,
  type Scaled,
  sumsOf,
  type Width,
  zeros,
} from './sums.ts'

/** What the catalogue has on this shelf, from left to right. */
export interface Slot {
  thicknessMm: number
  /** Probability that its box stands there unread: 0 where it was read, here or elsewhere. */
  silent: number
}

/** Where a box stands; mm of the rail. */
export interface Standing {
  x: number
  sigma: number
}

/** A gain that is none. */
const nearlyNothing = 1e-6

/**
 * What stands on one shelf, and in which order, by catalogue, widths and radio together (locating 6.11). Boxes stand
 * tight, but for a hole here and there; sums over all places of all boxes say how likely an order is.
 */
export class Row {
  readonly #board: Board
  readonly #ends: Ends
  readonly #slots: readonly Slot[]
  readonly #lnTogether: LnTogether
  /** How boxes stand to each other, as the row was given it. */
  readonly #packing: OrderConstants
  #c: OrderConstants
  /** ln of the odds from which on a box is put out of sequence. */
  #lnLeast: number
  /** Nothing tells where its slots are before a box was read. */
  readonly #adrift: boolean
  #items: readonly Item[]
  /** Of the items as they were when they were last asked for. */
  #summed: { items: readonly Item[]; sums: RowSums }
  #now: RowNow | null = null
  #options: Options[] = []
  /** Room for a box of this thickness, by its right edge, over all gaps. */
  #rooms = new Map<number, Float64Array>()

  readonly #drift: Float64Array

  constructor(
    ends: Omit<Board, 'boxesMm'>,
    slots: readonly Slot[],
    lnTogether: LnTogether,
    c: OrderConstants,
    drift: Drift = () => 0,
  ) {
    this.#c = c
    this.#packing = c
    this.#lnLeast = Math.log(c.firstOdds)
    this.#lnTogether = (boxes, others, at) => lnTogether(boxes, others, at + drift(at))
    this.#slots = slots
    this.#board = { ...ends, boxesMm: slots.reduce((sum, s) => sum + s.thicknessMm, 0) }
    this.#ends = endsOf(this.#board, c)
    const { from, step, n } = this.#ends.grid
    this.#drift = new Float64Array(n).map((_, e) => drift(from + e * step))
    this.#adrift = ends.fromMm === null
    this.#items = slots.flatMap(({ thicknessMm, silent }, slot): Item[] => {
      const width = { thicknessMm, weight: silent, move: moveOf(thicknessMm, c), reads: null }
      const look = lookOf(1 - silent, [width])
      return silent > 0 ? [{ box: -1, slot, inSequence: true, look }] : []
    })
    const { start, end } = this.#ends
    this.#summed = { items: this.#items, sums: sumsOf(this.#items, start, end) }
  }

  get items(): readonly Item[] {
    return this.#items
  }

  /** What a box that was read does to this row; of unknown thickness (null), it is one of those that are sold. */
  lookOf(place: Place, thicknessMm: number | null): Look {
    const sold = thicknessMm === null ? this.#c.soldMm : [thicknessMm]
    const widths = sold.map(
      (mm): Width => ({
        thicknessMm: mm,
        weight: 1 / sold.length,
        move: moveOf(mm, this.#packing),
        reads: sampled(place, this.#ends.grid, this.#drift, -mm / 2),
      }),
    )
    return lookOf(0, widths)
  }

  #change(items: readonly Item[]) {
    this.#items = items
    this.#now = null
    this.#options = []
    this.#rooms.clear()
  }

  #sum(): RowSums {
    if (this.#summed.items !== this.#items)
      this.#summed = { items: this.#items, sums: resumed(this.#items, this.#summed) }
    return this.#summed.sums
  }

  #asItIs(): RowNow {
    const sums = this.#sum()
    const { from } = this.#ends.grid
    this.#now ??= {
      ...{ items: this.#items, sums, edges: edgesOf(sums), fromMm: from },
      ...{ placed: [], beside: [] },
    }
    return this.#now
  }

  /** Boxes in their slots, as the catalogue has them. */
  shelve(boxes: readonly { box: number; slot: number; look: Look }[]) {
    const added = boxes.map((b): Item => ({ ...b, inSequence: true }))
    this.#change([...this.#items, ...added].sort((a, b) => a.slot - b.slot))
  }

  /** Puts a box where it fits best. */
  put(box: number, slot: number, look: Look) {
    const gaps = gapsFor(this.#items, slot, this.#c)
    const { left, right } = this.#sum()
    const score = gaps.ln.map(
      (prior, g) =>
        prior +
        this.#lnPut(gaps, slot, g) +
        insertion(left[g] as Scaled, look, right[g] as Scaled).ln,
    )
    const at = score.indexOf(score.reduce((a, b) => Math.max(a, b)))
    this.#insert({ box, slot, inSequence: isIn(gaps, at), look }, Math.max(0, at))
  }

  #insert(item: Item, at: number) {
    this.#change([...this.#items.slice(0, at), item, ...this.#items.slice(at)])
  }

  take(box: number) {
    this.#change(this.#items.filter((it) => it.box !== box))
  }

  /** ln of how much likelier the row is with this box, anywhere in it, than without; per mm of the place of its reads. */
  lnWith(slot: number, look: Look): number {
    if (slot < 0) return this.#lnAnywhere(look)
    const gaps = gapsFor(this.#items, slot, this.#c)
    const { left, right, ln } = this.#sum()
    let sum = Math.log(this.#c.moved) + this.#lnAnywhere(look)
    for (let g = gaps.first; g <= gaps.last; g++) {
      const here = insertion(left[g] as Scaled, look, right[g] as Scaled).ln - ln
      sum = lnAdd(sum, (gaps.ln[g] as number) + here)
    }
    return sum
  }

  /** The same of a box that stands here. */
  lnHere(box: number): number {
    const { ln, lnWithout } = this.optionsOf(this.#items.findIndex((it) => it.box === box))
    return ln.reduce(lnAdd) - lnWithout
  }

  /** ln of how much better a box that is not here goes with those that are, in the gaps where its reads want it. */
  lnGoing(box: number, slot: number, look: Look): number {
    return lnGoing(
      this.#asItIs(),
      { box, slot, inSequence: false, look },
      this.#lnTogether,
      this.#c,
    )
  }

  #lnAnywhere({ widths }: Look): number {
    let sum = 0
    for (const { thicknessMm, weight, move, reads } of widths) {
      const room = this.#rooms.get(thicknessMm) ?? this.#roomFor(move)
      this.#rooms.set(thicknessMm, room)
      if (!reads) continue
      for (let e = 0; e < room.length; e++)
        sum += weight * (reads[e] as number) * (room[e] as number)
    }
    return Math.log(sum) - Math.log(this.#items.length + 1)
  }

  #roomFor(move: Width['move']): Float64Array {
    const { left, right, ln } = this.#sum()
    const room = numbers(this.#ends.grid.n)
    for (let g = 0; g < left.length; g++) {
      const l = left[g] as Scaled
      const r = right[g] as Scaled
      const moved = zeros(room, r.first, r.last)
      advance(l, move, Math.exp(l.ln + r.ln - ln), moved, r.first, r.last)
      for (let e = r.first; e <= r.last; e++)
        room[e] = (room[e] as number) + (moved[e] as number) * (r.density[e] as number)
    }
    return room
  }

  /** Where else the k-th item may stand. */
  optionsOf(k: number): Options {
    this.#options[k] ??= optionsOf(this.#asItIs(), k, this.#lnTogether, this.#c)
    return this.#options[k]
  }

  /** A box is put out of sequence only where that is likelier by so much. */
  #lnPut(gaps: Gaps, slot: number, gap: number): number {
    return slot < 0 || isIn(gaps, gap) ? 0 : -this.#lnLeast
  }

  /** Moves one box after the other as long as the row gains by it. */
  settle() {
    for (let round = 0; round < 3 * this.#items.length; round++) {
      const best = this.#bestMove()
      if (!best) return
      this.#items = this.#items.filter((_, i) => i !== best.k)
      this.#insert({ ...best.item, inSequence: best.inSequence }, best.to)
    }
  }

  #bestMove() {
    let best: { k: number; item: Item; to: number; inSequence: boolean } | null = null
    let most = nearlyNothing
    for (let k = 0; k < this.#items.length; k++) {
      const item = this.#items[k] as Item
      if (item.box < 0) continue
      const { ln, here, gaps } = this.optionsOf(k)
      const now = (ln[here] as number) + this.#lnPut(gaps, item.slot, here)
      for (let to = 0; to < ln.length; to++) {
        const gain = (ln[to] as number) + this.#lnPut(gaps, item.slot, to) - now
        if (gain <= most) continue
        most = gain
        best = { k, item, to, inSequence: isIn(gaps, to) }
      }
    }
    return best
  }

  /** Probability that it is out of sequence, for every box that has its slot here. */
  movedShares(): number[] {
    return this.#items.flatMap(({ box, slot }, k) =>
      box >= 0 && slot >= 0 ? [outOfSequence(this.optionsOf(k))] : [],
    )
  }

  /** The same for every box that stands in it. */
  unsettled(): number[] {
    return this.#items.flatMap(({ box, slot, inSequence }, k) =>
      box >= 0 && slot >= 0 && inSequence ? [outOfSequence(this.optionsOf(k))] : [],
    )
  }

  /** Goes on with another share of boxes out of sequence, from other odds on. */
  reckonWith(moved: number, lnLeast: number) {
    this.#c = { ...this.#c, moved }
    this.#lnLeast = lnLeast
    this.#options = []
    this.settle()
  }

  /** Where the k-th item stands, as its reads and its neighbours have it together. */
  standing(k: number): Standing {
    const { left, right } = this.#sum()
    const { from, step } = this.#ends.grid
    let [sum, moment, square] = [0, 0, 0]
    for (const { thicknessMm, weight, move, reads } of (this.#items[k] as Item).look.widths) {
      const { density, first, last } = right[k + 1] as Scaled
      const edges = zeros(density, first, last)
      advance(left[k] as Scaled, move, weight, edges, first, last)
      for (let e = first; e <= last; e++) {
        const seen = reads ? (reads[e] as number) : 1
        const w = (edges[e] as number) * seen * (density[e] as number)
        const x = e * step - thicknessMm / 2
        sum += w
        moment += w * x
        square += w * x * x
      }
    }
    const mean = moment / sum
    return { x: from + mean, sigma: Math.sqrt(Math.max(1, square / sum - mean * mean)) }
  }

  /** Which way the reads of the boxes in sequence pull from where they stand, were they packed as `c` has it. */
  pulls(c: OrderConstants): Pull[] {
    return pullsOf(this.#items, endsOf(this.#board, c), c)
  }

  /** Where a slot of the catalogue is, NaN where nothing tells. */
  slotX(slot: number): number {
    const nobody = this.#items.every((it) => it.box < 0)
    if (this.#adrift && nobody) return Number.NaN
    const k = this.#items.findIndex((it) => it.slot === slot && it.inSequence)
    if (k >= 0) return this.standing(k).x
    const { from, step } = this.#ends.grid
    const { first } = gapsFor(this.#items, slot, this.#c)
    const { thicknessMm } = this.#slots[slot] as Slot
    return from + (this.#asItIs().edges[first] as number) * step + thicknessMm / 2
  }
}

const isIn = ({ first, last }: Gaps, gap: number): boolean => gap >= first && gap <= last
