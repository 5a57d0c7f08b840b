import { boardEnds, type ShelfBelief } from './assign.ts'
import type { Catalogue, CatalogueSlot } from './catalogue.ts'
import { evenLn } from './confidence.ts'
import type { Drift } from './order/drift.ts'
import { densityAt } from './order/place.ts'
import { Row, type Slot } from './order/row.ts'
import type { Look } from './order/sums.ts'
import { lnTogetherOn } from './side-by-side.ts'
import type { OnTier, TagEvidence } from './tag-evidence.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

const nowhere = -1
const mostMoves = 3

/** The likeliest shelf, −1 for none of them. */
export function likeliest(b: ShelfBelief): number {
  let best = b.lnStray
  let shelf = nowhere
  for (const [i, l] of b.ln.entries())
    if (l > best) {
      best = l
      shelf = b.shelves[i] as number
    }
  return shelf
}

/** One row for every shelf of the catalogue, null where it has none there. */
function rowsOf(
  walk: Walk,
  catalogue: Catalogue,
  evidence: readonly TagEvidence[],
  drifts: readonly Drift[],
): (Row | null)[] {
  const heard = new Set(evidence.map((e) => e.belief.tag))
  const { scene, constants, poseX } = walk
  const reach = [poseX.reduce((a, b) => Math.min(a, b)), poseX.reduce((a, b) => Math.max(a, b))]
  return catalogue.map((slots, shelf) => {
    if (slots.length === 0) return null
    const { fromMm = null, toMm = null } = scene.shelves[shelf] ?? {}
    const [least = 0, most = 0] = reach
    const board = {
      fromMm,
      toMm,
      reach: [Math.min(least, toMm ?? least), Math.max(most, fromMm ?? most)],
    } as const
    const room = slots.map(
      ({ box, tag }): Slot => ({
        thicknessMm: box.thicknessMm,
        silent: tag !== undefined && heard.has(tag) ? 0 : constants.order.silent,
      }),
    )
    const lnTogether = lnTogetherOn(walk, shelf, evidence)
    return new Row(board, room, lnTogether, constants.order, drifts[shelf])
  })
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length)

/** Which shelf every tag stands on: rows and tags in turn, the best founded change first. */
export class Shelving {
  readonly rows: (Row | null)[]
  readonly beliefs: ShelfBelief[]
  /** How likely the boxes that stand in sequence are out of it, in the mean. */
  readonly unsettled: number
  /** Shelf of every tag, by index into the evidence. */
  readonly at: Int32Array
  readonly #walk: Walk
  readonly #tiers: Tiers
  readonly #evidence: readonly TagEvidence[]
  readonly #slotOf: Map<number | undefined, CatalogueSlot>
  readonly #looks = new Map<number, Look>()
  readonly #ends: [number, number][]
  /** ln of how often a tag that the catalogue does not know stands on one of these shelves. */
  readonly #lnUnknown: number
  /** How often every tag was moved: rows settle anew each time, so two might play it back and forth. */
  readonly #moves: Uint8Array

  constructor(
    walk: Walk,
    tiers: Tiers,
    catalogue: Catalogue,
    evidence: readonly TagEvidence[],
    drifts: readonly Drift[] = [],
  ) {
    this.#walk = walk
    this.#tiers = tiers
    this.#evidence = evidence
    this.#ends = boardEnds(walk.scene)
    this.#slotOf = new Map(catalogue.flat().map((s) => [s.tag, s]))
    this.rows = rowsOf(walk, catalogue, evidence, drifts)
    const c = walk.constants.shelf
    const catalogued = this.rows.some((row) => row !== null)
    this.#lnUnknown = Math.log(1 - (catalogued ? c.strayForeign : c.strayUncatalogued))
    this.beliefs = evidence.map(({ belief }) => ({ ...belief, ln: belief.ln.slice() }))
    this.at = new Int32Array(evidence.length).fill(nowhere)
    this.#moves = new Uint8Array(evidence.length)
    this.#shelve()
    for (const row of this.rows) row?.settle()
    this.#run()
    const moved = this.#movedShare()
    this.unsettled = mean(this.rows.flatMap((row) => row?.unsettled() ?? []))
    const known = { astray: c.elsewhere, unsettled: this.unsettled }
    const even = evenLn(known, walk.constants.confidence)
    for (const row of this.rows) row?.reckonWith(moved, even)
  }

  /**
   * How many boxes of this face are out of sequence: what it shows, drawn to what is usual. A face in order is given the
   * benefit of it, and one in disorder is not taken for the catalogue.
   */
  #movedShare(): number {
    const { moved: usual, usualBoxes, mostMoved } = this.#walk.constants.order
    const moved = this.rows.flatMap((row) => row?.movedShares() ?? [])
    const count = moved.reduce((a, b) => a + b, 0)
    return Math.min(mostMoved, (count + usual * usualBoxes) / (moved.length + usualBoxes))
  }

  /** To begin with, every box stands in its slot. */
  #shelve() {
    const boxes = this.rows.map((): { box: number; slot: number; look: Look }[] => [])
    for (const [box, { belief }] of this.#evidence.entries()) {
      const { home } = belief
      const look = this.#lookOn(box, home)
      if (home < 0 || !look) continue
      boxes[home]?.push({ box, slot: this.#slotAt(box, home), look })
      this.at[box] = home
    }
    for (const [shelf, row] of this.rows.entries()) row?.shelve(boxes[shelf] ?? [])
  }

  #slotAt(box: number, shelf: number): number {
    const slot = this.#slotOf.get(this.#evidence[box]?.belief.tag)
    return slot && slot.shelf === shelf ? slot.slot : -1
  }

  #onTier(box: number, shelf: number): OnTier | undefined {
    const { byTier, usual } = this.#evidence[box] as TagEvidence
    return byTier.get(this.#tiers.ofShelf[shelf] as number) ?? usual
  }

  #lookOn(box: number, shelf: number): Look | undefined {
    const key = box * this.rows.length + shelf
    const known = this.#looks.get(key)
    const row = this.rows[shelf]
    const on = this.#onTier(box, shelf)
    if (known || !row || !on) return known
    const slot = this.#slotOf.get(this.#evidence[box]?.belief.tag)
    const look = row.lookOf(on.place, slot?.box.thicknessMm ?? null)
    this.#looks.set(key, look)
    return look
  }

  /** ln of what the place of the reads says for a shelf, against a tag that is heard anywhere. */
  #lnPlace(box: number, shelf: number): number {
    const c = this.#walk.constants.shelf
    const row = this.rows[shelf]
    if (!row) return this.#lnOnEmpty(box, shelf)
    const look = this.#lookOn(box, shelf)
    if (!look) return 0
    const ln = this.at[box] === shelf ? row.lnHere(box) : row.lnWith(this.#slotAt(box, shelf), look)
    return ln + Math.log(c.anywhereMm)
  }

  /** Nothing tells where on a board without a catalogue. */
  #lnOnEmpty(box: number, shelf: number): number {
    const c = this.#walk.constants.shelf
    const place = this.#onTier(box, shelf)?.place
    const [from, to] = this.#ends[shelf] as [number, number]
    if (!place || !Number.isFinite(to - from)) return 0
    let mass = 0
    for (let x = from; x < to; x += place.step) mass += place.step * densityAt(place, x)
    return Math.log((mass * c.anywhereMm) / (to - from))
  }

  /** Weighs one tag again, where `changed` says that a row is not what it was. */
  #weigh(box: number, changed: ReadonlySet<number>) {
    const { belief, byTier, usual } = this.#evidence[box] as TagEvidence
    if (!usual) return
    const c = this.#walk.constants.shelf
    const now = this.beliefs[box] as ShelfBelief
    const prior = belief.home < 0 ? this.#lnUnknown : 0
    const lnAway = c.awayLnPerDb * Math.min(0, belief.strengthDb)
    const least = belief.ln.reduce((a, b) => Math.max(a, b), belief.lnStray) - c.hopelessLn
    const weighed: number[] = []
    for (const [i, shelf] of belief.shelves.entries()) {
      if (!changed.has(shelf) || (belief.ln[i] as number) < least) continue
      weighed.push(i)
      const on = byTier.get(this.#tiers.ofShelf[shelf] as number) ?? usual
      const phases = c.phaseTrust * (on.ln - usual.ln) + c.betweenTrust * on.between + on.infront
      const away = belief.home < 0 || shelf === belief.home ? 0 : lnAway
      now.ln[i] = (belief.ln[i] as number) + this.#lnPlace(box, shelf) + phases + prior + away
    }
    this.#askNeighbours(box, now, weighed)
  }

  /** How well a tag goes with those on boards that are in question; where it stands, its place says that already. */
  #askNeighbours(box: number, now: ShelfBelief, weighed: readonly number[]) {
    const worth =
      now.ln.reduce((a, b) => Math.max(a, b), now.lnStray) - this.#walk.constants.shelf.askLn
    for (const i of weighed) {
      const [shelf, l] = [now.shelves[i] as number, now.ln[i] as number]
      if (l < worth || this.at[box] === shelf) continue
      const look = this.#lookOn(box, shelf)
      const going = look && this.rows[shelf]?.lnGoing(box, this.#slotAt(box, shelf), look)
      now.ln[i] = l + this.#walk.constants.shelf.goingTrust * (going ?? 0)
    }
  }

  #run() {
    this.#weighAll(new Set(this.rows.keys()))
    // Where nobody stands in anybody's way, no change needs another.
    for (const [box, b] of this.beliefs.entries()) {
      const shelf = likeliest(b)
      if (shelf >= 0 && !this.rows[shelf]) this.#move(box, shelf)
    }
    for (;;) {
      const { box, to } = this.#bestChange()
      if (box < 0) return
      const changed = new Set([this.at[box] as number, to])
      this.#move(box, to)
      this.#weighAll(changed)
    }
  }

  #weighAll(changed: ReadonlySet<number>) {
    for (const box of this.#evidence.keys()) this.#weigh(box, changed)
  }

  /** The tag that has most to gain by standing elsewhere. */
  #bestChange(): { box: number; to: number } {
    let best = { box: -1, to: nowhere }
    let most = 1e-6
    for (const [box, b] of this.beliefs.entries()) {
      if ((this.#moves[box] as number) >= mostMoves) continue
      const here = b.shelves.indexOf(this.at[box] as number)
      const now = here < 0 ? b.lnStray : (b.ln[here] as number)
      for (let i = -1; i < b.ln.length; i++) {
        const gain = (i < 0 ? b.lnStray : (b.ln[i] as number)) - now
        if (gain <= most) continue
        most = gain
        best = { box, to: i < 0 ? nowhere : (b.shelves[i] as number) }
      }
    }
    return best
  }

  #move(box: number, to: number) {
    const from = this.rows[this.at[box] as number]
    const row = this.rows[to]
    const look = this.#lookOn(box, to)
    from?.take(box)
    from?.settle()
    if (row && look) {
      row.put(box, this.#slotAt(box, to), look)
      row.settle()
    }
    this.at[box] = to
    this.#moves[box] = (this.#moves[box] as number) + 1
  }
}
