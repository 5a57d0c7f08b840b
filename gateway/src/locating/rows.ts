import { probabilities, type ShelfBelief } from './assign.ts'
import { type Catalogue, slotPlaces } from './catalogue.ts'
import { lnAdd, lnNormal } from './math.ts'
import { samplesOf } from './profiles.ts'
import type { RowFit } from './row/row.ts'
import { fitShelf, type Walk } from './walk.ts'

/** The tags that are believed on one shelf, and where radio alone puts them. */
export interface ShelfRow {
  shelf: number
  members: ShelfBelief[]
  fit: RowFit
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

function rowOf(walk: Walk, catalogue: Catalogue, shelf: number, members: ShelfBelief[]): ShelfRow {
  const samples = members.map((m) => samplesOf(walk.profiles, m.tag, walk.book.channels))
  const fit = fitShelf(walk, shelf, samples)
  return { shelf, members, fit, slotX: placesOf(walk, catalogue, shelf, members, fit) }
}

function placesOf(
  walk: Walk,
  catalogue: Catalogue,
  shelf: number,
  members: ShelfBelief[],
  fit: RowFit,
): Float64Array {
  const slots = catalogue[shelf] ?? []
  const at = new Map(members.map((m, i) => [m.tag, fit.xMm[i] as number]))
  const seen = Float64Array.from(slots, (s) =>
    s.tag === undefined ? Number.NaN : (at.get(s.tag) ?? Number.NaN),
  )
  const from = walk.scene.shelves[shelf]?.fromMm ?? null
  return slotPlaces(slots, seen, from, walk.constants.shelf.slotNeighbours)
}

function grouped(beliefs: readonly ShelfBelief[], shelves: number): ShelfBelief[][] {
  const groups: ShelfBelief[][] = Array.from({ length: shelves }, () => [])
  for (const b of beliefs) groups[likeliest(b)]?.push(b)
  return groups
}

/**
 * x speaks for a shelf, too: a box heard where its slot is most likely stands in it, while one that stands on another
 * board is heard anywhere along it.
 */
function withSlots(walk: Walk, catalogue: Catalogue, rows: readonly ShelfRow[]): boolean[] {
  const c = walk.constants.shelf
  const touched = rows.map(() => false)
  const slotOf = new Map(catalogue.flat().map((s) => [s.tag, s]))
  for (const row of rows)
    for (const [i, b] of row.members.entries()) {
      const slot = slotOf.get(b.tag)
      const home = b.shelves.indexOf(b.home)
      const slotX = slot && rows[b.home]?.slotX[slot.slot]
      if (home < 0 || slotX === undefined || Number.isNaN(slotX)) continue
      const variance = (row.fit.sigmaMm[i] as number) ** 2 + c.slotMm ** 2
      const here = lnNormal((row.fit.xMm[i] as number) - slotX, variance)
      const anywhere = -Math.log(2 * walk.constants.heard.reachMm)
      const ln = lnAdd(
        Math.log(1 - c.elsewhereOnShelf) + here,
        Math.log(c.elsewhereOnShelf) + anywhere,
      )
      const was = likeliest(b)
      b.ln[home] = (b.ln[home] as number) + ln - anywhere
      const is = likeliest(b)
      if (is === was) continue
      if (was >= 0) touched[was] = true
      if (is >= 0) touched[is] = true
    }
  return touched
}

/** Fits every shelf, lets x speak for the catalogue's shelf, and fits again what that changed. */
export function fitRows(
  walk: Walk,
  catalogue: Catalogue,
  beliefs: readonly ShelfBelief[],
): ShelfRow[] {
  const groups = grouped(beliefs, walk.scene.shelves.length)
  const rows = groups.map((members, shelf) => rowOf(walk, catalogue, shelf, members))
  const touched = withSlots(walk, catalogue, rows)
  if (!touched.includes(true)) return rows
  const again = grouped(beliefs, walk.scene.shelves.length)
  return rows.map((row, shelf) =>
    touched[shelf] ? rowOf(walk, catalogue, shelf, again[shelf] as ShelfBelief[]) : row,
  )
}

/** Standard deviation of x against the neighbours': what is common to them does not blur their order. */
export function relativeSigmas({ fit }: ShelfRow): Float64Array {
  const least = fit.sigmaMm.slice()
  for (const { left, right, sigmaMm } of fit.pairs)
    for (const i of [left, right]) least[i] = Math.min(least[i] as number, sigmaMm / Math.SQRT2)
  return least
}

/** Probability that this tag stands on the shelf it is believed on. */
export const shelfProbability = (b: ShelfBelief, shelf: number): number =>
  probabilities(b)[b.shelves.indexOf(shelf)] ?? 0
