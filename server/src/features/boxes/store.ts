import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

type Db = Kysely<DB>
const columns = ['box_id', 'code', 'epc', 'spine_mm', 'secrecy'] as const

const boxes = (db: Db, site: string) =>
  db.selectFrom('box').select(columns).where('site_id', '=', site)

export interface BoxRow {
  box_id: string
  code: string
  epc: string
  spine_mm: number
  secrecy: number
}

/** Asked for with every scan, so it is planned once a connection. */
export const boxByCode = async (
  db: Db,
  site: string,
  code: string,
): Promise<BoxRow | undefined> => {
  const { rows } = await sql<BoxRow>`/*box-by-code*/
    select box_id, code, epc, spine_mm, secrecy from box
    where site_id = ${site} and code = ${code}`.execute(db)
  return rows[0]
}

export const boxByEpc = (db: Db, site: string, epc: string) =>
  boxes(db, site).where('epc', '=', epc).executeTakeFirst()

export const boxesByEpcs = (db: Db, site: string, epcs: readonly string[]) =>
  boxes(db, site).where(sql<boolean>`epc = any(${epcs}::text[])`).execute()

export const boxesByCodes = (db: Db, site: string, codes: readonly string[]) =>
  boxes(db, site).where(sql<boolean>`code = any(${codes}::text[])`).execute()

export const boxesByIds = (db: Db, site: string, ids: readonly string[]) =>
  boxes(db, site).where(sql<boolean>`box_id = any(${ids}::uuid[])`).execute()

/** A range of the "C" order, which the index on the code serves as it is. */
export const boxesByPrefix = (db: Db, site: string, prefix: string, limit: number) =>
  boxes(db, site)
    .where('code', '>=', prefix)
    .where('code', '<', `${prefix}~`)
    .orderBy('code')
    .limit(limit)
    .execute()

export const countBoxes = async (db: Db, site: string): Promise<number> => {
  const row = await db
    .selectFrom('box')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('site_id', '=', site)
    .executeTakeFirstOrThrow()
  return row.n
}
