import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import type { Compact, TreeNode } from './merkle.ts'

export interface LogKey {
  site: string
  log: number
}
export interface Head extends Compact {
  root: Buffer
  peaks: Buffer[]
}
export interface StoredEntry {
  index: number
  id: string
  event: string
  at: Date
  box: string | null
  actor: string
  outcome: string
  detail: string | null
  leaf: Buffer
}

/** Held until the transaction ends: one writer at a time per log (rule L3). */
export const lockLog = (trx: Kysely<DB>, k: LogKey) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`custody/${k.site}/${k.log}`}, 0))`.execute(
    trx,
  )

export const newestHead = (db: Kysely<DB>, k: LogKey): Promise<Head | undefined> =>
  db
    .selectFrom('custody_head')
    .select(['size', 'root', 'peaks'])
    .where('site_id', '=', k.site)
    .where('log', '=', k.log)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()

export async function insertEntries(trx: Kysely<DB>, k: LogKey, entries: StoredEntry[]) {
  // Text arrays, not one parameter a value: bulk registration appends thousands at once.
  const column = <T>(of: (e: StoredEntry) => T) => entries.map(of)
  await sql`insert into custody_entry (site_id, log, index, id, event, at, box, actor, outcome, detail, leaf)
    select ${k.site}, ${k.log}, * from unnest(${column((e) => e.index)}::bigint[],
      ${column((e) => e.id)}::uuid[], ${column((e) => e.event)}::text[],
      ${column((e) => e.at.toISOString())}::timestamptz[], ${column((e) => e.box)}::text[],
      ${column((e) => e.actor)}::text[], ${column((e) => e.outcome)}::text[],
      ${column((e) => e.detail)}::text[], ${column((e) => e.leaf)}::bytea[])`.execute(trx)
}

export async function insertNodes(trx: Kysely<DB>, k: LogKey, nodes: TreeNode[]) {
  await sql`insert into custody_node (site_id, log, level, index, hash)
    select ${k.site}, ${k.log}, * from unnest(${nodes.map((n) => n.level)}::smallint[],
      ${nodes.map((n) => n.index)}::bigint[], ${nodes.map((n) => n.hash)}::bytea[])`.execute(trx)
}

export const insertHead = (trx: Kysely<DB>, k: LogKey, h: Head, at: Date) =>
  trx
    .insertInto('custody_head')
    .values({ site_id: k.site, log: k.log, size: h.size, root: h.root, peaks: h.peaks, at })
    .execute()

export const insertCheckpoint = (trx: Kysely<DB>, k: LogKey, size: number, note: string) =>
  trx
    .insertInto('custody_checkpoint')
    .values({ site_id: k.site, log: k.log, size, note })
    .onConflict((c) => c.doNothing())
    .execute()

export const newestCheckpoint = (db: Kysely<DB>, k: LogKey) =>
  db
    .selectFrom('custody_checkpoint')
    .select(['size', 'note'])
    .where('site_id', '=', k.site)
    .where('log', '=', k.log)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()

const entries = (db: Kysely<DB>, k: LogKey) =>
  db
    .selectFrom('custody_entry')
    .select(['index', 'id', 'event', 'at', 'box', 'actor', 'outcome', 'detail', 'leaf'])
    .where('site_id', '=', k.site)
    .where('log', '=', k.log)

export const entriesBefore = (db: Kysely<DB>, k: LogKey, before: number, limit: number) =>
  entries(db, k).where('index', '<', before).orderBy('index', 'desc').limit(limit).execute()

export const entriesOfBox = (db: Kysely<DB>, k: LogKey, box: string, limit: number) =>
  entries(db, k).where('box', '=', box).orderBy('index', 'desc').limit(limit).execute()

export const entryAt = (db: Kysely<DB>, k: LogKey, index: number) =>
  entries(db, k).where('index', '=', index).executeTakeFirst()

/** The verifier key that the log was last said to go on with; null where it has had one key only. */
export const newestKeyChange = async (db: Kysely<DB>, k: LogKey): Promise<string | null> => {
  const { rows } = await sql<{ detail: string | null }>`select detail from custody_entry
    where site_id = ${k.site} and log = ${k.log} and event = 'key.changed'
    order by index desc limit 1`.execute(db)
  return rows[0]?.detail ?? null
}

/** Stored subtree roots by level and index; one query for a whole proof. */
export async function nodesAt(
  db: Kysely<DB>,
  k: LogKey,
  wanted: readonly { level: number; index: number }[],
): Promise<(level: number, index: number) => Buffer> {
  const { rows } = await sql<TreeNode>`select n.level, n.index, n.hash from custody_node n
    join unnest(${wanted.map((w) => w.level)}::smallint[], ${wanted.map((w) => w.index)}::bigint[])
      as w (level, index) on n.level = w.level and n.index = w.index
    where n.site_id = ${k.site} and n.log = ${k.log}`.execute(db)
  const found = new Map(rows.map((r) => [`${r.level}/${r.index}`, r.hash]))
  return (level, index) => {
    const hash = found.get(`${level}/${index}`)
    if (!hash) throw new Error(`ledger ${k.site}/${k.log}: node ${level}/${index} is missing`)
    return hash
  }
}

export interface Anchor {
  witness: string
  size: number
  root: Buffer
  at: Date
}

/** The newest good word of each witness; with `any`, also one that did not agree with the database. */
export async function newestAnchors(db: Kysely<DB>, k: LogKey, any = false): Promise<Anchor[]> {
  const { rows } = await sql<Anchor>`select distinct on (witness) witness, size, root, at
    from custody_anchor where site_id = ${k.site} and log = ${k.log} and (ok or ${any})
    order by witness, received_at desc`.execute(db)
  return rows
}

export const insertAnchor = (
  trx: Kysely<DB>,
  k: LogKey,
  a: Anchor & { id: string; ok: boolean; detail: string | null; receivedAt: Date },
) =>
  trx
    .insertInto('custody_anchor')
    .values({
      site_id: k.site,
      id: a.id,
      log: k.log,
      witness: a.witness,
      size: a.size,
      root: a.root,
      ok: a.ok,
      detail: a.detail,
      at: a.at,
      received_at: a.receivedAt,
    })
    .execute()
