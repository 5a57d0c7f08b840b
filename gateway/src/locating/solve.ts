import { assignShelves, type ShelfBelief } from './assign.ts'
import type { Catalogue } from './catalogue.ts'
import type { ShelfConstants } from './constants.ts'
import { learnShapes } from './learn-shapes.ts'
import { driftsOf } from './order/drift.ts'
import type { ShelfOrder } from './order/shelf-order.ts'
import { rankShelf } from './ranks.ts'
import { type Fitted, fitRows } from './rows.ts'
import { type Looked, likeliest } from './shelving.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** Shelf and order of every tag that was read on the rail. */
export interface Solved extends Fitted {
  orders: ShelfOrder[]
  /** Share of boxes on other boards than theirs that was reckoned with. */
  astray: number
}

function pass(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
  openLn: number,
  before: Looked | null = null,
): Solved {
  const fitted = fitRows(walk, tiers, catalogue, heard, openLn, before)
  const orders = fitted.rows.map((row) => rankShelf(walk, row))
  return { ...fitted, orders, astray: walk.constants.shelf.elsewhere }
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
 * Shelves by levels, then x and order; with a catalogue again, knowing what steel does to each tier and what the track is
 * off by, and once more with what is learned from where boxes stand then. Tags on shelves without a catalogue are
 * ordered by radio alone.
 */
export function solve(walk: Walk, catalogue: Catalogue): Solved {
  const { tiers, constants } = walk
  const heard = assignShelves(walk, tiers)
  const { openLn } = constants.shelf
  if (catalogue.every((slots) => slots.length === 0))
    return pass(walk, tiers, catalogue, heard, openLn)
  // To learn what steel does, the likeliest tier of every tag is enough.
  let solved = pass(driftUnknown(walk), tiers, catalogue, heard, 0)
  for (let lesson = 0; lesson < constants.shape.lessons; lesson++) {
    const { rows, orders, shelving } = solved
    const pulls = rows.map(({ row }) => row?.pulls(constants.order) ?? [])
    const drifts = driftsOf(pulls, constants.order.drift)
    const astray = astrayShare(walk, solved.beliefs)
    const taught = withAstray(learnShapes(walk, tiers, rows, orders), astray)
    const asShown = heard.map((b) => withElsewhere(b, astray, constants.shelf))
    solved = pass(taught, tiers, catalogue, asShown, openLn, { drifts, shelving })
  }
  return solved
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
