import { expect, test } from 'vitest'
import type { DriverIo } from '../link/byte-link.ts'
import { openTcp } from '../link/tcp-link.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createSerialUhfDriver } from './driver.ts'
import type { SerialUhf } from './kind.ts'
import { kind } from './kind.ts'
import { answerMs, restMs } from './module-line.ts'

const m100: SerialUhf = {
  id: 'uhf-1',
  label: 'cart',
  driver: 'serial-uhf',
  family: 'm100',
  path: '/dev/serial/by-id/usb-one',
  baud: 115_200,
  role: 'desk',
  region: 'cn',
  powerDbm: 20,
  gainDbi: 3,
}
const tag = 'BB02220011C9340030751FEB705C5904E3D50D703A76EF7E'
const noTag = 'BB01FF000115167E'

async function module(device: SerialUhf = m100, io?: (port: number) => DriverIo) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createSerialUhfDriver(
    device,
    events.deps(clock),
    io?.(peer.port) ?? loopbackIo(peer.port),
  )
  driver.start()
  return {
    peer,
    clock,
    events,
    driver,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

/** Each question as it must be written, and what the module says to it. */
async function talk(c: PeerConnection, ...turns: [question: string, answer: string][]) {
  for (const [question, answer] of turns) {
    expect(await c.hex(question.length / 2)).toBe(question)
    if (answer) c.write(answer)
  }
}
const startUp: [string, string][] = [
  ['BB00280000287E', 'BB01280001002A7E'],
  ['BB0003000100047E', 'BB01030006004D313030533B7E'],
  ['BB0007000101097E', 'BB0107000100097E'],
  ['BB00B6000207D08F7E', 'BB01B6000100B87E'],
  ['BB00270003222710837E', ''],
]
const silentMs = 1500

test('stop, version, region, power, then reading without end; reads carry RSSI, PC and EPC', async () => {
  await using m = await module()
  const c = await m.peer.accept()
  await talk(c, ...startUp)
  expect(await m.events.next('health')).toMatchObject({ state: 'online', firmware: 'M100S' })
  c.write(tag + noTag)
  expect((await m.events.next('tags')).reads).toEqual([
    { epc: '30751FEB705C5904E3D50D70', pc: 0x3400, antenna: 1, rssiDbm: -55, count: 1 },
  ])
  expect(m.events.of('hole')).toEqual([])
})

test('rubbish and half a frame cost no tag behind them, and are counted', async () => {
  await using m = await module()
  const c = await m.peer.accept()
  await talk(c, ...startUp)
  c.write(`0102${tag.slice(0, 20)}`)
  await m.clock.pass(restMs)
  c.write(`7E${tag}`)
  expect((await m.events.next('tags')).reads).toHaveLength(1)
  // A tag whose own CRC is wrong in a frame whose sum is right is not a read.
  c.write('BB02220011C9340030751FEB705C5904E3D50D713A76F07E'.repeat(20) + tag)
  const degraded = await m.events.next('health', (h) => h.state === 'degraded')
  expect(degraded.badFrames).toBeGreaterThanOrEqual(20)
})

test('a module that fell silent is set up anew, and the time between is a hole', async () => {
  await using m = await module()
  const c = await m.peer.accept()
  await talk(c, ...startUp)
  c.write(tag)
  await m.events.next('tags')
  const heardAt = m.clock.now()
  await m.clock.pass(silentMs)
  await talk(c, ...startUp)
  expect(await m.events.next('hole')).toMatchObject({
    reason: 'observation-hole',
    fromMs: heardAt,
    toMs: heardAt + silentMs,
  })
})

test('a version that nobody asked for is a restart: region and power are written again', async () => {
  await using m = await module()
  const c = await m.peer.accept()
  await talk(c, ...startUp)
  c.write(`${noTag}BB01030006004D313030533B7E`)
  await talk(c, ...startUp)
  expect(await m.events.next('hole')).toMatchObject({ reason: 'observation-hole' })
})

test('a module that refuses a setting is not read from; one that says nothing neither', async () => {
  await using m = await module()
  const c = await m.peer.accept()
  await talk(c, ...startUp.slice(0, 3), ['BB00B6000207D08F7E', 'BB01FF00010E0F7E'])
  await c.closed
  expect(await m.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'power: error 0E',
  })
  await m.clock.pass(500)
  const again = await m.peer.accept()
  await again.bytes(7)
  await m.clock.pass(answerMs)
  expect(await again.hex(8)).toBe('BB0003000100047E')
  await m.clock.pass(answerMs)
  // The port is there: it is asked again, five times, and then opened anew.
  for (let n = 1; n < 5; n++) {
    await m.clock.pass(500)
    expect(await again.hex(7)).toBe('BB00280000287E')
    await m.clock.pass(answerMs)
    expect(await again.hex(8)).toBe('BB0003000100047E')
    await m.clock.pass(answerMs)
  }
  await again.closed
  expect(m.events.of('tags')).toEqual([])
})

test('unplugged and plugged in elsewhere: found again by its number, under another name', async () => {
  const names = ['/dev/ttyUSB0', null, '/dev/ttyUSB1']
  const opened: string[] = []
  const numbered = { ...m100, serialNumber: 'A10JX7' }
  await using m = await module(numbered, (port) => ({
    ...loopbackIo(port),
    serialPorts: async () => {
      const path = names.shift()
      return path ? [{ path: '/dev/ttyS0' }, { path, serialNumber: 'A10JX7' }] : []
    },
    serial: ({ path }) => {
      opened.push(path)
      return openTcp('127.0.0.1', port)
    },
  }))
  const c = await m.peer.accept()
  await talk(c, ...startUp)
  await m.events.next('health', (h) => h.state === 'online')
  c.hangUp()
  await m.events.next('health', (h) => h.state === 'offline')
  await m.clock.pass(500)
  await m.clock.pass(1000)
  await talk(await m.peer.accept(), ...startUp)
  await m.events.next('hole')
  expect(opened).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1'])
})

const chafon: SerialUhf = { ...m100, family: 'chafon', baud: 57_600 }
const round = '04FF011BB4'

test('Chafon: round after round, no RSSI where none is told, and it beeps between two rounds', async () => {
  await using m = await module(chafon)
  const c = await m.peer.accept()
  await talk(
    c,
    ['04FF211995', '0D00210003010C0313401E0A80EC'],
    ['06FF221340BC85', '05002200F57D'],
    ['05FF2F14DB5D', '05002F008DCD'],
    [round, '13000101010C30751FEB705C5904E3D50D70952E'],
  )
  expect((await m.events.next('tags')).reads).toEqual([
    { epc: '30751FEB705C5904E3D50D70', antenna: 1, count: 1 },
  ])
  const answer = m.driver.identify?.()
  await talk(c, [round, '050001FBF23D'], ['07FF33020203573C', '05003300BCF1'], [round, ''])
  expect(await answer).toBe('beeped')
})

test('a module without a buzzer says so', async () => {
  await using m = await module()
  expect(await m.driver.identify?.()).toBe('unsupported')
})

test('power and region come only from the legal table', () => {
  expect(kind.check?.(m100)).toEqual([])
  expect(kind.check?.({ ...m100, powerDbm: 27 })).toEqual([
    'powerDbm: 10 to 26 dBm with an antenna of 3 dBi',
  ])
  // Two watts ERP with 12 dBi.
  expect(kind.check?.({ ...m100, powerDbm: 24, gainDbi: 12 })).toHaveLength(1)
  expect(kind.check?.({ ...m100, family: 'cf600' })).toHaveLength(1)
  const { region: _, ...without } = m100
  expect(kind.check?.(without)).toHaveLength(1)
  expect(kind.check?.({ ...m100, antennas: [2] })).toHaveLength(1)
  const events = new EventLog()
  expect(() =>
    createSerialUhfDriver({ ...m100, powerDbm: 33 }, events.deps(new SignalClock())),
  ).toThrow('powerDbm')
})
