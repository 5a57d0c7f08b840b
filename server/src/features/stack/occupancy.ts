import type { api, ResponseOf, SecrecyLevel, StackLayout } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { countBoxes } from '../boxes/boxes.ts'
import { loanNumbers } from '../lending/lending.ts'
import { type Holdings, holdings, visibleOf } from '../records/records.ts'
import { currentLayout } from './stack.ts'
import { fillOf, type ShelfFill } from './steel.ts'
import { readVersion, shelfFills } from './store.ts'

export type Occupancy = ResponseOf<typeof api.stack.getOccupancy>

interface Known {
  occupancy: Omit<Occupancy, 'files' | 'pages'>
  held: Holdings
  /** Share of the shelves of each room that is taken, 0…1. */
  byRoom: ReadonlyMap<string, number>
}

/** The last answer of this process. The version is the database's: a change by any server makes it old. */
const cache = new WeakMap<Context, Known>()

/** How full each shelf is, and the totals computed from the same rows. */
export async function occupancy(ctx: Context, clearance: SecrecyLevel): Promise<Occupancy> {
  const { occupancy: shelves, held } = await known(ctx)
  return { ...shelves, ...visibleOf(held, clearance) }
}

export async function occupiedByRoom(ctx: Context): Promise<ReadonlyMap<string, number>> {
  return (await known(ctx)).byRoom
}

async function known(ctx: Context): Promise<Known> {
  const version = await readVersion(ctx.db, ctx.site)
  const before = cache.get(ctx)
  if (before?.occupancy.version === version) return before
  const { db, site } = ctx
  const [layout, boxes, shelves, held, loans] = await Promise.all([
    currentLayout(db, site),
    countBoxes(db, site),
    shelfFills(db, site),
    holdings(db, site),
    loanNumbers(db, site, nowOf(ctx)),
  ])
  const { occupied, columns } = fillOf(layout, shelves)
  const fresh = {
    occupancy: { version, boxes, lent: loans.open, occupied, columns },
    held,
    byRoom: new Map(layout.rooms.map((r) => [r.room, fillOfRoom(layout, r.room, shelves)])),
  }
  cache.set(ctx, fresh)
  return fresh
}

function fillOfRoom(layout: StackLayout, room: string, shelves: readonly ShelfFill[]): number {
  const banks = layout.banks.filter((b) => b.room === room)
  return fillOf({ ...layout, banks }, shelves).occupied
}
