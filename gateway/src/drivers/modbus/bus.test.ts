import { millis } from '@lantai/contracts'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { processOf } from '../../core/drivers.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { wrapRtu } from './frames.ts'
import { type Line, modbusLine } from './line.ts'
import { type ModbusSession, type Outcome, urgency } from './session.ts'

const serial = {
  transport: 'rtu',
  path: '/dev/ttyRS485',
  baud: 9600,
  parity: 'none',
  stopBits: 1,
} as const
const settleMs = 600
const gapMs = 5

/** One device entry on the bus; the test asks through its sessions. */
class Member {
  readonly bad: BadFrames
  readonly line: Line
  readonly downs: string[] = []
  readonly #sessions: ModbusSession[] = []
  #wake: (s: ModbusSession) => void = (s) => this.#sessions.push(s)
  #givesUp = Promise.withResolvers<string>()

  constructor(clock: SignalClock, io: DriverIo, replyMs = 300) {
    this.bad = new BadFrames(clock, pino({ level: 'silent' }))
    this.line = modbusLine({
      line: serial,
      clock,
      io,
      bad: this.bad,
      replyMs,
      settleMs,
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.downs.push(reason),
    })
    this.line.start()
  }
  async #serve(session: ModbusSession, up: () => void): Promise<string | null> {
    up()
    this.#wake(session)
    this.#givesUp = Promise.withResolvers<string>()
    const ended = (async () => {
      while (session.alive) await session.pause(millis(86_400_000))
      return null
    })()
    return Promise.race([ended, this.#givesUp.promise])
  }
  giveUp(reason: string) {
    this.#givesUp.resolve(reason)
  }
  /** The next session that this member is given. */
  session(): Promise<ModbusSession> {
    const waiting = this.#sessions.shift()
    if (waiting) return Promise.resolve(waiting)
    return new Promise((resolve) => {
      this.#wake = (s) => {
        this.#wake = (later) => this.#sessions.push(later)
        resolve(s)
      }
    })
  }
}

async function bus() {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const io = loopbackIo(peer.port)
  const [a, b] = [new Member(clock, io), new Member(clock, io)]
  return {
    peer,
    clock,
    io,
    a,
    b,
    wire: await peer.accept(),
    async [Symbol.asyncDispose]() {
      await Promise.all([a.line.stop(), b.line.stop()])
      await peer[Symbol.asyncDispose]()
    },
  }
}

const read = { fc: 4, address: 1, count: 1 } as const
const ask = (session: ModbusSession, unit: number): Promise<Outcome> => session.request(unit, read)
/** Answers the next question on the wire, whoever it is for; gives the unit. */
async function answer(wire: PeerConnection, value = 7): Promise<number> {
  const [unit = 0] = await wire.bytes(8)
  wire.write(wrapRtu(unit, Uint8Array.of(4, 2, 0, value)))
  return unit
}

test('two entries on one path share one open port and take turns', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  const asked = [ask(a, 1), ask(a, 1), ask(a, 1), ask(b, 2), ask(b, 2)]
  const order: number[] = []
  for (let n = 0; n < 5; n++) {
    order.push(await answer(t.wire))
    await t.clock.pass(gapMs)
  }
  expect(order).toEqual([1, 2, 1, 2, 1])
  for (const outcome of await Promise.all(asked))
    expect(outcome).toEqual({ kind: 'registers', values: [7] })
  expect(t.peer.connections).toBe(1)
})

test('S7 a stop of one entry goes before every poll of the other', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  const polls = [ask(a, 1), ask(a, 1), ask(b, 2)]
  const stop = b.request(9, { fc: 6, address: 0, value: 4 }, urgency.stop)
  expect(await answer(t.wire)).toBe(1)
  await t.clock.pass(gapMs)
  const frame = await t.wire.bytes(8)
  expect(frame[0]).toBe(9)
  t.wire.write(frame)
  expect(await stop).toEqual({ kind: 'written' })
  for (let n = 0; n < 2; n++) {
    await t.clock.pass(gapMs)
    await answer(t.wire)
  }
  await Promise.all(polls)
})

test('late replies: one timeout closes the port for everybody, waits, opens it again, and all begin anew', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  const [lost, waiting] = [ask(a, 1), ask(b, 2)]
  await t.wire.bytes(8)
  await t.clock.pass(300)
  expect(await lost).toEqual({ kind: 'lost', why: 'timeout', sent: true })
  expect(await waiting).toEqual({ kind: 'lost', why: 'closed', sent: false })
  await t.wire.closed
  expect([a.alive, b.alive]).toEqual([false, false])
  await t.clock.armed(settleMs)
  expect([t.a.downs, t.b.downs]).toEqual([['no reply in time'], ['no reply in time']])
  expect(t.peer.connections).toBe(1)
  t.clock.advance(settleMs)
  const again = await t.peer.accept()
  const [a2, b2] = [await t.a.session(), await t.b.session()]
  const both = [ask(a2, 1), ask(b2, 2)]
  expect(await answer(again)).toBe(1)
  await t.clock.pass(gapMs)
  expect(await answer(again)).toBe(2)
  await Promise.all(both)
})

test('a bad frame is counted for the entry that asked, and only there', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  const asked = ask(b, 2)
  await t.wire.bytes(8)
  t.wire.write('020402000700FF')
  expect(await asked).toMatchObject({ kind: 'lost', why: 'bad-frame' })
  expect([t.a.bad.total, t.b.bad.total]).toEqual([0, 1])
  expect(a.alive).toBe(false)
})

test('a device that never answers does not starve the others of the bus', async () => {
  await using t = await bus()
  let wire = t.wire
  let [good, dead] = [await t.a.session(), await t.b.session()]
  for (let n = 0; n < 2; n++) {
    const lost = ask(dead, 9)
    await wire.bytes(8)
    await t.clock.pass(300)
    await lost
    await t.clock.pass(settleMs)
    wire = await t.peer.accept()
    good = await t.a.session()
    if (n === 0) dead = await t.b.session()
  }
  // Twice in a row: it waits a second while the other one has the bus to itself.
  for (let n = 0; n < 3; n++) {
    const asked = ask(good, 1)
    expect(await answer(wire)).toBe(1)
    expect((await asked).kind).toBe('registers')
    await t.clock.pass(gapMs)
  }
  await t.clock.passLongest(1000)
  expect((await t.b.session()).alive).toBe(true)
  expect(good.alive).toBe(true)
})

test('an entry that gives up on a bus that works is asked again, and the others never notice', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  t.b.giveUp('exception 2 to a read of inputs')
  await t.clock.pass(1000)
  expect(await t.b.session()).toBe(b)
  expect(t.b.downs).toEqual(['exception 2 to a read of inputs'])
  expect(t.a.downs).toEqual([])
  expect(a.alive).toBe(true)
})

test('an entry may leave and come back while the port stays open; the last one closes it', async () => {
  await using t = await bus()
  const [a, b] = [await t.a.session(), await t.b.session()]
  const [held, queued] = [ask(a, 1), ask(b, 2)]
  await t.b.line.stop()
  expect([a.alive, b.alive]).toEqual([true, false])
  expect(await ask(b, 2)).toEqual({ kind: 'lost', why: 'closed', sent: false })
  expect(await answer(t.wire)).toBe(1)
  await held
  await t.clock.pass(gapMs)
  // What the one who left had asked for is not written any more (S5).
  expect(await queued).toEqual({ kind: 'withdrawn' })
  const c = new Member(t.clock, t.io)
  const late = ask(await c.session(), 3)
  expect(await answer(t.wire)).toBe(3)
  await late
  expect(t.peer.connections).toBe(1)
  await Promise.all([c.line.stop(), t.a.line.stop()])
  await t.wire.closed
  const d = new Member(t.clock, t.io)
  await t.peer.accept()
  await d.session()
  await d.line.stop()
})

test('entries that may share a line run in one process, whatever the isolation', () => {
  for (const isolation of ['one', 'protocol'] as const) {
    const air = processOf('modbus-air', isolation)
    expect(processOf('modbus-contacts', isolation)).toBe(air)
    expect(processOf('modbus-shelving', isolation)).toBe(air)
  }
  expect(processOf('llrp', 'protocol')).not.toBe(processOf('modbus-air', 'protocol'))
})
