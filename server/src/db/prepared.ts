import type { PostgresPool } from 'kysely'
import type pg from 'pg'

const marked = /^\s*\/\*([a-z-]+)\*\//

/**
 * Lets a statement be parsed and planned once a connection: one whose text begins with a name in a comment, as in
 * sql`/*box-by-code*\/ select …`. Parsing and planning cost as much as finding a row by its key; only statements with
 * the same text for every call may carry a name.
 */
export const withPrepared = (pool: pg.Pool): PostgresPool => ({
  options: pool.options,
  connect: async () => {
    const client = await pool.connect()
    // `release` and everything else stay the client's own.
    return Object.create(client, { query: { value: named(client) } })
  },
  end: () => pool.end(),
})

const named = (client: pg.PoolClient) => (text: string, values: unknown[]) => {
  const name = marked.exec(text)?.[1]
  return name === undefined ? client.query(text, values) : client.query({ name, text, values })
}
