import { createHash, randomUUID } from 'node:crypto'
import type { Lane } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.gen.ts'
import type { StatedGap } from './chain.ts'
import type { EdgeRecord } from './parse.ts'

/** One store of one gateway. */
export interface EdgeKey {
  site: string
  gateway: string
  epoch: string
}
export type Cursors = Record<Lane, bigint>
export interface LockedCursor {
  cursors: Cursors
  fenced: boolean
  held: boolean
}

interface CursorRow extends Record<Lane, string> {
  fenced: boolean
  held: boolean
}

/** Locks the cursor of this store until the transaction ends; undefined for an epoch that was never seen. */
export async function lockCursor(trx: Kysely<DB>, k: EdgeKey): Promise<LockedCursor | undefined> {
  const { rows } = await sql<CursorRow>`
    select c.alarm, c.custody, c.reads, c.telemetry, c.fenced_at is not null as fenced,
      exists (select from gateway g where g.site_id = c.site_id and g.gateway = c.gateway
        and g.held_at is not null) as held
    from gateway_cursor c
    where c.site_id = ${k.site} and c.gateway = ${k.gateway} and c.epoch = ${k.epoch}
    for update of c`.execute(trx)
  const [row] = rows
  if (!row) return undefined
  return { cursors: toCursors(row), fenced: row.fenced, held: row.held }
}

const toCursors = (r: Record<Lane, string>): Cursors => ({
  alarm: BigInt(r.alarm),
  custody: BigInt(r.custody),
  reads: BigInt(r.reads),
  telemetry: BigInt(r.telemetry),
})

/** Opens a store that was never seen and fences every older one of its gateway (rule D14). Returns those fenced. */
export async function openEpoch(
  trx: Kysely<DB>,
  k: EdgeKey,
  at: Date,
): Promise<{ epoch: string; cursors: Cursors }[]> {
  await sql`insert into gateway (site_id, gateway) values (${k.site}, ${k.gateway})
    on conflict do nothing`.execute(trx)
  await sql`select from gateway where site_id = ${k.site} and gateway = ${k.gateway} for update`.execute(
    trx,
  )
  const { rows } = await sql<CursorRow & { epoch: string }>`update gateway_cursor
    set fenced_at = ${at}
    where site_id = ${k.site} and gateway = ${k.gateway} and epoch <> ${k.epoch} and fenced_at is null
    returning epoch, alarm, custody, reads, telemetry`.execute(trx)
  await trx
    .insertInto('gateway_cursor')
    .values({ site_id: k.site, gateway: k.gateway, epoch: k.epoch, opened_at: at })
    .onConflict((c) => c.doNothing())
    .execute()
  return rows.map((r) => ({ epoch: r.epoch, cursors: toCursors(r) }))
}

/** Hashes of records that took effect before, by seq. */
export async function knownHashes(
  trx: Kysely<DB>,
  k: EdgeKey,
  seqs: bigint[],
): Promise<Map<bigint, Buffer>> {
  const { rows } = await sql<{ seq: string; hash: Buffer }>`select seq, hash from inbox
    where site_id = ${k.site} and gateway = ${k.gateway} and epoch = ${k.epoch}
      and seq = any(${seqs.map(String)}::numeric[])`.execute(trx)
  return new Map(rows.map((r) => [BigInt(r.seq), r.hash]))
}

/** Rule D6. Returns the seqs of the rows that were really inserted; only those may have an effect. */
export async function insertInbox(
  trx: Kysely<DB>,
  k: EdgeKey,
  lane: Lane,
  records: readonly EdgeRecord[],
  at: Date,
): Promise<Set<bigint>> {
  const seqs = `{${records.map((r) => r.seq).join(',')}}`
  const hashes = `{${records.map((r) => `"\\\\x${r.hash.toString('hex')}"`).join(',')}}`
  const { rows } = await sql<{ seq: string }>`
    insert into inbox (site_id, gateway, epoch, seq, lane, hash, received_at)
    select ${k.site}, ${k.gateway}, ${k.epoch}::uuid, u.seq, ${lane}, u.hash, ${at}::timestamptz
    from unnest(${seqs}::numeric[], ${hashes}::bytea[]) as u (seq, hash)
    on conflict (site_id, gateway, epoch, seq) do nothing returning seq`.execute(trx)
  return new Set(rows.map((r) => BigInt(r.seq)))
}

/** Also says that the gateway was heard, so that no batch needs a second row to be written. */
export async function moveCursor(trx: Kysely<DB>, k: EdgeKey, lane: Lane, to: bigint) {
  await sql`update gateway_cursor set ${sql.ref(lane)} = ${String(to)}::numeric
    where site_id = ${k.site} and gateway = ${k.gateway} and epoch = ${k.epoch}`.execute(trx)
}

export async function statedGaps(
  trx: Kysely<DB>,
  k: EdgeKey,
  lane: Lane,
  behind: bigint,
): Promise<StatedGap[]> {
  const { rows } = await sql<{ first: string; last: string }>`
    select first_seq as first, last_seq as last from gap
    where site_id = ${k.site} and gateway = ${k.gateway} and epoch = ${k.epoch} and lane = ${lane}
      and first_seq > ${String(behind)}::numeric and last_seq is not null`.execute(trx)
  return rows.map((r) => ({ first: BigInt(r.first), last: BigInt(r.last) }))
}

export const hold = (trx: Kysely<DB>, k: EdgeKey, reason: string, at: Date) =>
  sql`insert into gateway (site_id, gateway, held_at, held_reason)
    values (${k.site}, ${k.gateway}, ${at}, ${reason})
    on conflict (site_id, gateway) do update set held_at = excluded.held_at,
      held_reason = excluded.held_reason`.execute(trx)

export interface Quarantined {
  epoch: string | null
  lane: Lane | null
  seq: bigint | null
  code: string
  detail: string
  raw: Buffer
}

/** Byte for byte, once: a resend of the same bytes adds nothing. */
export async function quarantine(
  trx: Kysely<DB>,
  k: { site: string; gateway: string },
  q: Quarantined,
  at: Date,
) {
  await trx
    .insertInto('quarantine')
    .values({
      site_id: k.site,
      id: randomUUID(),
      gateway: k.gateway,
      epoch: q.epoch,
      lane: q.lane,
      seq: q.seq === null ? null : String(q.seq),
      code: q.code,
      detail: q.detail.slice(0, 300),
      raw: q.raw,
      hash: createHash('sha256').update(`${q.epoch}/${q.seq}/${q.code}/`).update(q.raw).digest(),
      received_at: at,
    })
    .onConflict((c) => c.columns(['site_id', 'gateway', 'hash']).doNothing())
    .execute()
}
