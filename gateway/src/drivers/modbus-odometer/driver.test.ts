import { expect, test } from 'vitest'
import { checkDevices } from '../../core/device-file.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createOdometerDriver } from './driver.ts'
import type { ModbusOdometer } from './kind.ts'

const everyMs = 50
const device = (port: number, over: Partial<ModbusOdometer> = {}): ModbusOdometer => ({
  ...{ id: 'odo', label: 'x', driver: 'modbus-odometer', unit: 1, everyMs, registers: 'input' },
  line: { transport: 'tcp', host: '127.0.0.1', port },
  counter: { address: 0, order: 'ABCD' },
  clock: { address: 2, order: 'ABCD', ticksPerSecond: 10_000 },
  pulsesPerMetre: 5000,
  ...over,
})

async function start(over: Partial<ModbusOdometer> = {}) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createOdometerDriver(device(peer.port, over), events.deps(clock), loopbackIo())
  driver.start()
  return {
    ...{ peer, clock, events },
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

const word = (n: number) => [(n >> 8) & 0xff, n & 0xff]
/** Answers one request with these registers; gives the request behind its transaction. */
async function answer(c: PeerConnection, registers: readonly number[]) {
  const request = await c.bytes(12)
  const data = registers.flatMap(word)
  const pdu = [request[7] ?? 0, data.length, ...data]
  c.write(Uint8Array.from([...request.subarray(0, 4), ...word(pdu.length + 1), 1, ...pdu]))
  return request.subarray(6).toString('hex')
}

test('counter and clock are asked for together, and told as way and time', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  expect(await answer(c, [0, 5000, 0, 10_000])).toBe('010400000004')
  expect(await r.events.next('health')).toMatchObject({ state: 'online' })
  await r.clock.pass(everyMs)
  await answer(c, [0, 5050, 0, 10_500])
  const { stretch, ...told } = await r.events.next('odometry')
  expect(told).toEqual({
    ...{ kind: 'odometry', device: 'odo', xMm: 1010, deviceUs: 1_050_000, roundTripMs: 0 },
  })
  expect(stretch).toBe(r.clock.now() - everyMs)
})

test('words of another order, of another table, at other places', async () => {
  await using r = await start({
    registers: 'holding',
    counter: { address: 24, order: 'CDAB' },
    clock: { address: 20, order: 'ABCD', ticksPerSecond: 1000 },
  })
  const c = await r.peer.accept()
  expect(await answer(c, [0, 1000, 9, 9, 5000, 1])).toBe('010300140006')
  await r.clock.pass(everyMs)
  await answer(c, [0, 1050, 9, 9, 5050, 1])
  expect(await r.events.next('odometry')).toMatchObject({
    xMm: (0x1_0000 + 5050) / 5,
    deviceUs: 1_050_000,
  })
})

test('no answer ends the link, and the way goes on when it is back', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  await answer(c, [0, 0, 0, 0])
  await r.clock.pass(everyMs)
  await answer(c, [0, 50, 0, 500])
  const first = await r.events.next('odometry')
  await r.clock.pass(everyMs)
  await c.bytes(12)
  await r.clock.pass(1000)
  expect(await r.events.next('health', (h) => h.state === 'offline')).toMatchObject({
    detail: 'no reply in time',
  })
  await r.clock.passNext()
  const again = await r.peer.accept()
  await answer(again, [0, 5050, 0, Math.round(r.clock.mono() * 10)])
  expect(await r.events.next('odometry')).toMatchObject({ stretch: first.stretch, xMm: 1010 })
})

test('a module that refuses is offline, with its reason', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  const request = await c.bytes(12)
  c.write(Uint8Array.from([...request.subarray(0, 4), 0, 3, 1, 0x84, 2]))
  expect(await r.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'exception 2 to a read of the counter',
  })
})

test('D12 registers that lie in one another, or too far apart for one request, are refused', () => {
  const wrongWith = (address: number) => {
    const clock = { address, order: 'ABCD', ticksPerSecond: 1000 } as const
    const result = checkDevices({ version: 1, devices: [device(502, { clock })] })
    return result.ok ? [] : result.wrong
  }
  expect(wrongWith(2)).toEqual([])
  expect(wrongWith(123)).toEqual([])
  expect(wrongWith(1)).toHaveLength(1)
  expect(wrongWith(124)).toHaveLength(1)
})
