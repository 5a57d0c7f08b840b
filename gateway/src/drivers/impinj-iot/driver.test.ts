import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ScriptedBroker } from '../mqtt/scripted-broker.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createImpinjDriver } from './driver.ts'
import type { ImpinjIot } from './kind.ts'

const topic = 'vendor/demo/reader-1/events'
const epc = '303423000000000000000001'
const tag = {
  timestamp: '2026-11-22T06:03:11Z',
  eventType: 'tagInventory',
  tagInventoryEvent: { epcHex: epc, antennaPort: 1 },
}

async function reader(more: Partial<ImpinjIot> = {}, log = pino({ level: 'silent' })) {
  const broker = await ScriptedBroker.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const device: ImpinjIot = {
    id: 'reader-1',
    label: 'reader',
    driver: 'impinj-iot',
    topic: 'vendor/demo/reader-1/#',
    role: 'desk',
    ...more,
    broker: { ...more.broker, url: broker.url },
  }
  const driver = createImpinjDriver(device, { ...events.deps(clock), log }, loopbackIo())
  driver.start()
  return {
    broker,
    clock,
    events,
    state: () => events.of('health').at(-1)?.state,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    },
  }
}

async function connected(more: Partial<ImpinjIot> = {}) {
  const r = await reader(more)
  const session = await r.broker.accept()
  const filters = await session.greet()
  await r.events.next('health', (h) => h.state === 'unknown')
  return { ...r, session, filters }
}

test('G8 a subscription alone proves nothing; the first event does', async () => {
  await using r = await connected()
  expect(r.filters).toEqual(['vendor/demo/reader-1/#'])
  await r.session.say(topic, tag)
  expect(await r.events.next('tags')).toMatchObject({ reads: [{ epc, antenna: 1, count: 1 }] })
  expect(await r.events.next('health')).toMatchObject({ state: 'online', detail: null })
})

test('the session is clean, and names the device', async () => {
  await using r = await reader({ broker: { url: '', user: 'reader-1', clientId: 'x-1' } })
  const session = await r.broker.accept()
  const { body } = await session.next()
  // Protocol MQTT, level 4; flags: user name and clean session.
  expect(body.subarray(0, 8).toString('hex')).toBe('00044d5154540482')
  expect(body.subarray(10).toString('latin1')).toBe('\0\x03x-1\0\x08reader-1')
})

test('G5 a refused subscription is no subscription: offline with its topic, and tried again', async () => {
  await using r = await reader()
  const session = await r.broker.accept()
  await session.greet([0x80])
  expect(
    await r.events.next('health', (h) => h.detail?.includes('refused') ?? false),
  ).toMatchObject({
    state: 'offline',
    detail: 'broker: the broker refused the subscription to vendor/demo/reader-1/#',
  })
  await session.closed
  await r.clock.pass(500)
  await (await r.broker.accept()).greet()
  await r.events.next('health', (h) => h.state === 'unknown')
})

test('G5 a broker that accepts and says nothing is given up after five seconds', async () => {
  await using r = await reader()
  const session = await r.broker.accept()
  await session.next()
  await r.clock.armed(5_000)
  r.clock.advance(5_000)
  await session.closed
  await r.clock.pass(500)
  await (await r.broker.accept()).greet()
  await r.events.next('health', (h) => h.state === 'unknown')
})

test('G5 the broker dies: offline at once; when it is back, what was missed is a hole and no retained event is a read', async () => {
  await using r = await connected()
  await r.session.say(topic, tag)
  await r.events.next('health', (h) => h.state === 'online')
  const lastHeard = r.clock.now()
  r.session.hangUp()
  await r.events.next('health', (h) => h.state === 'offline')
  await r.clock.pass(500)
  const again = await r.broker.accept()
  await again.greet()
  expect(await r.events.next('hole')).toMatchObject({
    reason: 'observation-hole',
    fromMs: lastHeard,
    toMs: lastHeard + 500,
  })
  expect(await r.events.next('health')).toMatchObject({ state: 'degraded', detail: /^reads lost / })
  const reads = r.events.of('tags').length
  await again.say(topic, tag, true)
  expect(r.events.of('tags')).toHaveLength(reads)
  await again.say(topic, tag)
  expect(r.events.of('tags')).toHaveLength(reads + 1)
})

test('a message that is no JSON is counted, and its topic and first 256 bytes are kept once a minute', async () => {
  const lines: { msg: string; evidence?: string }[] = []
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
  await using r = await reader({}, log)
  const session = await r.broker.accept()
  await session.greet()
  const bad = `{"cut${'x'.repeat(400)}`
  await session.say(topic, bad)
  await session.say(topic, '{"of":"another shape"}')
  const kept = lines.filter((l) => l.msg === 'bad frame')
  expect(kept).toMatchObject([
    { topic, length: bad.length, why: 'the stream ends within a message' },
  ])
  expect(kept[0]?.evidence).toBe(Buffer.from(bad).subarray(0, 256).toString('hex'))
  await session.say(topic, tag)
  expect(await r.events.next('health', (h) => h.state === 'online')).toMatchObject({ badFrames: 2 })
})

test('messages in which there is never a read make it degraded after a minute, and a read heals', async () => {
  await using r = await connected()
  await r.session.say(topic, { of: 'another shape' })
  await r.session.live(r.clock, 40_000)
  await r.session.say(topic, { of: 'another shape' })
  expect(r.state()).not.toBe('degraded')
  await r.session.live(r.clock, 24_000)
  expect(r.events.of('health').at(-1)).toMatchObject({
    state: 'degraded',
    detail: '2 messages and no read in them for 60 s or more',
  })
  await r.session.say(topic, tag)
  expect(r.state()).toBe('online')
})

test('keep-alives and status events of a reader without tags are well', async () => {
  await using r = await connected()
  for (let i = 0; i < 20; i++) {
    await r.session.say(topic, '\r\n')
    await r.session.live(r.clock, 4_000)
  }
  expect(r.state()).toBe('online')
})

test('an overflow is a hole, and the device says so for ten minutes', async () => {
  await using r = await connected()
  await r.session.say(topic, tag)
  const from = r.clock.now()
  await r.session.live(r.clock, 8_000)
  await r.session.say(topic, { eventType: 'overflow', overflowEvent: {} })
  expect(await r.events.next('hole')).toMatchObject({
    reason: 'reader-overflow',
    fromMs: from,
    toMs: from + 8_000,
  })
  expect(r.events.of('health').at(-1)).toMatchObject({ state: 'degraded', detail: /^reads lost / })
  await r.session.live(r.clock, 592_000)
  expect(r.state()).toBe('degraded')
  await r.session.live(r.clock, 16_000)
  expect(r.state()).toBe('online')
})

test('a lost antenna and an idle reader are said, and what was not read meanwhile is a hole', async () => {
  await using r = await connected()
  await r.session.say(topic, { antennaDisconnectedEvent: { antennaPort: 2 } })
  expect(r.events.of('health').at(-1)).toMatchObject({
    state: 'degraded',
    detail: 'antenna 2 disconnected',
  })
  await r.session.say(topic, { antennaConnectedEvent: { antennaPort: 2 } })
  expect(r.state()).toBe('online')
  const status = (inventoryStatus: string) => ({ inventoryStatusEvent: { inventoryStatus } })
  await r.session.say(topic, status('idle'))
  expect(r.events.of('health').at(-1)?.detail).toBe('the reader does not read (idle)')
  const from = r.clock.now()
  await r.session.live(r.clock, 4_000)
  await r.session.say(topic, status('running'))
  expect(await r.events.next('hole')).toMatchObject({
    reason: 'observation-hole',
    fromMs: from,
    toMs: from + 4_000,
  })
})

test('silence beyond what the reader promises, or the word of its will, is offline until it speaks, and a hole', async () => {
  await using r = await connected({
    silentAfterMs: 20_000,
    availability: { topic: 'vendor/demo/reader-1/status', offline: 'gone' },
  })
  await r.session.say(topic, tag)
  await r.session.live(r.clock, 24_000)
  expect(r.events.of('health').at(-1)).toMatchObject({
    state: 'offline',
    detail: 'nothing heard for 20 s',
  })
  await r.session.say(topic, tag)
  expect(r.state()).toBe('degraded')
  await r.session.say('vendor/demo/reader-1/status', 'gone', true)
  expect(r.state()).toBe('offline')
  await r.session.say('vendor/demo/reader-1/status', 'here', true)
  expect(r.state()).toBe('offline')
  await r.session.say(topic, tag)
  expect(r.state()).toBe('degraded')
  expect(r.events.of('hole')).toHaveLength(2)
})

test('a reader that restarts, as its will or a second start of its inventory tells, leaves one hole', async () => {
  const running = { inventoryStatusEvent: { inventoryStatus: 'running' } }
  const status = 'vendor/demo/reader-1/status'
  await using r = await connected({ availability: { topic: status } })
  await r.session.say(topic, running)
  await r.session.say(topic, tag)
  expect(r.events.of('hole')).toEqual([])
  const from = r.clock.now()
  await r.session.say(status, 'offline')
  await r.session.live(r.clock, 8_000)
  await r.session.say(status, 'online')
  await r.session.say(topic, running)
  await r.session.say(topic, tag)
  expect(r.events.of('hole')).toMatchObject([
    { reason: 'observation-hole', fromMs: from, toMs: from + 8_000 },
  ])
  await r.session.live(r.clock, 4_000)
  await r.session.say(topic, running)
  expect(r.events.of('hole')[1]).toMatchObject({ fromMs: from + 8_000, toMs: from + 12_000 })
})

test('a reader that waits for its trigger reads in rounds: complete where nothing was lost, and no start is a restart', async () => {
  await using r = await connected()
  const status = (inventoryStatus: string) =>
    r.session.say(topic, { inventoryStatusEvent: { inventoryStatus } })
  const other = { ...tag, tagInventoryEvent: { epcHex: '3034'.repeat(6), antennaPort: 1 } }
  // It may have begun before anybody listened.
  await status('running')
  await r.session.say(topic, tag)
  await status('armed')
  expect(r.events.of('round')).toEqual([])
  await status('running')
  const fromMs = r.clock.now()
  for (const said of [tag, other, tag]) await r.session.say(topic, said)
  await r.session.live(r.clock, 4_000)
  await status('armed')
  expect(r.events.of('round')).toEqual([
    {
      ...{ kind: 'round', device: 'reader-1', antennas: [], fromMs, toMs: fromMs + 4_000 },
      ...{ epcs: [epc, '3034'.repeat(6)], troubles: [] },
    },
  ])
  expect(r.events.of('hole')).toEqual([])
  expect(r.state()).toBe('online')
})

test.each([
  ['overflow', { eventType: 'overflow', overflowEvent: {} }],
  ['antenna', { antennaDisconnectedEvent: { antennaPort: 2 } }],
  ['stopped', { inventoryTerminatedEvent: { reason: 'person' } }],
] as const)('a round with %s in it is not complete', async (trouble, said) => {
  await using r = await connected()
  const status = (inventoryStatus: string) =>
    r.session.say(topic, { inventoryStatusEvent: { inventoryStatus } })
  for (const word of ['armed', 'running']) await status(word)
  await r.session.say(topic, tag)
  await r.session.say(topic, said)
  await status('armed')
  expect(r.events.of('round')).toMatchObject([{ epcs: [epc], troubles: [trouble] }])
})

test('a round in which the broker is lost is told at once, and the next is not told before it is heard whole', async () => {
  await using r = await connected()
  const status = (inventoryStatus: string, s = r.session) =>
    s.say(topic, { inventoryStatusEvent: { inventoryStatus } })
  for (const word of ['armed', 'running']) await status(word)
  await r.session.say(topic, tag)
  r.session.hangUp()
  expect(await r.events.next('round')).toMatchObject({ epcs: [epc], troubles: ['link-lost'] })
  await r.clock.pass(500)
  const again = await r.broker.accept()
  await again.greet()
  for (const word of ['armed', 'running', 'armed']) await status(word, again)
  expect(r.events.of('round')).toMatchObject([{}, { epcs: [], troubles: [] }])
})

test('a message beyond the limit is not taken in, is acknowledged and counted, and the next one is heard', async () => {
  await using r = await connected()
  await r.session.say(topic, `"${'x'.repeat(300_000)}"`)
  await r.session.say(topic, tag)
  expect(await r.events.next('health', (h) => h.state === 'online')).toMatchObject({ badFrames: 1 })
})

test('a secret that is not there is said by its name, and tried again', async () => {
  await using r = await reader({ broker: { url: '', user: 'u', password: 'no-such-file' } })
  expect(await r.events.next('health', (h) => h.detail?.includes('secret') ?? false)).toMatchObject(
    {
      state: 'offline',
      detail: 'broker: the secret file no-such-file cannot be read',
    },
  )
})
