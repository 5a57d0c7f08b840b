import { expect, test } from 'vitest'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createContactsDriver } from './driver.ts'
import type { ModbusContacts } from './kind.ts'
import { spansOf } from './spans.ts'

type Device = ModbusContacts
const input = (id: string, address: number): Device['inputs'][number] => ({
  id,
  label: id,
  address,
  means: 'fire',
  activeLow: true,
  room: 'R1',
})

async function module(everyMs = 200) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const device: Device = {
    id: 'contacts-1',
    label: 'contacts',
    driver: 'modbus-contacts',
    line: { transport: 'tcp', host: '127.0.0.1', port: peer.port },
    unit: 1,
    everyMs,
    inputs: [input('fire-panel', 0), input('smoke-1', 2)],
  }
  const driver = createContactsDriver(device, events.deps(clock), loopbackIo())
  driver.start()
  return {
    peer,
    clock,
    events,
    connection: await peer.accept(),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

/** Answers one poll of three inputs with these bits, lowest first. */
async function answer(connection: PeerConnection, bits: number) {
  const request = await connection.bytes(12)
  expect(request.subarray(2).toString('hex')).toBe('00000006010200000003')
  const transaction = request.subarray(0, 2).toString('hex')
  connection.write(`${transaction}000000040102010${bits}`)
}

test('inputs are unknown until they were read; then a closed loop is clear and an open one active', async () => {
  await using m = await module()
  expect(await m.events.next('contact')).toMatchObject({ input: 'fire-panel', state: 'unknown' })
  expect(await m.events.next('contact')).toMatchObject({ input: 'smoke-1', state: 'unknown' })
  await answer(m.connection, 0b101)
  expect(await m.events.next('contact')).toMatchObject({ input: 'fire-panel', state: 'clear' })
  expect(await m.events.next('contact')).toMatchObject({ input: 'smoke-1', state: 'clear' })
  await m.clock.pass(200)
  await answer(m.connection, 0b100)
  expect(await m.events.next('contact')).toMatchObject({ input: 'fire-panel', state: 'active' })
  expect(m.events.of('health')).toMatchObject([{ state: 'online' }])
})

test('an unchanged state is repeated within half a second, so that its age can be judged', async () => {
  await using m = await module()
  await answer(m.connection, 0b101)
  await m.events.next('health')
  const before = m.events.of('contact').length
  await m.clock.pass(200)
  await answer(m.connection, 0b101)
  await m.clock.pass(200)
  await answer(m.connection, 0b101)
  await m.clock.armed(200)
  const repeated = m.events.of('contact').slice(before)
  expect(repeated.map((e) => `${e.input} ${e.state}`)).toEqual([
    'fire-panel clear',
    'smoke-1 clear',
  ])
})

test('a device list cannot ask for polls slower than fire allows', async () => {
  await using m = await module(10_000)
  await answer(m.connection, 0b101)
  await m.clock.pass(200)
  await answer(m.connection, 0b001)
  await m.events.next('contact', (e) => e.input === 'smoke-1' && e.state === 'active')
})

test('S1 a module that fell silent is unknown well before two seconds, not alarming as fire', async () => {
  await using m = await module()
  await answer(m.connection, 0b101)
  await m.events.next('health')
  await m.clock.pass(200)
  await m.connection.bytes(12)
  const lastGood = m.clock.mono() - 200
  await m.clock.pass(300)
  await m.clock.pass(1000)
  expect(m.clock.mono() - lastGood).toBeLessThan(2000)
  await m.events.next('contact', (e) => e.input === 'smoke-1' && e.state === 'unknown')
  expect(await m.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'no reply in time',
  })
  expect(m.events.of('contact').some((e) => e.state === 'active')).toBe(false)
})

test('one lost reply is not a lost link', async () => {
  await using m = await module()
  await answer(m.connection, 0b101)
  await m.events.next('health')
  await m.clock.pass(200)
  await m.connection.bytes(12)
  await m.clock.pass(300)
  await m.connection.closed
  await m.clock.pass(300)
  const again = await m.peer.accept()
  await answer(again, 0b101)
  await m.clock.armed(200)
  m.clock.advance(1000)
  expect(m.events.of('health').map((h) => h.state)).toEqual(['online'])
  expect(
    m.events
      .of('contact')
      .slice(2)
      .every((e) => e.state === 'clear'),
  ).toBe(true)
})

test('addresses that lie near are read together', () => {
  expect(spansOf([3, 0, 1, 1])).toEqual([{ address: 0, count: 4 }])
  expect(spansOf([0, 100, 101])).toEqual([
    { address: 0, count: 1 },
    { address: 100, count: 2 },
  ])
})
