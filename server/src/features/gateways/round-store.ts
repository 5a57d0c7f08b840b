import type { FactBody, Round, RoundsView, RoundTrouble } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

export interface OfReader {
  site: string
  gateway: string
  device: string
}
export interface LastRound {
  complete: boolean
  receivedAt: Date
}

export async function lastRound(trx: Kysely<DB>, of: OfReader): Promise<LastRound | null> {
  const newest = (complete: boolean) =>
    trx
      .selectFrom('inventory_round')
      .select(['complete', 'received_at as receivedAt', 'seq'])
      .where('site_id', '=', of.site)
      .where('gateway', '=', of.gateway)
      .where('device', '=', of.device)
      .where('complete', '=', complete)
      .orderBy('received_at', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
  const [good, bad] = [await newest(true), await newest(false)]
  if (!good || !bad) return good ?? bad ?? null
  const [a, b] = [good.receivedAt.getTime(), bad.receivedAt.getTime()]
  return a > b || (a === b && BigInt(good.seq) > BigInt(bad.seq)) ? good : bad
}

export async function gapReachesInto(
  trx: Kysely<DB>,
  of: OfReader,
  { from, to }: Round,
): Promise<boolean> {
  const { rows } = await sql`select from gap
    where site_id = ${of.site} and gateway = ${of.gateway} and device = ${of.device}
      and lane = 'reads' and from_at < ${to} and to_at > ${from} limit 1`.execute(trx)
  return rows.length > 0
}

/** Rounds told before the gap that reaches into them: they are complete no more. */
export const spoilRounds = (
  trx: Kysely<DB>,
  k: { site: string; gateway: string },
  { device, lane, from, to }: FactBody<'lantai.gap.v1'>,
) =>
  lane !== 'reads' || device === null || from === null || to === null
    ? null
    : sql`update inventory_round set gap = true
        where site_id = ${k.site} and gateway = ${k.gateway} and device = ${device}
          and to_at > ${from} and from_at < ${to} and not gap`.execute(trx)

export const insertRound = (
  trx: Kysely<DB>,
  r: OfReader & { epoch: string; seq: string; body: Round; gap: boolean; receivedAt: Date },
) =>
  trx
    .insertInto('inventory_round')
    .values({
      site_id: r.site,
      gateway: r.gateway,
      epoch: r.epoch,
      seq: r.seq,
      device: r.device,
      antennas: r.body.antennas,
      from_at: r.body.from,
      to_at: r.body.to,
      rounds: r.body.rounds,
      tags: r.body.tags,
      troubles: r.body.troubles,
      gap: r.gap,
      received_at: r.receivedAt,
    })
    .execute()

interface Row {
  key: string
  complete: number
  incomplete: number
  last: { from: Date; to: Date; tags: number; antennas: number[] } | null
  now: { from: Date; to: Date; tags: number; troubles: RoundTrouble[] } | null
}

/** Of every device that ever told of a round, by gateway and device with a space between; counts are of since then. */
export async function roundsOf(
  db: Kysely<DB>,
  site: string,
  since: Date,
): Promise<Map<string, RoundsView>> {
  const { rows } = await sql<Row>`
    select d.gateway || ' ' || d.device as key, n.complete, n.incomplete,
      case when good.seq is null then null else json_build_object('from', good.from_at,
        'to', good.to_at, 'tags', good.tags, 'antennas', good.antennas) end as last,
      case when bad.seq is null or (bad.received_at, bad.seq) < (good.received_at, good.seq) then null
        else json_build_object('from', bad.from_at, 'to', bad.to_at, 'tags', bad.tags, 'troubles',
          -- The round's own reasons say more.
          case when bad.troubles = '{}' then array['gap'] else bad.troubles end) end as now
    from device_health d
    left join lateral (select * from inventory_round r where r.site_id = d.site_id
      and r.gateway = d.gateway and r.device = d.device and r.complete
      order by r.received_at desc, r.seq desc limit 1) good on true
    left join lateral (select * from inventory_round r where r.site_id = d.site_id
      and r.gateway = d.gateway and r.device = d.device and not r.complete
      order by r.received_at desc, r.seq desc limit 1) bad on true
    cross join lateral (select coalesce(sum(r.rounds) filter (where r.complete), 0)::int as complete,
      coalesce(sum(r.rounds) filter (where not r.complete), 0)::int as incomplete
      from inventory_round r where r.site_id = d.site_id and r.gateway = d.gateway
      and r.device = d.device and r.received_at > ${since}) n
    where d.site_id = ${site} and (good.seq is not null or bad.seq is not null)`.execute(db)
  return new Map(rows.map((r) => [r.key, viewOf(r)]))
}

const viewOf = ({ complete, incomplete, last, now }: Row): RoundsView => ({
  complete,
  incomplete,
  lastComplete: last && { ...last, ...spanOf(last) },
  incompleteNow: now && { ...now, ...spanOf(now) },
})
const spanOf = (span: { from: Date; to: Date }) => ({
  from: new Date(span.from).toISOString(),
  to: new Date(span.to).toISOString(),
})
