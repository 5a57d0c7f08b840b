/** Mosquitto as the broker for the whole site: gateway and server unchanged, nothing lost when it dies. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { serverTopics, topics } from '@lantai/contracts'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { difference, same } from '../../journeys/exactly-once.ts'
import { records } from '../../journeys/judge-effects.ts'
import { bodies, readOutbox } from '../../journeys/outbox-file.ts'
import { StoreFacts } from '../../journeys/store-facts.ts'
import { randomSecret } from '../data/passwords.ts'
import { ensurePki } from '../pki/files.ts'
import { choosePort } from '../postgres/ports.ts'
import { sharedEngineDir } from '../postgres/scratch.ts'
import { Site } from '../site.ts'
import { Keeper } from '../supervise/keeper.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir, until } from '../testing.ts'
import {
  asOurselves,
  hasMosquitto,
  MosquittoProcess,
  mosquittoProgram,
  writeMosquitto,
} from './mosquitto-process.ts'

const { CI } = process.env
const mayRun = hasMosquitto()
if (!mayRun && CI === 'true')
  test('nothing may be skipped in CI: mosquitto is not installed', () => expect(mayRun).toBe(true))
const why = mayRun ? '' : ' (skipped: mosquitto not installed, apt-get install mosquitto)'

interface Sighting {
  epc: string
  departed?: true
}
const tags = 3_000

describe.skipIf(!mayRun)(`the whole site on Mosquitto${why}`, () => {
  test('facts arrive; the broker dies in the middle of them, and each is there once', async () => {
    using dir = tempDir()
    await using site = new Site({
      dataDir: join(dir.path, 'data'),
      engineDir: sharedEngineDir(),
      port: await choosePort(),
      simulator: { SIM_TODAY: '2026-11-22' },
      broker: 'mosquitto',
    })
    await site.start()
    await using facts = new StoreFacts(site)
    const program = execFileSync('ps', ['-o', 'args=', '-p', String(site.pid('broker'))]).toString()
    expect(program).toContain(mosquittoProgram)

    const stored = async () =>
      Number((await facts.rows<{ n: string }>('select count(*) n from inbox'))[0]?.n)
    const before = await stored()
    const firstEpc = '340000000000000000100000'
    await site.control.act('/world/burst', {
      reader: 'desk-1',
      count: tags,
      perSecond: 500,
      firstEpc,
    })
    await until(async () => (await stored()) > before + 500)
    {
      using _down = await site.holdDown('broker')
      expect(await site.control.read('/world/idle?timeoutMs=60000')).toEqual({ idle: true })
      const waiting = readBacklog(await (await fetch(`${site.consoleUrl}/metrics`)).text())
      expect(waiting).toBeGreaterThan(0)
    }
    await site.settled()

    using _gateway = await site.holdDown('gateway')
    const made = readOutbox(
      join(dirname(site.accountsFile), 'gateway', site.edge.gateway, 'outbox.db'),
    )
    const seen = bodies<Sighting>(made, 'lantai.sighting.v1').filter((s) => !s.departed)
    const wanted = Array.from({ length: tags }, (_, i) =>
      (BigInt(`0x${firstEpc}`) + BigInt(i)).toString(16).toUpperCase(),
    )
    const ofBurst = new Set(wanted)
    expect(
      difference(
        wanted,
        seen.map((s) => s.epc).filter((e) => ofBurst.has(e)),
      ),
    ).toEqual(same)
    const { made: durable, there } = await records(made, site.edge.gateway, facts)
    const { lost, extra } = difference(durable, there)
    // What came after the last tick may still wait at the gateway, behind its cursor; nothing of the burst does.
    const [cursor] = await facts.rows<{ reads: string }>('select reads::text from gateway_cursor')
    const lostReads = lost.filter(
      (l) =>
        l.split(' ')[3] === 'reads' && BigInt(l.split(' ')[2] ?? 0) <= BigInt(cursor?.reads ?? 0),
    )
    expect({ lostReads, extra }).toEqual({ lostReads: [], extra: [] })
    expect(await facts.rows('select code from quarantine')).toEqual([])
  })
})

/** Records that wait at the gateway, all lanes. */
function readBacklog(metrics: string): number {
  const lines = metrics.split('\n').filter((l) => /backlog/.test(l) && !l.startsWith('#'))
  return lines.reduce((sum, l) => sum + Number(l.split(' ').at(-1)), 0)
}

describe.skipIf(!mayRun)(`the rules on Mosquitto${why}`, () => {
  test('certificates and vendor passwords reach what is theirs and nothing else', async () => {
    using dir = tempDir()
    await using site = await alone(dir.path)
    const own = topics('demo', 'gw-01')
    const server = await site.certified('server')
    await server.subscribeAsync(
      [...serverTopics('demo'), 'vendor/demo/#', 'lantai/v1/demo/+/ack'],
      { qos: 1 },
    )
    const driver = await site.vendor('driver.reader-1')
    await driver.subscribeAsync(['vendor/demo/#', 'lantai/v1/#'], { qos: 1 })
    const heard: string[] = []
    for (const [name, client] of [
      ['server', server],
      ['driver', driver],
    ] as const)
      client.on('message', (topic) => heard.push(`${name} ${topic}`))
    const gateway = await site.certified('gw-01')
    const device = await site.vendor('vendor.reader-1')
    // Mosquitto acknowledges what it refuses: only what is heard proves anything.
    for (const topic of [
      own.ack,
      topics('demo', 'gw-02').state,
      own.cmd('c1'),
      'vendor/demo/reader-1/x',
    ])
      await gateway.publishAsync(topic, 'forged', { qos: 1 })
    for (const topic of [own.state, own.up('custody'), own.ack, 'vendor/demo/reader-2/x'])
      await device.publishAsync(topic, 'forged', { qos: 1 })
    await driver.publishAsync('vendor/demo/reader-1/x', 'forged', { qos: 1 })
    await device.publishAsync('vendor/demo/reader-1/events', 'a tag', { qos: 1 })
    await gateway.publishAsync(own.state, 'birth', { qos: 1 })
    await until(
      () =>
        heard.includes('driver vendor/demo/reader-1/events') &&
        heard.includes(`server ${own.state}`),
    )
    expect(heard.sort()).toEqual(['driver vendor/demo/reader-1/events', `server ${own.state}`])
  })

  test('nobody comes in without a certificate, nor a vendor without its password', async () => {
    using dir = tempDir()
    await using site = await alone(dir.path)
    await expect(site.connect(site.port, { clientId: 'gw-01' })).rejects.toThrow()
    for (const password of ['', 'impinj'])
      await expect(
        site.connect(site.vendorPort, { clientId: 'x', username: 'vendor.reader-1', password }),
      ).rejects.toThrow(/Not authorized/)
    await expect(site.connect(site.vendorPort, { clientId: 'x' })).rejects.toThrow(/Not authorized/)
  })
})

/** A Mosquitto with our configuration and nothing behind it. */
async function alone(dir: string) {
  const pki = await ensurePki(
    join(dir, 'pki'),
    { broker: 'server', server: 'client', 'gw-01': 'client' },
    systemClock,
  )
  const [port, vendorPort] = [await choosePort(), await choosePort()]
  const passwords = Object.fromEntries(
    ['reader-1', 'reader-2'].flatMap((d) =>
      ['vendor', 'driver'].map((role) => [`${role}.${d}`, randomSecret()]),
    ),
  )
  const host = '127.0.0.1'
  const conf = writeMosquitto(
    join(dir, 'mosquitto'),
    {
      site: 'demo',
      gateways: ['gw-01', 'gw-02'],
      own: { host, port },
      files: { ca: pki.ca, ...pki.of('broker') },
      vendor: { host, port: vendorPort, devices: ['reader-1', 'reader-2'] },
      ...asOurselves(),
    },
    (user) => passwords[user] ?? '',
  )
  const broker = new Keeper(
    new MosquittoProcess(() => conf, port, { write: () => undefined }),
    systemClock,
    {
      up: () => undefined,
      ended: () => undefined,
    },
  )
  await broker.start()
  const open: MqttClient[] = []
  const connect = async (to: number, options: IClientOptions) => {
    const ca = readFileSync(pki.ca)
    const client = await connectAsync(
      `mqtts://${host}:${to}`,
      { ca, reconnectPeriod: 0, ...options },
      false,
    )
    open.push(client)
    return client
  }
  return {
    port,
    vendorPort,
    connect,
    certified: (name: string) => {
      const { cert, key } = pki.of(name)
      return connect(port, { clientId: name, cert: readFileSync(cert), key: readFileSync(key) })
    },
    vendor: (username: string) =>
      connect(vendorPort, { clientId: username, username, password: passwords[username] ?? '' }),
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((c) => c.endAsync(true)))
      await broker.stop()
    },
  }
}
