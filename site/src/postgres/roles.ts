import pg from 'pg'
import { superuser } from './cluster.ts'

export interface DatabasePasswords {
  readonly superuser: string
  readonly owner: string
  readonly app: string
}

export const database = 'lantai'
/** `lantai_owner` migrates and imports; `lantai_app` serves. Neither is a superuser (rule L4, reliability 4.5). */
export const roles = { owner: 'lantai_owner', app: 'lantai_app' } as const

export const urlOf = (port: number, user: string, password: string, name = database) =>
  `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`

/** Creates both roles and the database; does nothing where they exist. */
export async function ensureDatabase(port: number, passwords: DatabasePasswords): Promise<void> {
  const client = new pg.Client({
    connectionString: urlOf(port, superuser, passwords.superuser, 'postgres'),
  })
  // A connection that breaks while idle makes the next query fail, which is where we look.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await ensureRole(client, roles.owner, passwords.owner)
    await ensureRole(client, roles.app, passwords.app)
    const found = await client.query('select 1 from pg_database where datname = $1', [database])
    if (found.rowCount === 0) await client.query(`create database ${database} owner ${roles.owner}`)
    await client.query(`revoke all on database ${database} from public`)
    await client.query(`grant connect, temporary on database ${database} to ${roles.app}`)
  } finally {
    await client.end()
  }
}

async function ensureRole(client: pg.Client, role: string, password: string) {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role])
  const verb = found.rowCount === 0 ? 'create' : 'alter'
  const secret = client.escapeLiteral(password)
  await client.query(
    `${verb} role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${secret}`,
  )
}
