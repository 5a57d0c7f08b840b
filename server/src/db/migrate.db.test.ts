import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { durabilityFaults } from './durability.ts'
import { generateTypes } from './generate-types.ts'
import { appRole, ownerRole } from './grants.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
let client: pg.Client
let ours: Migration[]
beforeAll(async () => {
  database = await createTestDatabase()
  client = await asOwner()
  ours = await readMigrations()
})
afterAll(async () => {
  await client?.end()
  await database?.[Symbol.asyncDispose]()
})

async function asOwner() {
  const c = new pg.Client({ connectionString: database.url, options: `-c role=${ownerRole}` })
  await c.connect()
  return c
}
const made = (name: string, sql: string): Migration => ({
  name: `${name}.sql`,
  sql,
  hash: createHash('sha256').update(sql).digest('hex'),
})

test('a migrated database is left alone', async () => {
  expect(await migrate(client, ours)).toEqual([])
})

test('a database that is newer than the program is refused with one sentence, untouched', async () => {
  await expect(migrate(client, ours.slice(0, -1))).rejects.toThrow(
    /^The database is newer than this program .*; start the newer version\.$/,
  )
})

test('a migration that was changed after it had been applied is refused', async () => {
  const changed = ours.map((m, i) => (i === 0 ? { ...m, hash: 'other' } : m))
  await expect(migrate(client, changed)).rejects.toThrow(/was changed after it had been applied/)
})

test('a migration that fails leaves nothing behind, and the next attempt starts where it stood', async () => {
  const bad = made('209901010000_bad', 'create table half (a int); select 1/0;')
  await expect(migrate(client, [...ours, bad])).rejects.toThrow(
    /209901010000_bad.*division by zero/,
  )
  const good = made('209901010000_bad', 'create table half (a int);')
  expect(await migrate(client, [...ours, good])).toEqual(['209901010000_bad.sql'])
  ours = [...ours, good]
})

test('two processes at once apply each migration once', async () => {
  const more = [...ours, made('209901010001_once', 'create table once (a int);')]
  const other = await asOwner()
  try {
    const done = await Promise.all([migrate(client, more), migrate(other, more)])
    expect(done.flat()).toEqual(['209901010001_once.sql'])
  } finally {
    await other.end()
  }
  ours = more
})

test('L4 a custody table of tomorrow is append-only for the app role without anybody remembering it', async () => {
  ours = [
    ...ours,
    made('209901010002_more', 'create table custody_more (a int); create table plain (a int);'),
  ]
  await migrate(client, ours)
  const can = async (table: string) => {
    const { rows } = await client.query<{ p: string }>(
      `select privilege_type as p from information_schema.role_table_grants
       where grantee = $1 and table_name = $2 order by 1`,
      [appRole, table],
    )
    return rows.map((r) => r.p)
  }
  expect(await can('custody_more')).toEqual(['INSERT', 'SELECT'])
  expect(await can('plain')).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE'])
  expect(await can('schema_migration')).toEqual(['SELECT'])
})

test('neither role is a superuser, bypasses row security or may create roles', async () => {
  const { rows } = await client.query(
    `select bool_or(rolsuper or rolbypassrls or rolcreaterole or rolcreatedb) as any
     from pg_roles where rolname = any($1)`,
    [[ownerRole, appRole]],
  )
  expect(rows).toEqual([{ any: false }])
})

test('every table but the bookkeeping of the database itself belongs to a site, so that a fleet can be spread over databases by it', async () => {
  const { rows } = await client.query<{ name: string }>(`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'site_id' and a.attnotnull) order by 1`)
  const made = ['custody_more', 'half', 'once', 'plain']
  expect(rows.map((r) => r.name).filter((n) => !made.includes(n))).toEqual([
    'reading_rolled',
    'schema_migration',
  ])
})

test('schema.gen.ts is what a migrated database says it is', async () => {
  await using fresh = await createTestDatabase()
  const c = new pg.Client({ connectionString: fresh.url })
  await c.connect()
  try {
    const written = await readFile(new URL('./schema.gen.ts', import.meta.url), 'utf8')
    expect(written, 'run npm run db:types').toBe(await generateTypes(c))
  } finally {
    await c.end()
  }
})

test('D4 a setting that would lose acknowledged records is found, by name', async () => {
  const faults = await durabilityFaults(database.db)
  await using off = await offDatabase()
  const found = await durabilityFaults(off.db)
  const expected = [...faults, 'PostgreSQL synchronous_commit is off, must be on']
  expect(found.sort()).toEqual(expected.sort())
})

async function offDatabase() {
  const other = await createTestDatabase()
  const c = new pg.Client({ connectionString: other.url })
  await c.connect()
  await c.query(
    `alter database ${new URL(other.url).pathname.slice(1)} set synchronous_commit = off`,
  )
  await c.end()
  return other
}
