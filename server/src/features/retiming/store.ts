import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { bucketOf, type GoodClock, type Pair, type Stamp } from './rules.ts'

export interface OfGateway {
  site: string
  gateway: string
}
export interface Doubtful extends Stamp {
  epoch: string
  seq: string
  type: string
}
/** A record with its corrected time. */
export interface Corrected {
  epoch: string
  seq: string
  told: Date
  at: Date
}

/** Those that are the first of their bucket. */
export async function insertPairs(
  trx: Kysely<DB>,
  of: OfGateway,
  pairs: readonly Pair[],
): Promise<Pair[]> {
  const rows = await trx
    .insertInto('clock_pair')
    .values(
      pairs.map(({ boot, clock, mono, wall }) => ({
        ...{ site_id: of.site, gateway: of.gateway, boot, clock, mono, wall },
        bucket: bucketOf(mono),
      })),
    )
    .onConflict((c) => c.doNothing())
    .returning(['boot', 'clock', 'mono', 'wall'])
    .$narrowType<{ clock: GoodClock }>()
    .execute()
  return rows
}

/** The last pair of such a clock before or at a moment, and the first behind it. */
const pairsBeside = ({ site, gateway }: OfGateway, clock: GoodClock) => sql`
  (select clock, mono, wall from clock_pair where site_id = ${site} and gateway = ${gateway}
    and boot = u.boot and clock = ${clock} and mono <= u.mono order by mono desc limit 1)
  union all
  (select clock, mono, wall from clock_pair where site_id = ${site} and gateway = ${gateway}
    and boot = u.boot and clock = ${clock} and mono > u.mono order by mono limit 1)`

/**
 * With the time by the nearest synced pair that is known, else by the nearest in holdover; the earlier of two that are
 * equally near.
 */
export async function insertDoubtful(
  trx: Kysely<DB>,
  of: OfGateway,
  list: readonly Doubtful[],
  receivedAt: Date,
): Promise<Corrected[]> {
  const column = <T>(pick: (d: Doubtful) => T) => list.map(pick)
  const { rows } = await sql<Omit<Corrected, 'at'> & { at: Date | null }>`
    insert into doubtful_time (site_id, gateway, epoch, seq, type, clock, boot, mono, told_at,
      corrected_at, apart_us, by_clock, received_at)
    select ${of.site}, ${of.gateway}, u.epoch, u.seq, u.type, u.clock, u.boot, u.mono, u.told,
      p.wall + (u.mono - p.mono) * interval '1 microsecond', abs(u.mono - p.mono), p.clock,
      ${receivedAt}::timestamptz
    from unnest(${column((d) => d.epoch)}::uuid[], ${column((d) => d.seq)}::numeric[],
      ${column((d) => d.type)}::text[], ${column((d) => d.clock)}::text[],
      ${column((d) => d.boot)}::uuid[], ${column((d) => d.mono)}::bigint[],
      ${column((d) => d.at.toISOString())}::timestamptz[])
      as u (epoch, seq, type, clock, boot, mono, told)
    left join lateral (
      select near.clock, near.mono, near.wall
      from (${pairsBeside(of, 'synced')} union all ${pairsBeside(of, 'holdover')}) near
      order by near.clock = 'synced' desc, abs(near.mono - u.mono), near.mono limit 1) p on true
    on conflict do nothing
    returning epoch, seq, told_at as told, corrected_at as at`.execute(trx)
  return rows.flatMap(({ at, ...r }) => (at ? [{ ...r, at }] : []))
}

/** What lies nearer to this pair than to any other of its quality, between it and its neighbours, and has no better one. */
export async function correctBy(
  trx: Kysely<DB>,
  of: OfGateway,
  { boot, clock, mono, wall }: Pair,
): Promise<Corrected[]> {
  const ours = sql`site_id = ${of.site} and gateway = ${of.gateway} and boot = ${boot}`
  const alike = sql`${ours} and clock = ${clock}`
  const worse = clock === 'synced' ? sql`by_clock is distinct from 'synced'` : sql`by_clock is null`
  const { rows } = await sql<Corrected>`
    update doubtful_time set apart_us = abs(mono - ${mono}), by_clock = ${clock},
      corrected_at = ${wall}::timestamptz + (mono - ${mono}) * interval '1 microsecond'
    where ${ours}
      and mono > coalesce((select max(mono) from clock_pair where ${alike} and mono < ${mono}), -1)
      and mono < coalesce((select min(mono) from clock_pair where ${alike} and mono > ${mono}),
        9223372036854775807)
      and (${worse} or (by_clock = ${clock} and (abs(mono - ${mono}) < apart_us
        or (abs(mono - ${mono}) = apart_us and mono > ${mono}))))
    returning epoch, seq, told_at as told, corrected_at as at`.execute(trx)
  return rows
}

export const linkEntries = (
  trx: Kysely<DB>,
  of: OfGateway,
  epoch: string,
  entries: readonly { id: string; seq: string }[],
) =>
  trx
    .insertInto('doubtful_entry')
    .values(
      entries.map(({ id, seq }) => ({
        ...{ site_id: of.site, gateway: of.gateway, epoch, entry: id, seq },
      })),
    )
    .execute()
