import { assignShelves, type ShelfBelief } from './assign.ts'
import type { Catalogue } from './catalogue.ts'
import { learnShapes } from './learn-shapes.ts'
import type { ShelfOrder } from './order/lattice.ts'
import { rankShelf } from './ranks.ts'
import { fitRows, type ShelfRow } from './rows.ts'
import { type Tiers, tiersOf } from './tiers.ts'
import type { Walk } from './walk.ts'

/** Shelf and order of every tag that was read on the rail. */
export interface Solved {
  beliefs: ShelfBelief[]
  rows: ShelfRow[]
  orders: ShelfOrder[]
}

function pass(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
): Solved {
  const { beliefs, rows } = fitRows(walk, tiers, catalogue, heard)
  const tags = new Set(beliefs.map((b) => b.tag))
  const orders = rows.map((row) => rankShelf(walk, row, catalogue[row.shelf] ?? [], tags))
  return { beliefs, rows, orders }
}

/**
 * Shelves by levels, then x and order; with a catalogue a second time, knowing what steel does to each tier. Tags on
 * shelves without a catalogue are ordered by radio alone.
 */
export function solve(walk: Walk, catalogue: Catalogue): Solved {
  const tiers = tiersOf(walk.scene, walk.constants.tier)
  const heard = assignShelves(walk, tiers)
  const first = pass(walk, tiers, catalogue, heard)
  if (catalogue.every((slots) => slots.length === 0)) return first
  return pass(learnShapes(walk, tiers, first.rows, first.orders), tiers, catalogue, heard)
}
