import { createHash, randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { appRole, ownerRole, provisionRoles } from './grants.ts'
import { migrate, readMigrations } from './migrate.ts'
import { createDb, createPool } from './pool.ts'
import type { DB } from './schema.gen.ts'

export interface TestDatabase extends AsyncDisposable {
  /** As superuser. */
  url: string
  /** As the app role, as in production. */
  db: Kysely<DB>
  /** As the owner role: for what imports and migrations do. */
  owner: Kysely<DB>
  pool: pg.Pool
}

function clusterUrl(env: Record<string, string | undefined> = process.env): string {
  const { LANTAI_TEST_DATABASE_URL: url } = env
  if (!url)
    throw new Error(
      'LANTAI_TEST_DATABASE_URL is not set: database tests need the superuser URL of a scratch PostgreSQL cluster (npm test starts one).',
    )
  return url
}

const withDatabase = (url: string, name: string) => {
  const u = new URL(url)
  u.pathname = `/${name}`
  return u.href
}

async function asSuperuser<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

/** A migrated template, made once per set of migrations and cluster, shared by all test files. */
async function template(cluster: string): Promise<string> {
  const migrations = await readMigrations()
  const id = createHash('sha256')
    .update(migrations.map((m) => m.hash).join(''))
    .digest('hex')
  const name = `lantai_template_${id.slice(0, 16)}`
  await asSuperuser(cluster, async (client) => {
    await client.query('select pg_advisory_lock(779101)')
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount) return
    await provisionRoles(client, { owner: null, app: null })
    const building = `${name}_building`
    await client.query(`drop database if exists ${building}`)
    await client.query(
      `create database ${building} owner ${ownerRole} encoding 'UTF8' template template0`,
    )
    await asSuperuser(withDatabase(cluster, building), async (c) => {
      await c.query(`set role ${ownerRole}`)
      await migrate(c, migrations)
    })
    await client.query(`alter database ${building} rename to ${name}`)
  })
  return name
}

/** A database of its own for one test file; dropped when disposed. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = clusterUrl()
  const from = await template(cluster)
  const name = `lantai_test_${randomBytes(8).toString('hex')}`
  await asSuperuser(cluster, (c) =>
    c.query(`create database ${name} owner ${ownerRole} template ${from}`),
  )
  const url = withDatabase(cluster, name)
  const pool = createPool(url, { options: `-c role=${appRole}`, name: 'lantai-test' })
  const db = createDb(pool)
  const owner = createDb(createPool(url, { options: `-c role=${ownerRole}`, max: 2 }))
  return {
    url,
    db,
    owner,
    pool,
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await owner.destroy()
      await asSuperuser(cluster, (c) => c.query(`drop database if exists ${name} with (force)`))
    },
  }
}
