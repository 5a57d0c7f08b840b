import { assignShelves, type ShelfBelief } from './assign.ts'
import type { Catalogue } from './catalogue.ts'
import type { ShelfConstants } from './constants.ts'
import { learnShapes } from './learn-shapes.ts'
import { type Drift, driftsOf } from './order/drift.ts'
import type { ShelfOrder } from './order/shelf-order.ts'
import { rankShelf } from './ranks.ts'
import { fitRows, type ShelfRow } from './rows.ts'
import { likeliest } from './shelving.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** Shelf and order of every tag that was read on the rail. */
export interface Solved {
  beliefs: ShelfBelief[]
  rows: ShelfRow[]
  orders: ShelfOrder[]
  /** How likely the boxes that stand in sequence are out of it, in the mean. */
  unsettled: number
  /** Share of boxes on other boards than theirs that was reckoned with. */
  astray: number
}

function pass(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
  openLn: number,
  drifts: readonly Drift[] = [],
): Solved {
  const { beliefs, rows, unsettled } = fitRows(walk, tiers, catalogue, heard, openLn, drifts)
  const orders = rows.map((row) => rankShelf(walk, row))
  return { beliefs, rows, orders, unsettled, astray: walk.constants.shelf.elsewhere }
}

/** How many boxes of this face are on another board: what a first look showed, drawn to what is usual. */
function astrayShare(walk: Walk, beliefs: readonly ShelfBelief[]): number {
  const { order, shelf } = walk.constants
  const home = beliefs.filter((b) => b.home >= 0)
  const astray = home.filter((b) => likeliest(b) !== b.home).length
  const share = (astray + shelf.elsewhere * order.usualBoxes) / (home.length + order.usualBoxes)
  return Math.min(order.mostMoved, share)
}

/**
 * Shelves by levels, then x and order; with a catalogue a second time, knowing what steel does to each tier. Tags on
 * shelves without a catalogue are ordered by radio alone.
 */
export function solve(walk: Walk, catalogue: Catalogue): Solved {
  const { tiers } = walk
  const heard = assignShelves(walk, tiers)
  const { openLn } = walk.constants.shelf
  if (catalogue.every((slots) => slots.length === 0))
    return pass(walk, tiers, catalogue, heard, openLn)
  // To learn what steel does, the likeliest tier of every tag is enough.
  const first = pass(driftUnknown(walk), tiers, catalogue, heard, 0)
  const drifts = driftsOf(
    first.rows.map(({ row }) => row?.pulls(walk.constants.order) ?? []),
    walk.constants.order.drift,
  )
  const taught = learnShapes(walk, tiers, first.rows, first.orders)
  const astray = astrayShare(walk, first.beliefs)
  const asShown = heard.map((b) => withElsewhere(b, astray, walk.constants.shelf))
  return pass(withAstray(taught, astray), tiers, catalogue, asShown, openLn, drifts)
}

/** Until it is known what reads are off by, boxes stand as loosely as they seem to. */
function driftUnknown(walk: Walk): Walk {
  const { order } = walk.constants
  const loose = { ...order, ...order.drift.untilKnown }
  return { ...walk, constants: { ...walk.constants, order: loose } }
}

/** As many boxes on other boards as were found there. */
function withAstray(walk: Walk, elsewhere: number): Walk {
  const { constants } = walk
  return { ...walk, constants: { ...constants, shelf: { ...constants.shelf, elsewhere } } }
}

/** The same belief with another share of boxes on boards that are not theirs. */
function withElsewhere(
  b: ShelfBelief,
  is: number,
  { elsewhere: was, foreignPower }: ShelfConstants,
): ShelfBelief {
  const other = Math.log(is / was)
  if (b.home < 0) return { ...b, lnStray: b.lnStray - foreignPower * other }
  const home = Math.log((1 - is) / (1 - was))
  return { ...b, ln: b.ln.map((l, i) => l + (b.shelves[i] === b.home ? home : other)) }
}
