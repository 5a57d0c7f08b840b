import { millis } from '@lantai/contracts'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { BadFrames } from '../link/bad-frames.ts'
import { loopbackIo } from '../testing/io.ts'
import { ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { wrapRtu } from './frames.ts'
import { modbusLine } from './line.ts'
import { type ModbusSession, type Outcome, urgency } from './session.ts'

const replyMs = 300
const settleMs = 600
const gapMs = 5
const serial = {
  transport: 'rtu',
  path: 'loopback',
  baud: 9600,
  parity: 'none',
  stopBits: 1,
} as const

/** A line whose sessions are handed to the test, which speaks for the device as well. */
async function open(transport: 'rtu' | 'tcp') {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const bad = new BadFrames(clock, pino({ level: 'silent' }))
  const sessions: ModbusSession[] = []
  let wake: (s: ModbusSession) => void = () => undefined
  const downs: string[] = []
  const line = modbusLine({
    line: transport === 'rtu' ? serial : { transport: 'tcp', host: '127.0.0.1', port: peer.port },
    clock,
    io: loopbackIo(peer.port),
    bad,
    replyMs,
    settleMs,
    serve: async (session, up) => {
      up()
      sessions.push(session)
      wake(session)
      await new Promise<void>((resolve) => {
        const wait = async () => {
          while (session.alive) await session.pause(millis(86_400_000))
          resolve()
        }
        void wait()
      })
      return null
    },
    down: (reason) => downs.push(reason),
  })
  const next = () =>
    new Promise<ModbusSession>((resolve) => {
      const waiting = sessions.shift()
      if (waiting) resolve(waiting)
      else
        wake = (s) => {
          sessions.splice(sessions.indexOf(s), 1)
          resolve(s)
        }
    })
  line.start()
  return {
    peer,
    clock,
    bad,
    downs,
    next,
    async [Symbol.asyncDispose]() {
      await line.stop()
      await peer[Symbol.asyncDispose]()
    },
  }
}

const read = { fc: 3, address: 0, count: 1 } as const
const reply = (unit: number, value: number) =>
  wrapRtu(unit, Uint8Array.of(3, 2, value >> 8, value & 0xff))
const value = (outcome: Outcome) => (outcome.kind === 'registers' ? outcome.values[0] : outcome)

test('D16 a late reply is never taken for the next answer: close, settle, open again', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const first = session.request(1, read)
  await device.bytes(8)
  await t.clock.pass(replyMs)
  expect(await first).toEqual({ kind: 'lost', why: 'timeout', sent: true })
  // The answer comes now, with a valid CRC, on the port that was closed.
  device.write(reply(1, 100))
  await device.closed
  expect(await session.request(1, read)).toEqual({ kind: 'lost', why: 'closed', sent: false })
  expect(t.peer.connections).toBe(1)
  await t.clock.pass(settleMs)
  const again = await t.next()
  const reopened = await t.peer.accept()
  const second = again.request(1, read)
  await reopened.bytes(8)
  reopened.write(reply(1, 200))
  expect(value(await second)).toBe(200)
  expect(t.downs).toEqual(['no reply in time'])
})

test('the line is not opened again before the settle time is over', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const lost = session.request(1, read)
  await device.bytes(8)
  await t.clock.pass(replyMs)
  await lost
  await device.closed
  await t.clock.armed(settleMs)
  t.clock.advance(settleMs - 1)
  await new Promise((resolve) => setImmediate(resolve))
  expect(t.peer.connections).toBe(1)
  t.clock.advance(1)
  await t.next()
})

test.each([
  ['another unit answers', reply(2, 7)],
  ['the CRC is wrong', Uint8Array.of(...reply(1, 7).subarray(0, -1), 0)],
  ['garbage stands before the reply', Uint8Array.of(0, ...reply(1, 7))],
  ['garbage follows the reply', Uint8Array.of(...reply(1, 7), 0xff)],
  ['the reply is doubled', Uint8Array.of(...reply(1, 7), ...reply(1, 7))],
  ['another function answers', wrapRtu(1, Uint8Array.of(4, 2, 0, 7))],
  ['more registers than asked for', wrapRtu(1, Uint8Array.of(3, 4, 0, 7, 0, 7))],
])('a bad frame ends the session and is counted: %s', async (_, bytes) => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const asked = session.request(1, read)
  await device.bytes(8)
  device.write(bytes)
  expect(await asked).toEqual({ kind: 'lost', why: 'bad-frame', sent: true })
  await device.closed
  expect(t.bad.total).toBe(1)
  await t.clock.pass(settleMs)
  await t.next()
})

test('half a frame, then silence, ends the session like no reply at all', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const asked = session.request(1, read)
  await device.bytes(8)
  device.write(reply(1, 7).subarray(0, 4))
  await t.clock.pass(replyMs)
  expect(await asked).toEqual({ kind: 'lost', why: 'timeout', sent: true })
  await device.closed
})

test('bytes that nobody asked for end the session', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  device.write(reply(1, 7))
  await device.closed
  expect(session.alive).toBe(false)
  expect(t.bad.total).toBe(1)
})

test('a reply that comes byte by byte is one reply', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const asked = session.request(1, read)
  await device.bytes(8)
  for (const byte of reply(1, 300)) {
    device.write(Uint8Array.of(byte))
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(value(await asked)).toBe(300)
})

test('the next request waits for 3.5 characters of silence', async () => {
  await using t = await open('rtu')
  const session = await t.next()
  const device = await t.peer.accept()
  const first = session.request(1, read)
  const second = session.request(1, read)
  await device.bytes(8)
  device.write(reply(1, 1))
  await first
  expect(device.unread).toBe(0)
  await t.clock.pass(gapMs)
  await device.bytes(8)
  device.write(reply(1, 2))
  expect(value(await second)).toBe(2)
})

test('TCP: a reply to another transaction is not ours', async () => {
  await using t = await open('tcp')
  const session = await t.next()
  const device = await t.peer.accept()
  const asked = session.request(1, read)
  const request = await device.bytes(12)
  const stale = (request.readUInt16BE(0) + 1).toString(16).padStart(4, '0')
  device.write(`${stale}0000000501030200C8`)
  expect(await asked).toEqual({ kind: 'lost', why: 'bad-frame', sent: true })
  await device.closed
})

test('S7 a stop overtakes what waits, and order is kept among equals', async () => {
  await using t = await open('tcp')
  const session = await t.next()
  const device = await t.peer.accept()
  const asked = [
    session.request(1, { ...read, address: 1 }),
    session.request(1, { ...read, address: 2 }),
    session.request(1, { ...read, address: 3 }, urgency.command),
    session.request(1, { ...read, address: 4 }, urgency.command),
    session.request(1, { ...read, address: 5 }, urgency.stop),
  ]
  const order: number[] = []
  for (const _ of asked) {
    const request = await device.bytes(12)
    order.push(request.readUInt16BE(8))
    device.write(`${request.subarray(0, 2).toString('hex')}00000005010302000A`)
  }
  await Promise.all(asked)
  expect(order).toEqual([1, 5, 3, 4, 2])
})

test('S7 what was taken back before its turn came is never written, and the line goes on', async () => {
  await using t = await open('tcp')
  const session = await t.next()
  const device = await t.peer.accept()
  let wanted = true
  const first = session.request(1, { ...read, address: 1 })
  const withdrawn = session.request(1, { ...read, address: 2 }, urgency.command, () => wanted)
  const last = session.request(1, { ...read, address: 3 })
  wanted = false
  const order: number[] = []
  for (const _ of [first, last]) {
    const request = await device.bytes(12)
    order.push(request.readUInt16BE(8))
    device.write(`${request.subarray(0, 2).toString('hex')}00000005010302000A`)
  }
  expect(await withdrawn).toEqual({ kind: 'withdrawn' })
  await Promise.all([first, last])
  expect(order).toEqual([1, 3])
})

test('G5 a peer that is away is tried after 0.5, 1, 2, 4, 5, 5 seconds and found when it is back', async () => {
  const gone = await ScriptedPeer.listen()
  const { port } = gone
  await gone[Symbol.asyncDispose]()
  const clock = new SignalClock()
  const found = Promise.withResolvers<void>()
  let refused = Promise.withResolvers<void>()
  const line = modbusLine({
    line: { transport: 'tcp', host: '127.0.0.1', port },
    clock,
    io: loopbackIo(),
    bad: new BadFrames(clock, pino({ level: 'silent' })),
    replyMs,
    settleMs,
    serve: async (session) => {
      found.resolve()
      while (session.alive) await session.pause(millis(86_400_000))
      return null
    },
    down: () => refused.resolve(),
  })
  line.start()
  for (const wait of [500, 1000, 2000, 4000, 5000]) {
    // The try itself has a deadline of five seconds, which is not meant here.
    await refused.promise
    refused = Promise.withResolvers()
    await clock.pass(wait)
  }
  await refused.promise
  await clock.armed(5000)
  await using back = await ScriptedPeer.listen(port)
  clock.advance(5000)
  await back.accept()
  await found.promise
  await line.stop()
})

test.each(['rtu', 'tcp'] as const)(
  'fuzz: whatever bytes come over %s, they are counted and the line comes back',
  async (transport) => {
    await using t = await open(transport)
    const noise = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 80 }), {
      seed: 11,
      numRuns: 40,
    })
    for (const bytes of noise) {
      const session = await t.next()
      const device = await t.peer.accept()
      const asked = session.request(1, read)
      await device.bytes(transport === 'tcp' ? 12 : 8)
      device.write(bytes)
      device.finish()
      expect((await asked).kind).toBe('lost')
      await device.closed
      await t.clock.passNext()
    }
    expect(t.downs).toHaveLength(noise.length)
    expect(t.bad.total).toBe(t.downs.filter((why) => why.startsWith('bad frame')).length)
    expect(t.bad.total).toBeGreaterThan(10)
  },
)
