import { type Kysely, sql } from 'kysely'
import type { DB } from './schema.gen.ts'

/** What PostgreSQL must promise (rule D4; reliability 2.2). */
const wanted: Record<string, readonly string[]> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_write', 'remote_apply'],
  data_sync_retry: ['off'],
  data_checksums: ['on'],
}

/** One sentence for each setting that would let an acknowledged record be lost; empty when all is well. */
export async function durabilityFaults(db: Kysely<DB>): Promise<string[]> {
  const names = Object.keys(wanted)
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name = any(${names})`.execute(db)
  const is = new Map(rows.map((r) => [r.name, r.setting]))
  return Object.entries(wanted)
    .filter(([name, good]) => !good.includes(is.get(name) ?? ''))
    .map(([name, good]) => `PostgreSQL ${name} is ${is.get(name) ?? 'unknown'}, must be ${good[0]}`)
}
