import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Keeper } from '../supervise/keeper.ts'
import { repositoryRoot } from '../supervise/node-process.ts'
import { systemClock } from '../system-clock.ts'
import { isAlive, tempDir, until } from '../testing.ts'
import { type ClusterOptions, initCluster, PostgresProcess, superuser } from './cluster.ts'
import { prepareEngine } from './engine.ts'
import { choosePort } from './ports.ts'
import { postmasterOf } from './postmaster-file.ts'
import { ensureDatabase, roles, urlOf } from './roles.ts'
import { postgresUser } from './run-as.ts'
import { sharedEngineDir } from './scratch.ts'

const passwords = { superuser: 'su-secret', owner: 'owner-secret', app: 'app-secret' }
const dir = tempDir()
let cluster: ClusterOptions
let keeper: Keeper<{ pid: number }>

const keep = () =>
  new Keeper(new PostgresProcess(cluster), systemClock, {
    up: () => undefined,
    ended: () => undefined,
  })

async function query(sql: string, user: string = superuser, password = passwords.superuser) {
  const client = new pg.Client({ connectionString: urlOf(cluster.port, user, password) })
  client.on('error', () => undefined) // the next query tells
  await client.connect()
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  cluster = {
    engine: prepareEngine(sharedEngineDir()),
    dataDir: join(dir.path, 'postgres'),
    runAs: postgresUser(),
    port: await choosePort(),
    durable: true,
    log: { write: () => undefined },
    clock: systemClock,
  }
  await initCluster(cluster, passwords.superuser)
  keeper = keep()
  await keeper.start()
  await ensureDatabase(cluster.port, passwords)
})
afterAll(async () => {
  await keeper.stop()
  dir[Symbol.dispose]()
})

test('D4: every durability setting is on, and read back from the running server', async () => {
  const names = [
    'fsync',
    'full_page_writes',
    'synchronous_commit',
    'data_sync_retry',
    'data_checksums',
  ]
  const rows = await query(
    `select name, setting from pg_settings where name in ('${names.join("','")}')`,
  )
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    data_sync_retry: 'off',
    data_checksums: 'on',
  })
})

test('L4: neither of the store’s roles is a superuser, bypasses policies, or creates databases or roles', async () => {
  const rows = await query(
    `select rolname from pg_roles where rolname in ('${roles.owner}', '${roles.app}')
     and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication) order by 1`,
  )
  expect(rows.map(({ rolname }) => rolname)).toEqual([roles.app, roles.owner])
})

test('it listens on the loopback only, and lets nobody in without the right password', async () => {
  const [row] = await query('show listen_addresses')
  expect(row).toEqual({ listen_addresses: '127.0.0.1' })
  await expect(query('select 1', superuser, 'wrong')).rejects.toThrow(/password authentication/)
  await expect(query('select 1', superuser, '')).rejects.toThrow()
})

test('D3 D6: what was committed before kill -9 is there after the restart', async () => {
  await query('create table if not exists kept (n int)')
  await query('insert into kept values (42)')
  await keeper.kill()
  await keeper.ready()
  expect(await query('select n from kept')).toEqual([{ n: 42 }])
})

test('a postmaster.pid whose number belongs to another process today does not stop a start', async () => {
  await keeper.stop()
  writeFileSync(join(cluster.dataDir, 'postmaster.pid'), `${process.pid}\n${cluster.dataDir}\n`)
  keeper = keep()
  await keeper.start()
  expect(await query('select n from kept')).toEqual([{ n: 42 }])
})

test('when the supervisor is killed, PostgreSQL ends by itself; when it lingers, the next start waits for it', async () => {
  await keeper.stop()
  const { engine: _e, log: _l, clock: _c, ...plain } = cluster
  const script = `
    import { PostgresProcess } from '${repositoryRoot}site/src/postgres/cluster.ts'
    import { prepareEngine } from '${repositoryRoot}site/src/postgres/engine.ts'
    import { systemClock } from '${repositoryRoot}site/src/system-clock.ts'
    const cluster = { ...${JSON.stringify(plain)}, engine: prepareEngine('${sharedEngineDir()}'),
      clock: systemClock, log: { write: () => undefined } }
    const running = await new PostgresProcess(cluster).launch()
    await running.ready
    process.stdout.write('up')`
  const supervisor = spawn(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise((resolve) => supervisor.stdout.once('data', resolve))
  const orphan = postmasterOf(cluster.dataDir)
  if (!orphan) throw new Error('PostgreSQL did not start')
  supervisor.kill('SIGKILL')
  await until(() => !isAlive(orphan))
  expect(existsSync(join(cluster.dataDir, 'postmaster.pid'))).toBe(false)
  keeper = keep()
  await keeper.start()
  expect(await query('select n from kept')).toEqual([{ n: 42 }])
})
