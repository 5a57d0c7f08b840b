import { readFileSync } from 'node:fs'
import { canaryTopic, serverTopics, topics } from '@lantai/contracts'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePki, type Pki } from '../pki/files.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir } from '../testing.ts'
import { type RunningBroker, startBroker } from './broker.ts'

const dir = tempDir()
const own = topics('demo', 'gw-01')
let pki: Pki
let broker: RunningBroker
const open: MqttClient[] = []

beforeAll(async () => {
  pki = await ensurePki(
    dir.path,
    { broker: 'server', server: 'client', 'gw-01': 'client', 'gw-02': 'client' },
    systemClock,
  )
  broker = await startBroker({
    site: 'demo',
    port: 0,
    files: { ca: pki.ca, ...pki.of('broker') },
    log: pino({ level: 'silent' }),
  })
})
afterAll(async () => {
  await Promise.all(open.map((c) => c.endAsync(true)))
  await broker.stop()
  dir[Symbol.dispose]()
})

async function connect(name: string, more: IClientOptions = {}): Promise<MqttClient> {
  const { cert, key } = pki.of(name)
  const client = await connectAsync(
    `mqtts://127.0.0.1:${broker.port}`,
    {
      clientId: name,
      ca: readFileSync(pki.ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
      reconnectPeriod: 0,
      ...more,
    },
    false,
  )
  client.on('error', () => undefined) // each test looks at what arrives
  open.push(client)
  return client
}

/** The next message that a client hears. */
const hears = (client: MqttClient) =>
  new Promise<{ topic: string; text: string }>((resolve) =>
    client.once('message', (topic, payload) => resolve({ topic, text: payload.toString() })),
  )

test('what a gateway says on its own prefix reaches the server, and back', async () => {
  const server = await connect('server')
  const gateway = await connect('gw-01')
  await server.subscribeAsync('lantai/v1/demo/+/up/+', { qos: 1 })
  await gateway.subscribeAsync(own.ack, { qos: 1 })
  const up = hears(server)
  await gateway.publishAsync(own.up('alarm'), 'fire', { qos: 1 })
  expect(await up).toEqual({ topic: own.up('alarm'), text: 'fire' })
  const ack = hears(gateway)
  await server.publishAsync(own.ack, 'stored', { qos: 1 })
  expect(await ack).toEqual({ topic: own.ack, text: 'stored' })
})

test('D19 what the server says to itself comes back', async () => {
  const server = await connect('server', { clientId: 'server-4' })
  await server.subscribeAsync(serverTopics('demo'), { qos: 1 })
  const canary = hears(server)
  await server.publishAsync(canaryTopic('demo'), 'a song', { qos: 1 })
  expect(await canary).toEqual({ topic: canaryTopic('demo'), text: 'a song' })
})

test('nobody comes in without a certificate, or with one of another authority', async () => {
  await expect(connect('gw-01', { cert: '', key: '' })).rejects.toThrow()
  using elsewhere = tempDir()
  const foreign = await ensurePki(elsewhere.path, { 'gw-01': 'client' }, systemClock)
  const { cert, key } = foreign.of('gw-01')
  await expect(
    connect('gw-01', { cert: readFileSync(cert), key: readFileSync(key) }),
  ).rejects.toThrow()
})

test('a client id that is not the certificate’s name is refused', async () => {
  await expect(connect('gw-01', { clientId: 'gw-02' })).rejects.toThrow(/Not authorized/)
})

test('a gateway that speaks for another is cut off, and nobody hears it', async () => {
  const server = await connect('server', { clientId: 'server-2' })
  await server.subscribeAsync('lantai/v1/demo/+/state', { qos: 1 })
  const heard: string[] = []
  server.on('message', (topic) => heard.push(topic))
  const thief = await connect('gw-02')
  const cut = new Promise<void>((resolve) => thief.once('close', () => resolve()))
  thief.publish(own.state, 'forged', { qos: 1 })
  await cut
  // What comes after on the same subscription shows that the forgery did not.
  const honest = await connect('gw-01', { clientId: 'gw-01' })
  const next = hears(server)
  await honest.publishAsync(own.state, 'birth', { qos: 1 })
  await next
  expect(heard).toEqual([own.state])
})

test('a subscription outside the own prefix is refused', async () => {
  const gateway = await connect('gw-02')
  for (const filter of ['#', 'lantai/v1/demo/+/ack', own.ack])
    await expect(gateway.subscribeAsync(filter, { qos: 1 })).rejects.toThrow()
})

test('the will of a gateway whose socket is cut is delivered', async () => {
  const server = await connect('server', { clientId: 'server-3' })
  await server.subscribeAsync('lantai/v1/demo/+/state', { qos: 1 })
  const gateway = await connect('gw-02', {
    will: {
      topic: topics('demo', 'gw-02').state,
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
    },
  })
  const death = new Promise<string>((resolve) =>
    server.on('message', (topic, payload) => {
      if (topic === topics('demo', 'gw-02').state) resolve(payload.toString())
    }),
  )
  gateway.stream.destroy()
  expect(await death).toBe('gone')
})
