import { probabilities, type ShelfBelief } from './assign.ts'
import { type Catalogue, slotPlaces } from './catalogue.ts'
import type { ShelfConstants } from './constants.ts'
import { curveOf, type Mode, modesOf } from './evidence/curve.ts'
import { viewsOf } from './evidence/views.ts'
import { lnAdd, lnNormal } from './math.ts'
import type { Walk } from './walk.ts'

/** One tag that is believed on a shelf, and where on it radio alone puts it. */
export interface Member {
  belief: ShelfBelief
  modes: Mode[]
}

/** The tags that are believed on one shelf. */
export interface ShelfRow {
  shelf: number
  members: Member[]
  /** Where the slots of the catalogue are, NaN where nothing tells. */
  slotX: Float64Array
}

const nowhere = -1

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

/** Probability that this tag stands on the shelf it is believed on. */
export const shelfProbability = (b: ShelfBelief, shelf: number): number =>
  probabilities(b)[b.shelves.indexOf(shelf)] ?? 0

function memberOf(walk: Walk, belief: ShelfBelief, shelf: number): Member {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const mine = sights[shelf] ?? []
  const { x } = belief.heard
  const c = constants.evidence
  const views = viewsOf(profiles, belief.tag, x, book.channels, referenceMhz, mine, c)
  return { belief, modes: modesOf(curveOf(views, mine, x, referenceMhz, c), c.leastMode) }
}

function rowOf(walk: Walk, catalogue: Catalogue, shelf: number, members: Member[]): ShelfRow {
  const slots = catalogue[shelf] ?? []
  const at = new Map(members.map((m) => [m.belief.tag, m.modes[0]?.x ?? Number.NaN]))
  const seen = Float64Array.from(slots, (s) =>
    s.tag === undefined ? Number.NaN : (at.get(s.tag) ?? Number.NaN),
  )
  const from = walk.scene.shelves[shelf]?.fromMm ?? null
  return {
    shelf,
    members,
    slotX: slotPlaces(slots, seen, from, walk.constants.shelf.slotNeighbours),
  }
}

/** ln likelihood ratio of “in its slot, or elsewhere on that board” to “anywhere”. */
function lnInSlot(modes: readonly Mode[], slotX: number, c: ShelfConstants): number {
  let here = Math.log(c.elsewhereOnShelf)
  for (const m of modes) {
    const density = lnNormal(m.x - slotX, m.sigma ** 2 + c.slotMm ** 2)
    here = lnAdd(here, Math.log((1 - c.elsewhereOnShelf) * m.weight * c.anywhereMm) + density)
  }
  return here
}

/**
 * x speaks for a shelf, too: a box heard where its slot is most likely stands in it, while one that stands on another
 * board is heard anywhere along it.
 */
function letSlotsSpeak(walk: Walk, catalogue: Catalogue, rows: readonly ShelfRow[]): void {
  const slotOf = new Map(catalogue.flat().map((s) => [s.tag, s]))
  for (const { members } of rows)
    for (const { belief, modes } of members) {
      const slot = slotOf.get(belief.tag)
      const home = belief.shelves.indexOf(belief.home)
      const slotX = slot && rows[belief.home]?.slotX[slot.slot]
      if (home < 0 || slotX === undefined || Number.isNaN(slotX)) continue
      belief.ln[home] = (belief.ln[home] as number) + lnInSlot(modes, slotX, walk.constants.shelf)
    }
}

/** Rows of every shelf. Members that stay where they were keep what is known of them. */
export function rowsOf(
  walk: Walk,
  catalogue: Catalogue,
  beliefs: readonly ShelfBelief[],
  before: readonly ShelfRow[] = [],
): ShelfRow[] {
  const known = before.map((row) => new Map(row.members.map((m) => [m.belief.tag, m])))
  const groups: Member[][] = walk.scene.shelves.map(() => [])
  for (const b of beliefs) {
    const shelf = likeliest(b)
    groups[shelf]?.push(known[shelf]?.get(b.tag) ?? memberOf(walk, b, shelf))
  }
  return groups.map((members, shelf) => rowOf(walk, catalogue, shelf, members))
}

/** Rows once x has spoken for the catalogue's shelf. */
export function rowsWithSlots(
  walk: Walk,
  catalogue: Catalogue,
  beliefs: readonly ShelfBelief[],
): ShelfRow[] {
  const rows = rowsOf(walk, catalogue, beliefs)
  letSlotsSpeak(walk, catalogue, rows)
  return rowsOf(walk, catalogue, beliefs, rows)
}
