/** The Sparkplug publisher at a Mosquitto; an independent decoder reads it, and Wireshark dissects the same bytes. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import mqtt, { type MqttClient } from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect } from 'vitest'
import { createSystemClock } from '../src/core/system-clock.ts'
import { SparkplugPublisher } from '../src/outlets/sparkplug/publisher.ts'
import type { DeviceSample, Sample } from '../src/outlets/sparkplug/values.ts'
import { mosquitto, peerTest, Running } from './programs.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const script = fileURLToPath(new URL('./sparkplug-oracle.mjs', import.meta.url))
const oracle = (what: 'decode' | 'encode', word: string) =>
  execFileSync(process.execPath, [script, what, word], { encoding: 'utf8' })
interface Payload {
  seq?: number
  metrics?: { name?: string; value: unknown }[]
}
const decode = (payload: Buffer) => JSON.parse(oracle('decode', payload.toString('hex'))) as Payload
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-sparkplug-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function broker(port: number): Promise<Running> {
  const file = join(folder, `${port}.conf`)
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`)
  const running = new Running(mosquitto, ['-c', file])
  await running.line(/mosquitto version .* running/)
  return running
}
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

interface Heard {
  topic: string
  payload: Buffer
}
/** A plant's host: hears everything, in order. */
class Host implements AsyncDisposable {
  readonly client: MqttClient
  readonly all: Heard[] = []
  #at = 0
  #wake: () => void = () => undefined

  private constructor(client: MqttClient) {
    this.client = client
    client.on('message', (topic, payload) => {
      this.all.push({ topic, payload })
      this.#wake()
    })
  }
  static async connect(port: number): Promise<Host> {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 200 })
    const host = new Host(client)
    await new Promise<void>((resolve) => client.once('connect', () => resolve()))
    await client.subscribeAsync('spBv1.0/archive/#')
    return host
  }
  /** Connected and subscribed again, after its broker was away. */
  async back() {
    if (!this.client.connected) await once(this.client, 'connect')
    await this.client.subscribeAsync('spBv1.0/archive/#')
  }
  /** The next message of this type, decoded; what came before counts as seen. */
  async next(type: string) {
    for (;;) {
      while (this.#at < this.all.length) {
        const one = this.all[this.#at++]
        if (one?.topic.split('/')[2] === type) return decode(one.payload)
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
  async [Symbol.asyncDispose]() {
    await this.client.endAsync(true)
  }
}

const temperature = (value: number | null): Sample => ({
  name: 'Air/th-1/Temperature',
  type: 'Double',
  unit: 'Cel',
  value,
  quality: value === null ? 'stale' : 'good',
  at: Date.now(),
})
const publisher = (
  port: number,
  sample: () => DeviceSample[],
  primaryHost?: string,
  login: { username?: string; passwordFile?: string } = {},
) =>
  new SparkplugPublisher({
    settings: {
      url: `mqtt://127.0.0.1:${port}`,
      group: 'archive',
      edgeNode: 'gw-01',
      ...login,
      ...(primaryHost ? { primaryHost } : {}),
    },
    clock: createSystemClock(),
    log: pino({ level: 'silent' }),
    random: () => 0,
    sample,
  })
const bdSeqOf = (p: Payload) => Number(p.metrics?.find((m) => m.name === 'bdSeq')?.value)

peerTest(
  ['mosquitto'],
  'birth, data, rebirth on request, death by will, and another birth',
  async () => {
    const port = await freePort()
    let server = await broker(port)
    await using host = await Host.connect(port)
    let value: number | null = 21
    let alive = true
    const outlet = publisher(port, () => [{ id: 'air-1', alive, samples: [temperature(value)] }])
    outlet.start()
    const first = await host.next('NBIRTH')
    expect(Number(first.seq)).toBe(0)
    expect((await host.next('DBIRTH')).metrics?.[0]).toMatchObject({ value: 21 })
    value = null
    expect((await host.next('DDATA')).metrics?.[0]).toMatchObject({ value: null })

    const order = (name: string) =>
      host.client.publishAsync(
        'spBv1.0/archive/NCMD/gw-01',
        Buffer.from(oracle('encode', name), 'hex'),
      )
    await order('Node Control/Reboot')
    await order('Node Control/Rebirth')
    const again = await host.next('NBIRTH')
    expect(bdSeqOf(again)).toBe(bdSeqOf(first))
    expect(host.all.filter((m) => m.topic.includes('/NBIRTH/'))).toHaveLength(2)
    alive = false
    await host.next('DDEATH')

    // The broker goes and comes back: another session under another number.
    const lost = once(host.client, 'close')
    await server[Symbol.asyncDispose]()
    await lost
    server = await broker(port)
    // Whoever is back later than the node has missed its birth, and asks for another.
    await host.back()
    await order('Node Control/Rebirth')
    const later = await host.next('NBIRTH')
    expect(bdSeqOf(later)).toBeGreaterThan(bdSeqOf(first))
    await outlet.stop()
    expect(bdSeqOf(await host.next('NDEATH'))).toBe(bdSeqOf(later))
    await server[Symbol.asyncDispose]()
  },
)

peerTest(['mosquitto'], 'with a primary host nothing is published while it is away', async () => {
  const port = await freePort()
  await using _server = await broker(port)
  await using host = await Host.connect(port)
  const outlet = publisher(port, () => [], 'scada')
  const state = (online: boolean, timestamp: number) =>
    host.client.publishAsync('spBv1.0/STATE/scada', JSON.stringify({ online, timestamp }), {
      qos: 1,
      retain: true,
    })
  await state(false, 1)
  outlet.start()
  await state(true, 2)
  await host.next('NBIRTH')
  // An older word that comes late does not count.
  await state(false, 1)
  await state(false, 3)
  await host.next('NDEATH')
  await state(true, 4)
  await host.next('NBIRTH')
  expect(host.all.filter((m) => m.topic.includes('/NDEATH/'))).toHaveLength(1)
  await outlet.stop()
})

peerTest(
  ['mosquitto'],
  'what cannot be told ends its session alone; the next is born anew',
  async () => {
    const port = await freePort()
    await using _server = await broker(port)
    await using host = await Host.connect(port)
    const samples: (() => DeviceSample[])[] = [
      () => [{ id: 'air-1', alive: true, samples: [temperature(21)] }],
      () => {
        throw new RangeError('no number')
      },
    ]
    const rest = () => [{ id: 'air-1', alive: true, samples: [temperature(22)] }]
    const outlet = publisher(port, () => (samples.shift() ?? rest)())
    outlet.start()
    const first = await host.next('NBIRTH')
    await host.next('NDEATH')
    expect(bdSeqOf(await host.next('NBIRTH'))).toBeGreaterThan(bdSeqOf(first))
    expect((await host.next('DBIRTH')).metrics?.[0]).toMatchObject({ value: 22 })
    await outlet.stop()
  },
)

peerTest(['mosquitto'], 'a password that is being renewed is waited for', async () => {
  const port = await freePort()
  await using _server = await broker(port)
  await using host = await Host.connect(port)
  const passwordFile = join(folder, 'password')
  const outlet = publisher(port, () => [], undefined, { username: 'archive', passwordFile })
  expect(() => outlet.start()).not.toThrow()
  writeFileSync(passwordFile, 'renewed\n')
  expect(Number((await host.next('NBIRTH')).seq)).toBe(0)
  await outlet.stop()
})

/** MQTT 3.1.1 PUBLISH, QoS 0. */
function publishPacket({ topic, payload }: Heard): Uint8Array {
  const body = Buffer.concat([
    Buffer.from([topic.length >> 8, topic.length & 0xff]),
    Buffer.from(topic),
    payload,
  ])
  const length: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([0x30, ...length]), body])
}
const hexDump = (bytes: Uint8Array): string =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => {
    const part = Buffer.from(bytes.subarray(row * 16, row * 16 + 16)).toString('hex')
    return `${(row * 16).toString(16).padStart(6, '0')} ${part.replace(/../g, '$& ').trim()}`
  }).join('\n')

peerTest(['mosquitto', 'tshark'], 'Wireshark dissects every message, none malformed', async () => {
  const port = await freePort()
  await using _server = await broker(port)
  await using host = await Host.connect(port)
  let value: number | null = 21
  const outlet = publisher(port, () => [
    { id: 'air-1', alive: true, samples: [temperature(value)] },
  ])
  outlet.start()
  await host.next('DBIRTH')
  value = null
  await host.next('DDATA')
  await outlet.stop()
  await host.next('NDEATH')
  const [text, pcap] = [join(folder, 'sparkplug.txt'), join(folder, 'sparkplug.pcap')]
  writeFileSync(text, `${host.all.map((m) => hexDump(publishPacket(m))).join('\n\n')}\n`)
  execFileSync('text2pcap', ['-q', '-T', '40000,1883', text, pcap], { stdio: 'ignore' })
  const schema = `uat:protobuf_search_paths:"${here}","TRUE"`
  const tshark = (...args: string[]) =>
    execFileSync('tshark', ['-r', pcap, '-o', schema, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  expect(tshark('-Y', '_ws.malformed').trim()).toBe('')
  const types = tshark('-Y', 'sparkplugb', '-T', 'fields', '-e', 'sparkplugb.messagetype')
  const said = host.all.map((m) => m.topic.split('/')[2])
  expect(types.trim().split('\n')).toEqual(said)
  const whole = tshark('-V')
  expect(whole).not.toContain('<UNKNOWN>')
  for (const fact of ['bdSeq', 'Node Control/Rebirth', 'Air/th-1/Temperature', 'engUnit'])
    expect(whole).toContain(fact)
  expect(whole).toMatch(/double_value = 21\.0/)
  expect(whole).toMatch(/is_null = true/)
})
