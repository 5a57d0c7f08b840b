import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { withPrepared } from './prepared.ts'
import type { DB } from './schema.gen.ts'

const INT8 = 20
const DATE = 1082

/**
 * int8 becomes a number (every int8 of ours counts something far below 2^53); 64-bit `seq` is numeric and
 * stays a string (rule D5). A date stays the text of the day: it has no time zone to be shifted by.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number
    if (oid === DATE) return String
    return pg.types.getTypeParser(oid, format)
  }) as pg.CustomTypesConfig['getTypeParser'],
}

export interface PoolOptions {
  max?: number
  /** Extra start-up parameters, as `-c role=lantai_app`. */
  options?: string
  name?: string
  /** A connection was lost, idle or busy. */
  onLost?: (err: Error) => void
}

export function createPool(url: string, o: PoolOptions = {}): pg.Pool {
  const limits = '-c statement_timeout=20s -c idle_in_transaction_session_timeout=30s'
  const pool = new pg.Pool({
    connectionString: url,
    max: o.max ?? 10,
    types,
    application_name: o.name ?? 'lantai-server',
    connectionTimeoutMillis: 10_000,
    options: `${limits} ${o.options ?? ''}`.trim(),
  })
  // A connection that PostgreSQL ends also fails the query that runs on it, and that failure is what counts; as an
  // event without a listener it would end the whole process.
  const lost = (err: Error) => o.onLost?.(err)
  pool.on('error', lost)
  pool.on('connect', (client) => void client.on('error', lost))
  return pool
}

export const createDb = (pool: pg.Pool): Kysely<DB> =>
  new Kysely<DB>({ dialect: new PostgresDialect({ pool: withPrepared(pool) }) })
