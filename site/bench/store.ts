import { grantAppRole, migrate, provisionRoles, readMigrations } from '@lantai/server'
import pg from 'pg'
import { urlOf } from '../src/postgres/roles.ts'

export { urlOf }

/** A migrated database of its own in the cluster at `clusterUrl`; everything in it belongs to this benchmark. */
export async function freshStore(clusterUrl: string, name: string): Promise<string> {
  await asClient(clusterUrl, async (client) => {
    await client.query(`drop database if exists ${name}`)
    await client.query(`create database ${name}`)
    await provisionRoles(client, { owner: null, app: null })
  })
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  await asClient(url.href, async (client) => {
    await migrate(client, await readMigrations())
    await grantAppRole(client)
  })
  return url.href
}

export async function asClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

/** Milliseconds that `act` took. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

/** A small seeded generator, so that every run asks the same questions. */
export function seeded(seed: number): (below: number) => number {
  let s = seed >>> 0
  return (below) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return Math.floor((s / 2 ** 32) * below)
  }
}
