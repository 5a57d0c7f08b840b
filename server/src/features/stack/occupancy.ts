import type { api, ResponseOf, StackLayout } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { countBoxes } from '../boxes/boxes.ts'
import { loanNumbers } from '../lending/lending.ts'
import { holdings } from '../records/records.ts'
import { currentLayout } from './stack.ts'
import { fillOf, type ShelfFill } from './steel.ts'
import { readVersion, shelfFills } from './store.ts'

export type Occupancy = ResponseOf<typeof api.stack.getOccupancy>

interface Known {
  occupancy: Occupancy
  /** Share of the shelves of each room that is taken, 0…1. */
  byRoom: ReadonlyMap<string, number>
}

/** The last answer of this process. The version is the database's: a change by any server makes it old. */
const cache = new WeakMap<Context, Known>()

/** How full each shelf is, and the totals computed from the same rows. */
export async function occupancy(ctx: Context): Promise<Occupancy> {
  return (await known(ctx)).occupancy
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
    occupancy: { version, boxes, ...held, lent: loans.open, occupied, columns },
    byRoom: new Map(layout.rooms.map((r) => [r.room, fillOfRoom(layout, r.room, shelves)])),
  }
  cache.set(ctx, fresh)
  return fresh
}

function fillOfRoom(layout: StackLayout, room: string, shelves: readonly ShelfFill[]): number {
  const banks = layout.banks.filter((b) => b.room === room)
  return fillOf({ ...layout, banks }, shelves).occupied
}
