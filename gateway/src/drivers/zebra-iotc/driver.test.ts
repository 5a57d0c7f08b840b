import { expect, test } from 'vitest'
import { ScriptedBroker } from '../mqtt/scripted-broker.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createZebraDriver } from './driver.ts'

const topic = 'zebra/gate/tags'
const event = (eventNum: number, idHex = 'e28068940000501ec938b5a1') => ({
  data: {
    PC: '3000',
    antenna: 1,
    channel: 927.25,
    eventNum,
    format: 'epc',
    idHex,
    peakRssi: -54,
    reads: 1,
  },
  timestamp: '2023-02-24T10:14:42.851+0000',
  type: 'INVENTORY',
})

async function reader() {
  const broker = await ScriptedBroker.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createZebraDriver(
    {
      id: 'reader-2',
      label: 'r',
      driver: 'zebra-iotc',
      broker: { url: broker.url },
      topic,
      role: 'gate',
    },
    events.deps(clock),
    loopbackIo(),
  )
  driver.start()
  const session = await broker.accept()
  await session.greet()
  return {
    broker,
    clock,
    events,
    session,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    },
  }
}

test('arrays and single objects are reads alike', async () => {
  await using r = await reader()
  await r.session.say(topic, [event(1), event(2)])
  await r.session.say(topic, event(3))
  expect(r.events.of('tags').map((t) => t.reads.length)).toEqual([2, 1])
  expect(r.events.of('health').at(-1)).toMatchObject({ state: 'online' })
})

test('what the broker delivers twice is counted once', async () => {
  await using r = await reader()
  await r.session.say(topic, [event(1), event(2)])
  await r.session.say(topic, [event(1), event(2)])
  expect(r.events.of('tags')).toHaveLength(1)
  expect(r.events.of('hole')).toEqual([])
})

test('a jump of the numbers is a hole with their count, beside the read that showed it', async () => {
  await using r = await reader()
  await r.session.say(topic, event(10))
  const from = r.clock.now()
  await r.session.live(r.clock, 28_000)
  await r.session.say(topic, event(48))
  expect(await r.events.next('hole')).toMatchObject({
    count: 37,
    fromMs: from,
    toMs: from + 28_000,
    reason: 'observation-hole',
  })
  expect(r.events.of('health').at(-1)?.detail).toMatch(/^37 reads lost /)
  expect(r.events.of('tags')).toHaveLength(2)
})

test('numbers that go back are a reader that restarted: a hole of unknown size', async () => {
  await using r = await reader()
  await r.session.say(topic, event(900))
  await r.session.say(topic, event(1, 'e28068940000501ec938b5a2'))
  const hole = await r.events.next('hole')
  expect(hole.reason).toBe('observation-hole')
  expect(hole.count).toBeUndefined()
})

test('what was missed while the broker was away is counted by the reader’s own numbers', async () => {
  await using r = await reader()
  await r.session.say(topic, event(10))
  r.session.hangUp()
  await r.events.next('health', (h) => h.state === 'offline')
  await r.clock.pass(500)
  const again = await r.broker.accept()
  await again.greet()
  await r.events.next('hole')
  await again.say(topic, event(15))
  expect(await r.events.next('hole')).toMatchObject({ count: 4 })
  expect(r.events.of('health').at(-1)?.detail).toMatch(/^4 or more reads lost /)
})
