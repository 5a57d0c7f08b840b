/** What is known of times in doubt, for those who show them. */
import type { DoubtfulTimes } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

/** By entry of the ledger. */
export async function correctedTimes(
  db: Kysely<DB>,
  site: string,
  entries: readonly string[],
): Promise<Map<string, Date>> {
  const { rows } = await sql<{ entry: string; at: Date }>`
    select e.entry, d.corrected_at as at from doubtful_entry e
    join doubtful_time d on d.site_id = e.site_id and d.gateway = e.gateway and d.epoch = e.epoch
      and d.seq = e.seq
    where e.site_id = ${site} and e.entry = any(${[...entries]}::uuid[])
      and d.corrected_at is not null`.execute(db)
  return new Map(rows.map((r) => [r.entry, r.at]))
}

/** Of each gateway that told something since then with its clock in doubt. */
export async function doubtfulTimes(
  db: Kysely<DB>,
  site: string,
  since: Date,
): Promise<Map<string, DoubtfulTimes>> {
  const { rows } = await sql<DoubtfulTimes & { gateway: string }>`
    select gateway, count(*)::int as records, count(corrected_at)::int as corrected,
      coalesce(max(abs(extract(epoch from corrected_at - told_at) * 1000)), 0)::float8 as "mostMs"
    from doubtful_time where site_id = ${site} and received_at > ${since}
    group by gateway`.execute(db)
  return new Map(rows.map(({ gateway, ...times }) => [gateway, times]))
}
