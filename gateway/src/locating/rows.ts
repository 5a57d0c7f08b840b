import { probabilities, type ShelfBelief } from './assign.ts'
import type { Catalogue } from './catalogue.ts'
import type { Drift } from './order/drift.ts'
import type { Row } from './order/row.ts'
import { Shelving } from './shelving.ts'
import { evidenceOf, type OnTier } from './tag-evidence.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** One tag that is believed on a shelf, and where on it radio alone puts it. */
export interface Member {
  belief: ShelfBelief
  on: OnTier
  /** Its number in the row. */
  box: number
}

/** The tags that are believed on one shelf. */
export interface ShelfRow {
  shelf: number
  members: Member[]
  /** How they stand; null where the catalogue has nothing. */
  row: Row | null
}

/** Probability that this tag stands on the shelf it is believed on. */
export const shelfProbability = (b: ShelfBelief, shelf: number): number =>
  probabilities(b)[b.shelves.indexOf(shelf)] ?? 0

/** Shelf of every tag and row of every shelf: by levels first, then by phases and by where there is room. */
export function fitRows(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
  openLn: number,
  drifts: readonly Drift[],
): { beliefs: ShelfBelief[]; rows: ShelfRow[]; unsettled: number } {
  const evidence = heard.map((b) => evidenceOf(walk, tiers, b, openLn))
  const { rows, beliefs, at, unsettled } = new Shelving(walk, tiers, catalogue, evidence, drifts)
  const members: Member[][] = rows.map(() => [])
  for (const [box, shelf] of at.entries()) {
    const { byTier, usual } = evidence[box] ?? {}
    const on = byTier?.get(tiers.ofShelf[shelf] ?? -1) ?? usual
    if (on) members[shelf]?.push({ belief: beliefs[box] as ShelfBelief, on, box })
  }
  return {
    beliefs,
    unsettled,
    rows: rows.map((row, shelf) => ({
      shelf,
      members: members[shelf] ?? [],
      row,
    })),
  }
}
