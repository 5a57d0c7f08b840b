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

/** What the catalogue says of an EPC goes before what a tag once named. */
export const boxByEpc = async (db: Db, site: string, epc: string): Promise<BoxRow | undefined> =>
  (await boxes(db, site).where('epc', '=', epc).executeTakeFirst()) ??
  (await boxes(db, site)
    .where('box_id', '=', (e) =>
      e
        .selectFrom('numbered_tag')
        .select('numbered_tag.box_id')
        .where('numbered_tag.site_id', '=', site)
        .where('numbered_tag.epc', '=', epc),
    )
    .executeTakeFirst())

/** Sorted, so that two writers wait for each other and never across. */
export async function upsertNumbered(
  db: Db,
  site: string,
  tags: ReadonlyMap<string, { readonly id: string }>,
) {
  const epcs = [...tags.keys()].sort()
  const ids = epcs.map((epc) => tags.get(epc)?.id ?? null)
  await sql`insert into numbered_tag (site_id, epc, box_id)
    select ${site}, u.* from unnest(${epcs}::text[], ${ids}::uuid[]) as u
    on conflict (site_id, epc) do update set box_id = excluded.box_id
    where numbered_tag.box_id <> excluded.box_id`.execute(db)
}

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
