import { assignShelves, type ShelfBelief } from './assign.ts'
import type { Catalogue } from './catalogue.ts'
import { learnShapes } from './learn-shapes.ts'
import type { ShelfOrder } from './order/lattice.ts'
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
  /** Share of boxes out of sequence that was reckoned with. */
  moved: number
  /** Share of boxes on other boards than theirs that was reckoned with. */
  astray: number
}

function pass(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
  openLn: number,
): Solved {
  const { beliefs, rows } = fitRows(walk, tiers, catalogue, heard, openLn)
  const orders = rows.map((row) => rankShelf(walk, row))
  const { order, shelf } = walk.constants
  return { beliefs, rows, orders, moved: order.moved, astray: shelf.elsewhere }
}

/**
 * How many boxes of this face are out of sequence, and on another board: what a first look showed, drawn to what is
 * usual. A face in order is given the benefit of it, and one in disorder is not taken for the catalogue.
 */
function withShares(walk: Walk, { beliefs, rows, orders }: Solved): Walk {
  const { order, shelf } = walk.constants
  const home = beliefs.filter((b) => b.home >= 0)
  const astray = home.filter((b) => likeliest(b) !== b.home).length
  const moved = orders.reduce((n, o, s) => {
    const atHome = (i: number) => rows[s]?.members[i]?.belief.home === rows[s]?.shelf
    return n + o.moved.reduce((sum, p, i) => sum + (atHome(i) ? p : 0), 0)
  }, 0)
  const share = (count: number, usual: number) =>
    Math.min(order.mostMoved, (count + usual * order.usualBoxes) / (home.length + order.usualBoxes))
  return {
    ...walk,
    constants: {
      ...walk.constants,
      order: { ...order, moved: share(moved, order.moved) },
      shelf: { ...shelf, elsewhere: share(astray, shelf.elsewhere) },
    },
  }
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
  const first = pass(walk, tiers, catalogue, heard, 0)
  const taught = withShares(learnShapes(walk, tiers, first.rows, first.orders), first)
  const asShown = heard.map((b) =>
    withElsewhere(b, walk.constants.shelf.elsewhere, taught.constants.shelf.elsewhere),
  )
  return pass(taught, tiers, catalogue, asShown, openLn)
}

/** The same belief with another share of boxes on boards that are not theirs. */
function withElsewhere(b: ShelfBelief, was: number, is: number): ShelfBelief {
  if (b.home < 0) return b
  const [home, other] = [Math.log((1 - is) / (1 - was)), Math.log(is / was)]
  return { ...b, ln: b.ln.map((l, i) => l + (b.shelves[i] === b.home ? home : other)) }
}
