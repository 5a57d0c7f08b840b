import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { ShelvingAnswer } from '../driver.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { knownCrcs } from './crc8.ts'
import { createMjjDriver } from './driver.ts'
import { commands, encodeFrame, type Frame, framesOf } from './frames.ts'
import { kind, type MjjShelving } from './kind.ts'
import { openAisleOf } from './observe.ts'

const everyMs = 500
const replyMs = 3000
const askMs = 150
const crc = knownCrcs['CRC-8/SMBUS']
if (!crc) throw new Error('no such CRC')
const state = { both: 0, right: 1, left: 2, neither: 3, locked: 4 }

const entry = (port: number, over: Partial<MjjShelving> = {}): MjjShelving => ({
  id: 'shelf-b1',
  label: 'bank 1',
  driver: 'mjj-shelving',
  host: '127.0.0.1',
  port,
  everyMs,
  numbers: 'order',
  bank: 'B1',
  room: 'R1',
  columns: [11, 12, 13],
  notProvided: ['eStop', 'obstacle', 'occupied', 'door', 'manual', 'night', 'power'],
  localPort: 0,
  zone: 1,
  type: 1,
  fixed: 'left',
  leftIs: 'lower',
  crc,
  confirmed: false,
  ...over,
})

/** Two columns that can move, and an alarm, as frames that the test may answer or not. */
class Columns {
  readonly #socket: Socket
  #master: RemoteInfo | null = null
  readonly motions: Frame[] = []
  /** State digit by column number, 2 and 3. */
  states = new Map([
    [2, state.both],
    [3, state.both],
  ])
  moving = false
  alarm = 0
  answers: 'all' | 'none' | 'twice' | 'motionNever' | 'firstLost' = 'all'
  #asked = new Set<string>()
  #onMotion: () => void = () => undefined
  onDatagram: () => void = () => undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (datagram, from) => {
      this.#master = from
      for (const f of framesOf(datagram)) if ('frame' in f) this.#hear(f.frame)
      this.onDatagram()
    })
  }
  get port() {
    return this.#socket.address().port
  }
  motion(): Promise<void> {
    return new Promise((resolve) => {
      this.#onMotion = resolve
    })
  }
  datagram(): Promise<void> {
    return new Promise((resolve) => {
      this.onDatagram = resolve
    })
  }
  say(f: Partial<Frame>, times = 1) {
    const whole = { type: 1, zone: 1, column: 0, command: 0, data: new Uint8Array(0), ...f }
    for (let n = 0; n < times; n++) this.raw(encodeFrame(whole, crc as NonNullable<typeof crc>))
  }
  raw(bytes: Uint8Array) {
    if (this.#master) this.#socket.send(bytes, this.#master.port, this.#master.address)
  }
  report(column: number) {
    const command = this.moving ? commands.moving : commands.finished
    this.say({ column, command, data: Uint8Array.of(this.states.get(column) ?? 3) }, this.#times)
  }
  async close() {
    this.#socket.close()
    await once(this.#socket, 'close')
  }

  get #times() {
    return this.answers === 'twice' ? 2 : 1
  }
  #hear(f: Frame) {
    const question = f.command === commands.finished || f.command === commands.alarm
    if (!question) {
      this.motions.push(f)
      this.#onMotion()
      if (this.answers === 'all' || this.answers === 'twice') this.say(f, this.#times)
      return
    }
    const key = `${f.command} ${f.column}`
    const lost = this.answers === 'firstLost' && !this.#asked.has(key)
    this.#asked.add(key)
    if (this.answers === 'none' || lost) return
    if (f.command === commands.alarm)
      this.say({ command: f.command, data: Uint8Array.of(this.alarm) })
    else this.report(f.column)
  }
}

async function bank(over: Partial<MjjShelving> = {}) {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const columns = new Columns(socket)
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createMjjDriver(entry(columns.port, over), events.deps(clock), loopbackIo())
  driver.start()
  return {
    columns,
    clock,
    events,
    request: (
      verb: 'open' | 'close' | 'ventilate' | 'stop' | 'forbid' | 'lock',
      aisle: number | null = null,
      inTime?: () => boolean,
    ): Promise<ShelvingAnswer> => driver.request?.({ verb, aisle }, inTime) ?? Promise.reject(),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await columns.close()
    },
  }
}

test('S6 status is what the columns said; what nothing says stays unknown', async () => {
  await using b = await bank()
  b.columns.states.set(2, state.left).set(3, state.right)
  const { observed, inputs } = await b.events.next('bank')
  expect(observed).toMatchObject({ motion: 'still', mode: 'unknown', openAisle: 12 })
  expect(observed.columns).toEqual([
    { column: 11, xMm: null, locked: null },
    { column: 12, xMm: null, locked: false },
    { column: 13, xMm: null, locked: false },
  ])
  expect(inputs).toEqual({ link: 'clear', forbid: 'clear', controllerFault: 'clear' })
  expect((await b.events.next('health')).detail).toMatch(/^experimental/)
})

test('a controller whose protocol was confirmed says no more that it is experimental', async () => {
  await using b = await bank({ confirmed: true })
  expect(await b.events.next('health')).toMatchObject({ state: 'online', detail: null })
})

test.each([
  [[state.right, state.both], 11],
  [[state.left, state.right], 12],
  [[state.both, state.left], 13],
  [[state.both, state.both], null],
  [[state.neither, state.neither], null],
  [[state.locked, state.right], null],
])('S11 columns at %j with left on the fixed side: aisle %s', (digits, aisle) => {
  const names = ['both', 'right', 'left', 'neither', 'locked'] as const
  const states = digits.map((d) => names[d] ?? null)
  expect(openAisleOf({ columns: [11, 12, 13], leftIs: 'lower' }, states)).toBe(aisle)
  const mirrored = states.map((s) => (s === 'left' ? 'right' : s === 'right' ? 'left' : s))
  expect(openAisleOf({ columns: [11, 12, 13], leftIs: 'higher' }, mirrored)).toBe(aisle)
  expect(openAisleOf({ columns: [11, 12, 13] } as never, states)).toBeNull()
})

test.each([
  ['lower', 'left', 0x81, 1],
  ['higher', 'left', 0x81, 2],
  ['lower', 'right', 0x82, 1],
] as const)(
  'S11 open with left %s and the fixed column %s',
  async (leftIs, fixed, command, side) => {
    await using b = await bank({ leftIs, fixed })
    await b.events.next('bank')
    expect(await b.request('open', 12)).toBe('sent')
    expect(b.columns.motions).toMatchObject([{ command, column: 2, zone: 1 }])
    expect([...(b.columns.motions[0]?.data ?? [])]).toEqual([side, 0, 0])
  },
)

test('S11 without a side nothing can be opened', async () => {
  await using b = await bank({ leftIs: undefined } as never)
  b.columns.states.set(2, state.left).set(3, state.right)
  expect((await b.events.next('bank')).observed.openAisle).toBeNull()
  expect(await b.request('open', 12)).toBe('unsupported')
})

test('what it cannot do is unsupported', async () => {
  await using b = await bank()
  await b.events.next('bank')
  for (const verb of ['stop', 'forbid', 'lock'] as const)
    expect(await b.request(verb)).toBe('unsupported')
  expect(b.columns.motions).toEqual([])
})

test('S6 a command is one datagram; a second echo of it says nothing more', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.answers = 'twice'
  expect(await b.request('close')).toBe('sent')
  expect(await b.request('ventilate')).toBe('sent')
  expect(b.columns.motions.map((m) => m.command)).toEqual([0x84, 0x8f])
})

test('S6 an echo that comes after three seconds is no answer, and the command is not sent again', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.answers = 'motionNever'
  const taken = b.columns.motion()
  const answer = b.request('open', 12)
  await taken
  b.clock.advance(replyMs)
  expect(await answer).toBe('link-lost')
  b.columns.say({ command: 0x81, column: 2 })
  b.columns.answers = 'all'
  expect(await b.request('close')).toBe('sent')
  expect(b.columns.motions.map((m) => m.command)).toEqual([0x81, 0x84])
})

test('an echo is matched by verb and column: that of another column answers nothing', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.answers = 'motionNever'
  const taken = b.columns.motion()
  const answer = b.request('open', 12)
  await taken
  b.columns.say({ command: 0x81, column: 3 })
  b.columns.say({ command: 0x84, column: 0 })
  b.columns.say({ command: 0x81, column: 2 })
  expect(await answer).toBe('sent')
})

test('S7 motion that was asked for before a stop is not sent after it; S2 nor without a permit', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('open', 12, () => false)).toBe('withdrawn')
  expect(b.columns.motions).toEqual([])
})

test('S1 that something moves is news at once, though nobody asked', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.moving = true
  b.columns.report(3)
  expect((await b.events.next('bank')).observed.motion).toBe('moving')
})

test('S1 that it stands is believed only of a column that was asked: late and doubled datagrams are not', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.moving = true
  await b.clock.pass(everyMs)
  expect((await b.events.next('bank')).observed.motion).toBe('moving')
  b.columns.say({ command: commands.finished, column: 2, data: Uint8Array.of(0) })
  b.columns.say({ command: commands.finished, column: 3, data: Uint8Array.of(0) })
  b.columns.report(2)
  expect((await b.events.next('bank')).observed.motion).toBe('moving')
})

test('S1 a column that does not answer makes the bank unknown, not still', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.columns.states.delete(3)
  const report = b.columns.report.bind(b.columns)
  b.columns.report = (column) => (column === 2 ? report(column) : undefined)
  await b.clock.pass(everyMs)
  for (let n = 0; n < 3; n++) {
    // Its echo comes behind the answers to what was asked before it.
    await b.request('close')
    await b.clock.pass(askMs)
  }
  const { observed, inputs } = await b.events.next('bank')
  expect(observed.motion).toBe('unknown')
  expect(inputs.link).toBe('clear')
})

test('a lost datagram is asked for again within the same look', async () => {
  await using b = await bank()
  b.columns.answers = 'firstLost'
  await b.clock.pass(askMs)
  expect((await b.events.next('bank')).observed.motion).toBe('still')
})

test('S1 an alarm is active whatever its number means', async () => {
  await using b = await bank()
  b.columns.alarm = 7
  const { observed, inputs } = await b.events.next('bank')
  expect(inputs.controllerFault).toBe('active')
  expect(observed.faults).toEqual(['alarm 7'])
})

test('two frames in one datagram are both heard; noise and a wrong check are counted, another zone is not ours', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const merged = [2, 3].map((column) =>
    encodeFrame(
      { type: 1, zone: 1, column, command: commands.moving, data: Uint8Array.of(3) },
      crc as NonNullable<typeof crc>,
    ),
  )
  b.columns.say({ zone: 9, command: commands.moving, column: 2 })
  const spoilt = Uint8Array.from(merged[0] ?? [])
  spoilt[spoilt.length - 2] = (spoilt.at(-2) ?? 0) ^ 1
  b.columns.raw(spoilt)
  b.columns.raw(Uint8Array.of(1, 2, 3))
  b.columns.raw(Buffer.concat(merged))
  const moved = await b.events.next('bank')
  expect(moved.observed.motion).toBe('moving')
  await b.events.next('bank')
  expect(b.events.of('bank').filter((e) => e.observed.motion === 'moving')).toHaveLength(2)
})

test('S1 S5 silence makes everything unknown before two seconds have passed, and nothing waits to run late', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const lastGood = b.clock.mono()
  b.columns.answers = 'none'
  await b.clock.pass(everyMs)
  for (let n = 0; n < 3; n++) await b.clock.pass(askMs)
  await b.clock.pass(1000)
  const { observed, inputs } = await b.events.next('bank', (e) => e.inputs.link === 'active')
  expect(b.clock.mono() - lastGood).toBeLessThanOrEqual(2000)
  expect(observed.motion).toBe('unknown')
  expect(inputs.controllerFault).toBe('unknown')
})

test('S1 S9 what the protocol cannot give has to be named; a zone has one writer', () => {
  expect(kind.check?.(entry(1))).toEqual([])
  expect(kind.check?.(entry(1, { notProvided: [] }))?.[0]).toMatch(/^notProvided: MJJ cannot give/)
  expect(kind.claims(entry(5000, { localPort: 6000 }))).toHaveLength(2)
})
