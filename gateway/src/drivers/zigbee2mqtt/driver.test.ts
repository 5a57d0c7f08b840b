import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { ScriptedBroker, type ScriptedSession } from '../mqtt/scripted-broker.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createZigbeeDriver } from './driver.ts'
import { kind } from './kind.ts'
import type { Zigbee2Mqtt } from './settings.ts'

const minute = 60_000
const entry = (url: string): Zigbee2Mqtt => ({
  id: 'zigbee-1',
  label: 'bridge',
  driver: 'zigbee2mqtt',
  broker: { url },
  devices: [
    { name: 'air 1', model: 'air', id: 'th-9', label: 'air', room: 'R1', reportMs: 10 * minute },
    {
      name: 'hall/smoke',
      model: 'smoke',
      id: 'smoke-9',
      label: 'smoke',
      room: 'R1',
      reportMs: 10 * minute,
    },
  ],
  limits: {
    temperature: { low: 14, high: 24, deadband: 1 },
    humidity: { low: 45, high: 60, deadband: 2 },
    onDelayMs: 0,
    offDelayMs: 0,
  },
})
const airTopic = 'zigbee2mqtt/air 1'
const smokeTopic = 'zigbee2mqtt/hall/smoke'

async function bridge() {
  const broker = await ScriptedBroker.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createZigbeeDriver(entry(broker.url), events.deps(clock), loopbackIo())
  driver.start()
  const session = await broker.accept()
  const filters = await session.greet()
  await events.next('health', (h) => h.state === 'unknown')
  const seen = (agoMs: number) => new Date(clock.now() - agoMs).toISOString()
  const input = (id: string) =>
    events
      .of('contact')
      .filter((c) => c.input === id)
      .at(-1)?.state
  return {
    broker,
    clock,
    events,
    session,
    filters,
    seen,
    input,
    smoke: (smoke: boolean, agoMs: number, to: ScriptedSession = session, retained = false) =>
      to.say(
        smokeTopic,
        { smoke, tamper: false, battery_low: false, last_seen: seen(agoMs) },
        retained,
      ),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    },
  }
}

test('the entry fits its schema, and says what it gives the room', () => {
  const device = entry('mqtt://127.0.0.1:1883')
  expect(Value.Errors(kind.schema, device)).toEqual([])
  expect(kind.check?.(device)).toEqual([])
  const { air, contacts } = kind.facets(device)
  expect(air?.sensors.map((s) => s.id)).toEqual(['th-9'])
  expect(contacts?.map((c) => `${c.id} ${c.means}`)).toEqual([
    'smoke-9 smoke',
    'smoke-9-tamper tamper',
    'smoke-9-battery batteryLow',
  ])
  const { limits: _, ...without } = device
  expect(kind.check?.(without)).toEqual(['limits is needed: one of the devices measures air'])
})

test('only the named devices, their availability and the bridge are subscribed to', async () => {
  await using b = await bridge()
  expect(b.filters).toEqual([
    'zigbee2mqtt/bridge/state',
    airTopic,
    smokeTopic,
    `${airTopic}/availability`,
    `${smokeTopic}/availability`,
  ])
})

test('what is said now is read: air, smoke, tamper and battery', async () => {
  await using b = await bridge()
  await b.session.say(airTopic, {
    temperature: 20.4,
    humidity: 52.3,
    battery: 97,
    last_seen: b.seen(0),
  })
  expect(await b.events.next('readings')).toMatchObject({
    sensor: 'th-9',
    values: { temperature: 20.4, humidity: 52.3 },
  })
  await b.smoke(true, 0)
  expect([b.input('smoke-9'), b.input('smoke-9-tamper'), b.input('smoke-9-battery')]).toEqual([
    'active',
    'clear',
    'clear',
  ])
  expect(b.events.of('health').at(-1)).toMatchObject({ state: 'online' })
})

test('S1 a retained value is never a reading; its age is that of last_seen, and without one it is nothing', async () => {
  await using b = await bridge()
  await b.session.say(airTopic, { temperature: 20.4, humidity: 52.3, last_seen: b.seen(0) }, true)
  expect(b.events.of('readings')).toEqual([])
  await b.session.say(smokeTopic, { smoke: false }, true)
  expect(b.input('smoke-9')).toBe('unknown')
  await b.smoke(false, 11 * minute, b.session, true)
  expect(b.input('smoke-9')).toBe('unknown')
  await b.smoke(false, -5 * minute, b.session, true)
  expect(b.input('smoke-9')).toBe('unknown')
  await b.smoke(false, 9 * minute, b.session, true)
  expect(b.input('smoke-9')).toBe('clear')
  await b.session.live(b.clock, minute)
  expect(b.input('smoke-9')).toBe('unknown')
})

test('what a bridge remembers and publishes at its start is not taken for news', async () => {
  await using b = await bridge()
  await b.session.say('zigbee2mqtt/bridge/state', { state: 'online' })
  await b.session.say(smokeTopic, { smoke: false })
  expect(b.input('smoke-9')).toBe('unknown')
  await b.session.live(b.clock, 32_000)
  await b.session.say(smokeTopic, { smoke: false })
  expect(b.input('smoke-9')).toBe('clear')
  expect(b.events.of('health').at(-1)?.detail).toContain('hall/smoke tells no last_seen')
})

test('S1 silence beyond the report interval is unknown, and air is silent', async () => {
  await using b = await bridge()
  await b.smoke(false, 0)
  await b.session.say(airTopic, { temperature: 20, last_seen: b.seen(0) })
  await b.session.live(b.clock, 9 * minute)
  expect(b.input('smoke-9')).toBe('clear')
  await b.session.live(b.clock, minute)
  expect(b.input('smoke-9')).toBe('unknown')
  expect(b.events.of('sensorSilent').at(-1)).toMatchObject({ sensor: 'th-9', silent: true })
})

test('S1 a contact is repeated well within two seconds, so that its age can be judged', async () => {
  await using b = await bridge()
  await b.smoke(false, 0)
  const before = b.events.of('contact').length
  await b.session.live(b.clock, 2_000)
  const told = b.events
    .of('contact')
    .slice(before)
    .filter((c) => c.input === 'smoke-9')
  expect(told.length).toBeGreaterThanOrEqual(3)
})

test('the broker is lost: every contact is unknown at once, and stays so until the device speaks', async () => {
  await using b = await bridge()
  await b.smoke(false, 0)
  b.session.hangUp()
  await b.events.next('health', (h) => h.state === 'offline')
  expect(b.input('smoke-9')).toBe('unknown')
  await b.clock.pass(500)
  const again = await b.broker.accept()
  await again.greet()
  await b.events.next('health', (h) => h.state === 'unknown')
  await b.smoke(true, 0, again)
  expect(b.input('smoke-9')).toBe('active')
})

test('a device or a bridge that is offline is unknown; the word online alone proves nothing', async () => {
  await using b = await bridge()
  await b.smoke(false, 0)
  await b.session.say(`${smokeTopic}/availability`, 'offline')
  expect(b.input('smoke-9')).toBe('unknown')
  await b.session.say(`${smokeTopic}/availability`, { state: 'online' })
  expect(b.input('smoke-9')).toBe('unknown')
  await b.smoke(false, 0)
  await b.session.say('zigbee2mqtt/bridge/state', { state: 'offline' })
  expect(b.input('smoke-9')).toBe('unknown')
  expect(b.events.of('health').at(-1)).toMatchObject({
    state: 'offline',
    detail: 'the Zigbee bridge is offline',
  })
})

test('bad JSON and values that cannot be are counted, and nothing is taken from them', async () => {
  await using b = await bridge()
  for (const bad of ['{', '[]', { smoke: 'false', last_seen: b.seen(0) }])
    await b.session.say(smokeTopic, bad)
  await b.session.say(airTopic, { temperature: 400, humidity: 50, last_seen: b.seen(0) })
  expect(b.input('smoke-9')).toBe('unknown')
  expect(b.events.of('readings')).toEqual([])
  await b.smoke(false, 0)
  expect(b.events.of('health').at(-1)).toMatchObject({ state: 'degraded', badFrames: 4 })
})
