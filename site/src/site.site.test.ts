import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorityName, driverSecret } from './broker/vendor-place.ts'
import { choosePort } from './postgres/ports.ts'
import { sharedEngineDir } from './postgres/scratch.ts'
import { type ProcessName, processNames } from './processes.ts'
import { Site } from './site.ts'
import { repositoryRoot } from './supervise/node-process.ts'
import { isAlive, tempDir, until } from './testing.ts'

const dir = tempDir()
const dataDir = join(dir.path, 'data')
let site: Site

const boot = async (say?: (zh: string, en: string) => void) =>
  new Site({
    dataDir,
    engineDir: sharedEngineDir(),
    port: await choosePort(),
    simulator: { SIM_TODAY: '2026-11-22' },
    ...(say ? { say } : {}),
  })

/** Somebody who goes on trying: the port for devices opens a moment after the account is there. */
async function entered({ url, user, password }: Record<'url' | 'user' | 'password', string>) {
  const ca = readFileSync(site.edge.files.ca)
  const options = { ca, clientId: user, username: user, password, reconnectPeriod: 0 }
  let client: MqttClient | null = null
  await until(async () => {
    client = await connectAsync(url, options, false).catch(() => null)
    return client !== null
  })
  if (!client) throw new Error('nobody came in')
  return client as MqttClient
}

async function count(table: string): Promise<number> {
  const client = new pg.Client({ connectionString: site.databaseUrl('superuser') })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: string }>(`select count(*) n from ${table}`)
    return Number(rows[0]?.n)
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  site = await boot()
  await site.start()
})
afterAll(async () => {
  await site.stop()
  dir[Symbol.dispose]()
})

test('the first start brings the demo store: its page, its boxes, its files', async () => {
  expect((await fetch(`${site.url}/readyz`)).status).toBe(200)
  expect([await count('box'), await count('file')]).toEqual([9_231, 65_772])
})

test('accounts are generated, one for every role, in a file that only its owner can read', () => {
  expect(statSync(site.accountsFile).mode & 0o777).toBe(0o600)
  expect(new Set(site.accounts.map((a) => a.password)).size).toBe(site.accounts.length)
  expect(new Set(site.accounts.flatMap((a) => a.roles)).size).toBe(7)
  for (const { password } of site.accounts)
    expect(readFileSync(join(dataDir, 'logs', 'server.log'), 'utf8')).not.toContain(password)
})

test('a reader of another maker, added from the dashboard’s own route, is let in and heard, and put out when it leaves the list', async () => {
  const { vendor } = site
  expect(vendor.devices).toEqual([])
  const officer = site.accounts.find((a) => a.roles.includes('systemOfficer'))
  const post = async (path: string, body: object, cookie = '') => {
    const headers = { origin: site.url, 'content-type': 'application/json', cookie }
    return await fetch(`${site.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
  }
  const { account, password } = officer ?? {}
  const signedIn = await post('/api/session', { account, password })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  const list = `/api/gateways/${site.edge.gateway}/devices`
  // The server knows a list from what its gateway tells at its start.
  const newest = async () => {
    let version: number | null = null
    await until(async () => {
      const answer = await fetch(`${site.url}${list}`, { headers: { cookie } })
      version = ((await answer.json()) as { version?: number | null }).version ?? null
      return version !== null
    })
    return version
  }
  const broker = {
    url: vendor.url,
    ca: authorityName,
    user: 'driver.reader-9',
    clientId: 'driver.reader-9',
    password: driverSecret('reader-9'),
  }
  const entry = { id: 'reader-9', label: '门卫读写器', driver: 'impinj-iot', role: 'desk', broker }
  const topic = `vendor/${site.id}/reader-9/events`
  const body = { base: await newest(), reason: '新增读写器', entry: { ...entry, topic } }
  const changed = await post(`${list}/reader-9`, body, cookie)
  expect(changed.status, await changed.text()).toBe(200)
  await until(() => site.vendor.devices.includes('reader-9'))
  const device = await entered({
    url: vendor.url,
    user: 'vendor.reader-9',
    password: readFileSync(vendor.files.password('vendor', 'reader-9'), 'utf8').trim(),
  })
  const read = {
    eventType: 'tagInventory',
    tagInventoryEvent: { epcHex: '34'.repeat(12), antennaPort: 1 },
  }
  const isHeard = async () => {
    await device.publishAsync(topic, JSON.stringify(read), { qos: 1 })
    return (await count(`device_health where device = 'reader-9' and state = 'online'`)) === 1
  }
  await until(isHeard)
  const out = new Promise<void>((resolve) => device.once('close', () => resolve()))
  const gone = { base: await newest(), reason: '拆除读写器' }
  expect((await post(`${list}/reader-9/removal`, gone, cookie)).status).toBe(200)
  await out
  expect(site.vendor.devices).toEqual([])
})

test.each([...processNames])(
  'D9: %s is started again after kill -9, and the store settles',
  async (name) => {
    const before = site.pid(name)
    await site.kill(name)
    await site.settled()
    expect(site.pid(name)).not.toBe(before)
  },
)

test('a second start finds its data and imports nothing; nothing of the first is left running', async () => {
  const pids = processNames.map((name: ProcessName) => site.pid(name) ?? -1)
  const password = site.accounts[0]?.password
  await site.stop()
  expect(pids.filter(isAlive)).toEqual([])
  const said: string[] = []
  site = await boot((_zh, en) => said.push(en))
  await site.start()
  expect(said.join()).not.toMatch(/importing/)
  expect(site.accounts[0]?.password).toBe(password)
  expect(await count('box')).toBe(9_231)
  await site.settled()
})

test('when the supervisor is killed -9 nothing outlives it, and the next start is good', async () => {
  await site.stop()
  const supervisor = spawn(
    process.execPath,
    ['--conditions=source', `${repositoryRoot}site/src/start.ts`],
    {
      env: { ...process.env, LANTAI_DATA_DIR: dataDir, LANTAI_PORT: String(await choosePort()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  await new Promise<void>((resolve) =>
    supervisor.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Lantai is ready: http://localhost:')) resolve()
    }),
  )
  const family = descendants(supervisor.pid ?? -1)
  expect(family.length).toBeGreaterThan(5)
  supervisor.kill('SIGKILL')
  await until(() => !family.some(isAlive))
  site = await boot()
  await site.start()
  await site.settled()
})

/** Every process below `pid`, from the kernel's own list. */
function descendants(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(path)) return []
  const children = readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}
