import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { topics } from '@lantai/contracts'
import fc from 'fast-check'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePki, type Pki } from '../pki/files.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir, until } from '../testing.ts'
import { type RunningBroker, startBroker } from './broker.ts'
import { ensureVendorAccounts, readAccounts, type VendorFiles } from './vendor-accounts.ts'
import { vendorMayConnect, vendorMayPublish, vendorMaySubscribe } from './vendor-acl.ts'

const dir = tempDir()
const own = topics('demo', 'gw-01')
const lines: { msg: string; topic?: string; identity?: string }[] = []
const open: MqttClient[] = []
let pki: Pki
let accounts: VendorFiles
let broker: RunningBroker

beforeAll(async () => {
  pki = await ensurePki(
    join(dir.path, 'pki'),
    { broker: 'server', server: 'client', 'gw-01': 'client' },
    systemClock,
  )
  accounts = await ensureVendorAccounts(join(dir.path, 'vendor'), ['reader-1', 'reader-2'])
  broker = await startBroker({
    site: 'demo',
    port: 0,
    files: { ca: pki.ca, ...pki.of('broker') },
    vendor: { port: 0, accounts: accounts.accounts },
    log: pino({}, { write: (line: string) => lines.push(JSON.parse(line)) }),
  })
})
afterAll(async () => {
  await Promise.all(open.map((c) => c.endAsync(true)))
  await broker.stop()
  dir[Symbol.dispose]()
})

const passwordOf = (user: string) =>
  readFileSync(join(dir.path, 'vendor', `${user}.password`), 'utf8').trim()

async function connect(options: IClientOptions, port = broker.vendorPort): Promise<MqttClient> {
  const client = await connectAsync(
    `mqtts://127.0.0.1:${port}`,
    { ca: readFileSync(pki.ca), reconnectPeriod: 0, ...options },
    false,
  )
  client.on('error', () => undefined) // each test looks at what arrives
  open.push(client)
  return client
}
const vendor = (user: string, more: IClientOptions = {}) =>
  connect({ clientId: user, username: user, password: passwordOf(user), ...more })
const withCertificate = (name: string) => {
  const { cert, key } = pki.of(name)
  return connect({ clientId: name, cert: readFileSync(cert), key: readFileSync(key) }, broker.port)
}
const hears = (client: MqttClient) =>
  new Promise<string>((resolve) =>
    client.once('message', (topic, payload) => resolve(`${topic} ${payload}`)),
  )
const closed = (client: MqttClient) =>
  new Promise<void>((resolve) => client.once('close', () => resolve()))

test('the port is open while somebody may come in; who leaves the list is put out, and everybody else stays', async () => {
  const place = join(dir.path, 'changing')
  const { accounts: file, password } = await ensureVendorAccounts(place, [])
  await using stack = new AsyncDisposableStack()
  const changing = await startBroker({
    site: 'demo',
    port: 0,
    files: { ca: pki.ca, ...pki.of('broker') },
    vendor: { port: 0, accounts: file },
    log: pino({ level: 'silent' }),
  })
  stack.defer(() => changing.stop())
  expect(changing.vendorPort).toBeNull()
  await ensureVendorAccounts(place, ['reader-1', 'reader-2'])
  await until(() => changing.vendorPort !== null)
  const enter = (device: string) =>
    connect(
      {
        clientId: `vendor.${device}`,
        username: `vendor.${device}`,
        password: readFileSync(password('vendor', device), 'utf8').trim(),
      },
      changing.vendorPort,
    )
  const [first, second] = [await enter('reader-1'), await enter('reader-2')]
  const out = closed(first)
  await ensureVendorAccounts(place, ['reader-2'])
  await out
  await expect(enter('reader-1')).rejects.toThrow(/Not authorized/)
  await second.publishAsync('vendor/demo/reader-2/still', 'here', { qos: 1 })
  const last = closed(second)
  await ensureVendorAccounts(place, [])
  await last
  await until(() => changing.vendorPort === null)
})

test('a device speaks below its prefix, and the driver of it hears', async () => {
  const driver = await vendor('driver.reader-1', { clientId: 'driver.reader-1.gw-01' })
  await driver.subscribeAsync('vendor/demo/reader-1/#', { qos: 1 })
  const device = await vendor('vendor.reader-1')
  const heard = hears(driver)
  await device.publishAsync('vendor/demo/reader-1/events', 'a tag', { qos: 1 })
  expect(await heard).toBe('vendor/demo/reader-1/events a tag')
})

test.each([
  ['a wrong password', { username: 'vendor.reader-1', password: 'impinj' }],
  ['no password', { username: 'vendor.reader-1' }],
  ['nobody’s name', { username: 'vendor.reader-9', password: 'impinj' }],
  ['no name at all', {}],
])('%s does not come in', async (_what, login) => {
  await expect(connect({ clientId: 'vendor.reader-1', ...login })).rejects.toThrow(/Not authorized/)
})

test('a client id of somebody else is refused, so that nobody is pushed out', async () => {
  for (const clientId of ['gw-01', 'server', 'vendor.reader-2', 'vendor.reader-10'])
    await expect(vendor('vendor.reader-1', { clientId })).rejects.toThrow(/Not authorized/)
})

test('name and password are nothing on the port of certificates, a certificate nothing on theirs', async () => {
  await expect(
    connect(
      {
        clientId: 'vendor.reader-1',
        username: 'vendor.reader-1',
        password: passwordOf('vendor.reader-1'),
      },
      broker.port,
    ),
  ).rejects.toThrow()
  const { cert, key } = pki.of('gw-01')
  await expect(
    connect({ clientId: 'gw-01', cert: readFileSync(cert), key: readFileSync(key) }),
  ).rejects.toThrow(/Not authorized/)
})

test.each([
  own.state,
  own.up('custody'),
  own.cmd('c1'),
  'vendor/demo/reader-2/events',
  'vendor/other/reader-1/events',
])(
  'attack: a device that publishes into %s is cut off and logged, and nobody hears it',
  async (topic) => {
    const server = await withCertificate('server')
    await server.subscribeAsync('lantai/v1/demo/+/state', { qos: 1 })
    const driver = await vendor('driver.reader-2')
    await driver.subscribeAsync('vendor/demo/reader-2/#', { qos: 1 })
    const heard: string[] = []
    for (const c of [server, driver]) c.on('message', (t, p) => heard.push(`${t} ${p}`))
    const thief = await vendor('vendor.reader-1')
    const cut = closed(thief)
    thief.publish(topic, 'forged', { qos: 1 })
    await cut
    expect(lines.findLast((l) => l.msg === 'publication refused')).toMatchObject({
      topic,
      identity: 'vendor.reader-1',
    })
    // What comes after on the same subscriptions shows that the forgery did not.
    const gateway = await withCertificate('gw-01')
    const honest = await vendor('vendor.reader-2')
    const both = Promise.all([hears(server), hears(driver)])
    await gateway.publishAsync(own.state, 'birth', { qos: 1 })
    await honest.publishAsync('vendor/demo/reader-2/events', 'a tag', { qos: 1 })
    await both
    expect(heard.filter((h) => h.endsWith('forged'))).toEqual([])
  },
)

test('attack: a will outside the prefix is not delivered', async () => {
  const server = await withCertificate('server')
  await server.subscribeAsync('lantai/v1/demo/+/state', { qos: 1 })
  const heard: string[] = []
  server.on('message', (topic, payload) => heard.push(`${topic} ${payload}`))
  const will = {
    topic: own.state,
    payload: Buffer.from('forged death'),
    qos: 1,
    retain: true,
  } as const
  const thief = await vendor('vendor.reader-1', { will })
  const before = lines.length
  thief.stream.destroy()
  await until(() => lines.slice(before).some((l) => l.msg === 'publication refused'))
  const next = hears(server)
  await (await withCertificate('gw-01')).publishAsync(own.state, 'birth', { qos: 1 })
  await next
  expect(heard.filter((h) => h.includes('forged'))).toEqual([])
})

test.each([
  '#',
  'lantai/v1/demo/#',
  own.ack,
  'vendor/demo/+/events',
  'vendor/demo/reader-2/#',
  'vendor/#',
])('attack: a device or a driver that listens at %s is refused', async (filter) => {
  for (const user of ['vendor.reader-1', 'driver.reader-1'])
    await expect((await vendor(user)).subscribeAsync(filter, { qos: 1 })).rejects.toThrow()
})

test('attack: a driver that publishes is cut off: nobody of us speaks for a device', async () => {
  const driver = await vendor('driver.reader-1')
  const cut = closed(driver)
  driver.publish('vendor/demo/reader-1/events', 'forged', { qos: 1 })
  await cut
})

describe('accounts', () => {
  test('passwords are long, of each its own, for their owner’s eyes, and not in the broker’s file', () => {
    const users = ['vendor.reader-1', 'driver.reader-1', 'vendor.reader-2', 'driver.reader-2']
    const passwords = users.map(passwordOf)
    expect(new Set(passwords).size).toBe(4)
    const file = readFileSync(accounts.accounts, 'utf8')
    for (const p of passwords) {
      expect(p.length).toBeGreaterThanOrEqual(32)
      expect(file).not.toContain(p)
    }
    expect(statSync(accounts.password('vendor', 'reader-1')).mode & 0o777).toBe(0o600)
  })
  test('what exists is kept, and a device that left the list can no longer come in', async () => {
    const before = passwordOf('vendor.reader-2')
    await ensureVendorAccounts(join(dir.path, 'vendor'), ['reader-2'])
    expect(passwordOf('vendor.reader-2')).toBe(before)
    expect(readAccounts(accounts.accounts).map((a) => a.user)).toEqual([
      'vendor.reader-2',
      'driver.reader-2',
    ])
    await expect(vendor('vendor.reader-1')).rejects.toThrow(/Not authorized/)
    await vendor('vendor.reader-2')
  })
})

test('S9 default deny: whatever topic and name, nothing outside the own prefix', () => {
  const word = fc.constantFrom(
    'vendor',
    'lantai',
    'v1',
    'demo',
    'reader-1',
    'reader-2',
    '+',
    '#',
    '',
    'x',
  )
  const user = fc.constantFrom(
    'vendor.reader-1',
    'driver.reader-1',
    'reader-1',
    'gw-01',
    'server',
    'vendor.',
    'vendor.reader-1/x',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), user, (parts, name) => {
      const topic = parts.join('/')
      const inside = topic.startsWith('vendor/demo/reader-1/')
      if (!inside || name !== 'vendor.reader-1')
        expect(vendorMayPublish('demo', name, { topic, bytes: 1 })).toBe(false)
      if (!inside || !/^(vendor|driver)\.reader-1$/.test(name))
        expect(vendorMaySubscribe('demo', name, topic)).toBe(false)
    }),
    { numRuns: 2_000, seed: 5 },
  )
  expect(
    vendorMayPublish('demo', 'vendor.reader-1', {
      topic: 'vendor/demo/reader-1/e',
      bytes: 262_145,
    }),
  ).toBe(false)
  expect(vendorMayConnect('vendor.a', 'vendor.ab')).toBe(false)
})
