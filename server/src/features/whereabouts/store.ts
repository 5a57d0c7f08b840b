import type { EvidenceKind } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { aheadMs, type Evidence, type Strength, strengthOf } from './rules.ts'

const columns = (list: readonly Evidence[]) => ({
  boxes: list.map((e) => e.boxId),
  kinds: list.map((e) => e.kind),
  ats: list.map((e) => e.at.toISOString()),
  bys: list.map((e) => e.by),
  places: list.map((e) => e.place),
  labels: list.map((e) => e.placeLabel),
  gateways: list.map((e) => e.record?.gateway ?? null),
  epochs: list.map((e) => e.record?.epoch ?? null),
  seqs: list.map((e) => e.record?.seq ?? null),
})

export async function insertEvidence(
  trx: Kysely<DB>,
  site: string,
  list: readonly Evidence[],
  receivedAt: Date,
) {
  const c = columns(list)
  await sql`insert into evidence (site_id, box_id, kind, at, by, place, place_label, gateway, epoch, seq,
      received_at)
    select ${site}, u.*, ${receivedAt}::timestamptz
    from unnest(${c.boxes}::uuid[], ${c.kinds}::text[], ${c.ats}::timestamptz[], ${c.bys}::text[],
      ${c.places}::text[], ${c.labels}::text[], ${c.gateways}::text[], ${c.epochs}::uuid[],
      ${c.seqs}::numeric[]) as u`.execute(trx)
}

/** A belief to be kept; `corrected` where its time is not what was told. */
export type Believed = Evidence & { corrected?: boolean }

const believedRows = (site: string, list: readonly Believed[]) => {
  const c = columns(list)
  const strengths = list.map((e) => strengthOf(e.kind))
  return sql`insert into belief (site_id, box_id, kind, at, by, place, place_label, c0, h_per_day, corrected)
    select ${site}, u.*
    from unnest(${c.boxes}::uuid[], ${c.kinds}::text[], ${c.ats}::timestamptz[], ${c.bys}::text[],
      ${c.places}::text[], ${c.labels}::text[], ${strengths.map((s) => s.c0)}::float8[],
      ${strengths.map((s) => s.hPerDay)}::float8[],
      ${list.map((e) => e.corrected === true)}::boolean[]) as u
    on conflict (site_id, box_id) do update set kind = excluded.kind, at = excluded.at,
      by = excluded.by, place = excluded.place, place_label = excluded.place_label,
      c0 = excluded.c0, h_per_day = excluded.h_per_day, corrected = excluded.corrected`
}

/** Older evidence that arrives late stays evidence, and changes no belief. */
export const upsertBeliefs = (trx: Kysely<DB>, site: string, list: readonly Evidence[]) =>
  sql`${believedRows(site, list)} where excluded.at >= belief.at`.execute(trx)

export const replaceBeliefs = (trx: Kysely<DB>, site: string, list: readonly Believed[]) =>
  believedRows(site, list).execute(trx)

/** What these records said is so much later or earlier than was told. Returns the boxes that they told of. */
export async function shiftEvidence(
  trx: Kysely<DB>,
  site: string,
  gateway: string,
  corrected: readonly { epoch: string; seq: string; told: Date; at: Date }[],
): Promise<string[]> {
  const { rows } = await sql<{ box: string }>`
    with shifted as (
      update evidence e set corrected_at = e.at + (u.at - u.told)
      from unnest(${corrected.map((c) => c.epoch)}::uuid[], ${corrected.map((c) => c.seq)}::numeric[],
        ${corrected.map((c) => c.told.toISOString())}::timestamptz[],
        ${corrected.map((c) => c.at.toISOString())}::timestamptz[]) as u (epoch, seq, told, at)
      where e.site_id = ${site} and e.gateway = ${gateway} and e.seq is not null
        and e.epoch = u.epoch and e.seq = u.seq
      returning e.box_id)
    select distinct box_id as box from shifted order by box_id`.execute(trx)
  return rows.map((r) => r.box)
}

/** Of each box the evidence that decides: the newest by its true time that names a place, the later among equals. */
export async function decidingEvidence(
  trx: Kysely<DB>,
  site: string,
  boxIds: readonly string[],
): Promise<Believed[]> {
  const { rows } = await sql<Believed>`
    select distinct on (e.box_id) e.box_id as "boxId", e.kind, e.by, e.place,
      e.place_label as "placeLabel", t.at, e.corrected_at is not null as corrected
    from evidence e
    cross join lateral (select coalesce(e.corrected_at, e.at) as truly) c
    cross join lateral (select case
      when c.truly > e.received_at + ${aheadMs} * interval '1 millisecond' then e.received_at
      else c.truly end as at) t
    where e.site_id = ${site} and e.box_id = any(${[...boxIds]}::uuid[])
      and (e.place is not null or e.place_label is not null)
    order by e.box_id, t.at desc, e.id desc`.execute(trx)
  return rows
}

export interface BeliefRow extends Strength {
  boxId: string
  kind: EvidenceKind
  at: Date
  by: string
  place: string | null
  placeLabel: string | null
  corrected: boolean
}

export const beliefRows = (db: Kysely<DB>, site: string, boxIds: readonly string[]) =>
  db
    .selectFrom('belief')
    .where('site_id', '=', site)
    .where('box_id', '=', sql<string>`any(${[...boxIds]}::uuid[])`)
    .select([
      'box_id as boxId',
      'kind',
      'at',
      'by',
      'place',
      'place_label as placeLabel',
      'c0',
      'h_per_day as hPerDay',
      'corrected',
    ])
    .$narrowType<{ kind: EvidenceKind }>()
    .execute()

export const evidenceRows = (db: Kysely<DB>, site: string, boxId: string, limit: number) =>
  db
    .selectFrom('evidence')
    .where('site_id', '=', site)
    .where('box_id', '=', boxId)
    .select([
      'kind',
      'at',
      'corrected_at as correctedAt',
      'by',
      'place',
      'place_label as placeLabel',
    ])
    .$narrowType<{ kind: EvidenceKind }>()
    .orderBy(sql`coalesce(corrected_at, at)`, 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
