import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import { grantAppRole } from './grants.ts'

export interface Migration {
  name: string
  sql: string
  hash: string
}

/** A database that this code must not touch; the message is one clear sentence for the person at the console. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused'
}

const directory = new URL('./migrations/', import.meta.url)
const LOCK = 0x4c54_4d47 // "LTMG"

/** All migrations of this code, in the order of their UTC names. */
export async function readMigrations(from: URL = directory): Promise<Migration[]> {
  const names = (await readdir(from)).filter((n) => n.endsWith('.sql')).sort()
  for (const name of names)
    if (!/^\d{12}_[a-z0-9_]+\.sql$/.test(name))
      throw new MigrationRefused(`migration ${name} is not named YYYYMMDDhhmm_name.sql`)
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, from), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Brings the database to this code: forward only, one at a time over all processes (advisory lock), each file
 * in its own transaction unless its first line is `-- no-transaction`. Returns the names that were applied.
 */
export async function migrate(client: ClientBase, migrations: Migration[]): Promise<string[]> {
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`create table if not exists schema_migration (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`)
    const { rows } = await client.query<{ name: string; hash: string }>(
      'select name, hash from schema_migration order by name',
    )
    const pending = compare(migrations, rows)
    for (const m of pending) await apply(client, m)
    await grantAppRole(client)
    return pending.map((m) => m.name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
  }
}

function compare(ours: Migration[], applied: { name: string; hash: string }[]): Migration[] {
  const known = new Map(ours.map((m) => [m.name, m]))
  for (const { name, hash } of applied) {
    const mine = known.get(name)
    if (!mine)
      throw new MigrationRefused(
        `The database is newer than this program (it has migration ${name}); start the newer version.`,
      )
    if (mine.hash !== hash)
      throw new MigrationRefused(
        `Migration ${name} was changed after it had been applied; restore the file and add a new migration.`,
      )
  }
  const done = new Set(applied.map((a) => a.name))
  return ours.filter((m) => !done.has(m.name))
}

async function apply(client: ClientBase, m: Migration) {
  const whole = !m.sql.startsWith('-- no-transaction')
  if (whole) await client.query('begin')
  try {
    await client.query(m.sql)
    await client.query('insert into schema_migration (name, hash) values ($1, $2)', [
      m.name,
      m.hash,
    ])
    if (whole) await client.query('commit')
  } catch (cause) {
    if (whole) await client.query('rollback')
    throw new Error(`migration ${m.name} failed: ${(cause as Error).message}`, { cause })
  }
}
