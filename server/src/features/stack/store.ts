import { randomUUID } from 'node:crypto'
import type { Address, StackLayout } from '@lantai/contracts'
import { formatAddress, parseAddress } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import type { ShelfAddress, ShelfFill } from './steel.ts'

type Db = Kysely<DB>
export type Home = Required<Address>

const place = ['column', 'side', 'section', 'shelf', 'slot'] as const

export const newestLayoutVersion = async (db: Db, site: string): Promise<number | null> => {
  const row = await db
    .selectFrom('layout')
    .select('version')
    .where('site_id', '=', site)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.version ?? null
}

export const layoutBody = async (db: Db, site: string, version: number): Promise<StackLayout> => {
  const row = await db
    .selectFrom('layout')
    .select('body')
    .where('site_id', '=', site)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return row.body as StackLayout
}

export async function readHomes(
  db: Db,
  site: string,
  boxes: readonly string[],
): Promise<Map<string, Home>> {
  if (boxes.length === 0) return new Map()
  const rows = await db
    .selectFrom('placement')
    .select(['box_id', ...place])
    .where('site_id', '=', site)
    .where(sql<boolean>`box_id = any(${boxes}::uuid[])`)
    .execute()
  return new Map(rows.map((r) => [r.box_id, homeOf(r)]))
}

/** The boxes of one face in the order in which a person in the aisle reads them. */
export const placementsOfFace = (db: Db, site: string, column: number, side: 'A' | 'B') =>
  db
    .selectFrom('placement')
    .select(['box_id', 'section', 'shelf', 'slot', 'spine_mm'])
    .where('site_id', '=', site)
    .where('column', '=', column)
    .where('side', '=', side)
    .orderBy('section')
    .orderBy('shelf')
    .orderBy('slot')
    .execute()

/** The box at a place down to the slot. */
export const boxAt = async (db: Db, site: string, a: Home): Promise<string | null> => {
  const row = await db
    .selectFrom('placement')
    .select('box_id')
    .where('site_id', '=', site)
    .where('column', '=', a.column)
    .where('side', '=', a.side)
    .where('section', '=', a.section)
    .where('shelf', '=', a.shelf)
    .where('slot', '=', a.slot)
    .executeTakeFirst()
  return row?.box_id ?? null
}

export const shelfFills = async (db: Db, site: string): Promise<ShelfFill[]> => {
  const rows = await db
    .selectFrom('placement')
    .select((e) => [
      'column',
      'side',
      'section',
      'shelf',
      e.cast<number>(e.fn.sum('spine_mm'), 'integer').as('mm'),
    ])
    .where('site_id', '=', site)
    .groupBy(['column', 'side', 'section', 'shelf'])
    .execute()
  return rows.map((r) => ({ ...r, side: r.side as 'A' | 'B' }))
}

/** Boxes per column: rooms and banks are the layout's matter. */
export const boxesByColumn = (db: Db, site: string) =>
  db
    .selectFrom('placement')
    .select((e) => ['column', e.fn.countAll<number>().as('boxes')])
    .where('site_id', '=', site)
    .groupBy('column')
    .execute()

export const readVersion = async (db: Db, site: string): Promise<number> => {
  const row = await db
    .selectFrom('stack_version')
    .select('version')
    .where('site_id', '=', site)
    .executeTakeFirst()
  return row?.version ?? 0
}

export const raiseVersion = (trx: Db, site: string) =>
  sql`insert into stack_version (site_id, version) values (${site}, 1)
    on conflict (site_id) do update set version = stack_version.version + 1`.execute(trx)

/** One mover at a time: an empty shelf has no row that could be locked. */
export const lockMoves = (trx: Db, site: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`stack/${site}`}, 0))`.execute(trx)

export const slotsOfShelf = (trx: Db, site: string, a: ShelfAddress) =>
  onShelf(trx, site, a).select(['box_id', 'slot', 'spine_mm']).orderBy('slot').execute()

const onShelf = (trx: Db, site: string, a: ShelfAddress) =>
  trx
    .selectFrom('placement')
    .where('site_id', '=', site)
    .where('column', '=', a.column)
    .where('side', '=', a.side)
    .where('section', '=', a.section)
    .where('shelf', '=', a.shelf)

/** Boxes at and after a slot move over by one: to the right when one comes, to the left when one goes. */
export const shift = (trx: Db, site: string, a: ShelfAddress, from: number, by: 1 | -1) =>
  trx
    .updateTable('placement')
    .set((e) => ({ slot: e('slot', '+', by) }))
    .where('site_id', '=', site)
    .where('column', '=', a.column)
    .where('side', '=', a.side)
    .where('section', '=', a.section)
    .where('shelf', '=', a.shelf)
    .where('slot', '>=', from)
    .execute()

export const removePlacement = (trx: Db, site: string, box: string) =>
  trx.deleteFrom('placement').where('site_id', '=', site).where('box_id', '=', box).execute()

export const insertPlacement = (
  trx: Db,
  site: string,
  box: { id: string; spineMm: number },
  { column, side, section, shelf, slot }: Home,
) =>
  trx
    .insertInto('placement')
    .values({
      site_id: site,
      box_id: box.id,
      column,
      side,
      section,
      shelf,
      slot,
      spine_mm: box.spineMm,
    })
    .execute()

export interface NewMove {
  box: string
  from: Home | null
  to: Home
  reason: string | null
  by: { id: string; name: string }
  at: Date
  undoes: string | null
}

export async function insertMove(trx: Db, site: string, m: NewMove): Promise<string> {
  const move = randomUUID()
  await trx
    .insertInto('box_move')
    .values({
      site_id: site,
      move_id: move,
      box_id: m.box,
      from_place: m.from && formatAddress(m.from),
      to_place: formatAddress(m.to),
      reason: m.reason,
      by_id: m.by.id,
      by_name: m.by.name,
      at: m.at,
      undoes: m.undoes,
    })
    .execute()
  return move
}

export async function readMove(trx: Db, site: string, move: string) {
  const row = await trx
    .selectFrom('box_move')
    .selectAll()
    .where('site_id', '=', site)
    .where('move_id', '=', move)
    .executeTakeFirst()
  if (!row) return null
  const newest = await trx
    .selectFrom('box_move')
    .select('move_id')
    .where('site_id', '=', site)
    .where('box_id', '=', row.box_id)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return {
    box: row.box_id,
    from: row.from_place === null ? null : (parseAddress(row.from_place) as Home | null),
    undoes: row.undoes,
    isNewest: newest.move_id === move,
  }
}

const homeOf = (r: {
  column: number
  side: string
  section: number
  shelf: number
  slot: number
}): Home => ({
  column: r.column,
  side: r.side as 'A' | 'B',
  section: r.section,
  shelf: r.shelf,
  slot: r.slot,
})
