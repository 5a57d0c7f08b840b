import type { EvidenceKind } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { type Evidence, type Strength, strengthOf } from './rules.ts'

const columns = (list: readonly Evidence[]) => ({
  boxes: list.map((e) => e.boxId),
  kinds: list.map((e) => e.kind),
  ats: list.map((e) => e.at.toISOString()),
  bys: list.map((e) => e.by),
  places: list.map((e) => e.place),
  labels: list.map((e) => e.placeLabel),
})

export async function insertEvidence(
  trx: Kysely<DB>,
  site: string,
  list: readonly Evidence[],
  receivedAt: Date,
) {
  const c = columns(list)
  await sql`insert into evidence (site_id, box_id, kind, at, by, place, place_label, received_at)
    select ${site}, u.*, ${receivedAt}::timestamptz
    from unnest(${c.boxes}::uuid[], ${c.kinds}::text[], ${c.ats}::timestamptz[], ${c.bys}::text[],
      ${c.places}::text[], ${c.labels}::text[]) as u`.execute(trx)
}

/** Older evidence that arrives late stays evidence, and changes no belief. */
export async function upsertBeliefs(trx: Kysely<DB>, site: string, list: readonly Evidence[]) {
  const c = columns(list)
  const strengths = list.map((e) => strengthOf(e.kind))
  await sql`insert into belief (site_id, box_id, kind, at, by, place, place_label, c0, h_per_day)
    select ${site}, u.*
    from unnest(${c.boxes}::uuid[], ${c.kinds}::text[], ${c.ats}::timestamptz[], ${c.bys}::text[],
      ${c.places}::text[], ${c.labels}::text[], ${strengths.map((s) => s.c0)}::float8[],
      ${strengths.map((s) => s.hPerDay)}::float8[]) as u
    on conflict (site_id, box_id) do update set kind = excluded.kind, at = excluded.at,
      by = excluded.by, place = excluded.place, place_label = excluded.place_label,
      c0 = excluded.c0, h_per_day = excluded.h_per_day
    where excluded.at >= belief.at`.execute(trx)
}

export interface BeliefRow extends Strength {
  boxId: string
  kind: EvidenceKind
  at: Date
  by: string
  place: string | null
  placeLabel: string | null
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
    ])
    .$narrowType<{ kind: EvidenceKind }>()
    .execute()

export const evidenceRows = (db: Kysely<DB>, site: string, boxId: string, limit: number) =>
  db
    .selectFrom('evidence')
    .where('site_id', '=', site)
    .where('box_id', '=', boxId)
    .select(['kind', 'at', 'by', 'place', 'place_label as placeLabel'])
    .$narrowType<{ kind: EvidenceKind }>()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
