import { expect, test } from 'vitest'
import { checkDevices } from '../../core/device-file.ts'
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

async function module(everyMs = 200, over: Partial<Device> = {}) {
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
    ...over,
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

/** An aspirating detector by its profile: what fire hears and what it does not. */
const detector: Partial<Device> = {
  profile: 'aspirating',
  inputs: [
    { id: 'asd-fire', label: 'fire', room: 'R1', means: 'smoke', point: 'fire' },
    { id: 'asd-air', label: 'airflow', room: 'R1', means: 'fault', point: 'airflowFault' },
    { id: 'asd-level', label: 'level', room: 'R1', means: 'fault', point: 'levelHigh' },
  ],
}
/** Answers one poll of the detector's four registers. */
async function answerStatus(connection: PeerConnection, registers: string) {
  const request = await connection.bytes(12)
  expect(request.subarray(2).toString('hex')).toBe('000000060103' + '00000004')
  connection.write(`${request.subarray(0, 2).toString('hex')}0000000b010308${registers}`)
}
const statesOf = (events: EventLog) => events.of('contact').map((e) => `${e.input} ${e.state}`)

test('registers become contacts as the profile says, and nothing is ever written', async () => {
  await using m = await module(200, detector)
  await answerStatus(m.connection, '0000' + '0000' + '000c' + '0007')
  await m.events.next('health', (h) => h.state === 'online')
  expect(statesOf(m.events).slice(3)).toEqual([
    'asd-fire clear',
    'asd-air clear',
    'asd-level clear',
  ])
  await m.clock.pass(200)
  await answerStatus(m.connection, '0002' + '0002' + '03a2' + '0007')
  await m.events.next('contact', (e) => e.input === 'asd-level' && e.state === 'active')
  expect(statesOf(m.events).slice(6)).toEqual([
    'asd-fire active',
    'asd-air active',
    'asd-level active',
  ])
})

test('a value that the profile does not know is unknown, never clear', async () => {
  await using m = await module(200, detector)
  await answerStatus(m.connection, '0000' + '0000' + '000c' + '0007')
  await m.events.next('health', (h) => h.state === 'online')
  await m.clock.pass(200)
  await answerStatus(m.connection, '0009' + '0000' + 'ffff' + '0007')
  await m.events.next('contact', (e) => e.input === 'asd-fire' && e.state === 'unknown')
  await m.events.next('contact', (e) => e.input === 'asd-level' && e.state === 'unknown')
})

const leak: Partial<Device> = {
  profile: 'water-leak',
  inputs: [{ id: 'leak-1', label: 'leak', room: 'R1', means: 'water', point: 'leak' }],
}
async function answerLeak(connection: PeerConnection, value: string) {
  const request = await connection.bytes(12)
  expect(request.subarray(2).toString('hex')).toBe('000000060103' + '00020001')
  connection.write(`${request.subarray(0, 2).toString('hex')}00000005010302${value}`)
}

test('what is no fire signal is polled as the list says, told when it changes, and lives as long as its profile says', async () => {
  await using m = await module(1500, leak)
  await answerLeak(m.connection, '0001')
  await m.clock.pass(1500)
  await answerLeak(m.connection, '0001')
  await m.clock.pass(1500)
  await m.connection.bytes(12)
  expect(statesOf(m.events)).toEqual(['leak-1 unknown', 'leak-1 clear'])
  await m.clock.pass(600)
  await m.connection.closed
  await m.clock.armed(2000)
  m.clock.advance(1999)
  expect(statesOf(m.events)).toHaveLength(2)
  m.clock.advance(1)
  expect(await m.events.next('health', (h) => h.state === 'offline')).toBeTruthy()
  expect(statesOf(m.events)).toEqual(['leak-1 unknown', 'leak-1 clear', 'leak-1 unknown'])
})

test('S1 a profile cannot make a fire contact live longer than a second without news', async () => {
  const fire = {
    ...leak,
    inputs: [{ id: 'f', label: 'f', room: 'R1', means: 'fire', point: 'leak' }],
  }
  await using m = await module(1500, fire as Partial<Device>)
  await answerLeak(m.connection, '0001')
  await m.clock.pass(200)
  await m.connection.bytes(12)
  await m.clock.pass(600)
  await m.clock.pass(1000)
  await m.events.next('contact', (e) => e.state === 'unknown')
  await m.events.next('contact', (e) => e.state === 'unknown')
})

test('a refusal is no contact and no lost line: unknown, with the reason', async () => {
  await using m = await module(200, detector)
  const request = await m.connection.bytes(12)
  m.connection.write(`${request.subarray(0, 2).toString('hex')}00000003018302`)
  await m.clock.pass(1000)
  expect(await m.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'exception 2 to a read of inputs',
  })
  expect(statesOf(m.events).every((s) => s.endsWith('unknown'))).toBe(true)
})

const wrongWith = (over: Partial<Device>) => {
  const entry = {
    id: 'c',
    label: 'c',
    driver: 'modbus-contacts',
    line: { transport: 'tcp', host: 'h', port: 502 },
    unit: 1,
    everyMs: 200,
    inputs: [input('a', 0)],
    ...over,
  }
  const result = checkDevices({ version: 1, devices: [entry] })
  return result.ok ? [] : result.wrong
}
const point = (id: string, name?: string) => ({
  id,
  label: id,
  room: 'R1',
  means: 'water' as const,
  ...(name === undefined ? {} : { point: name }),
})

test('D12 the list is refused with every error: points, addresses and profiles must fit', () => {
  expect(wrongWith({})).toEqual([])
  expect(wrongWith({ profile: 'water-leak', inputs: [point('a', 'leak')] })).toEqual([])
  expect(wrongWith({ inputs: [point('a', 'leak'), point('b')] })).toEqual([
    'devices.0 inputs: a names a point, and there is no profile',
    'devices.0 inputs: b needs address and activeLow, or a profile and a point',
  ])
  expect(
    wrongWith({ profile: 'water-leak', inputs: [point('a', 'wet'), point('b'), input('c', 1)] }),
  ).toEqual([
    'devices.0 inputs: water-leak has no point wet',
    'devices.0 inputs: b needs a point of the profile',
    'devices.0 inputs: c has an address or polarity; the profile has them',
  ])
  const rtu = { transport: 'rtu', path: '/dev/x', baud: 9600, parity: 'none', stopBits: 1 } as const
  expect(wrongWith({ line: rtu, profile: 'aspirating', inputs: [point('a', 'fire')] })).toEqual([
    'devices.0 profile: profile aspirating says nothing about rtu',
  ])
  expect(wrongWith({ profile: 'xy-md02' })).not.toEqual([])
})
