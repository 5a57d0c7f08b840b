import { expect, test } from 'vitest'
import { decodeRequest, encodeReply, type ModbusRequest } from '../modbus/pdu.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createShelvingDriver } from './driver.ts'
import type { ModbusShelving } from './kind.ts'

const mainsGood = 0x0100
const replyMs = 500
const settleMs = 250
const everyMs = 500
const movingMs = 150

/** A controller of three columns on raw Modbus TCP; its registers are the test's to set. */
class Controller {
  readonly registers = new Map<number, number>([
    [0x0000, 0x4c54],
    [0x0001, 2],
    [0x0105, 3],
    [0x0100, mainsGood],
    [0x0103, 100],
  ])
  readonly writes: number[][] = []
  /** What it does with a write: takes it, refuses it with a code, or takes it and never says so. */
  mood: 'accepts' | 'refuses' | 'swallows' = 'accepts'
  #silent = false
  #onSwallow: () => void = () => undefined

  /** Resolves when a write was taken and not answered. */
  swallowed(): Promise<void> {
    this.mood = 'swallows'
    return new Promise((resolve) => {
      this.#onSwallow = resolve
    })
  }
  set(address: number, value: number) {
    this.registers.set(address, value)
  }
  /** No poll is answered from now on. */
  fallSilent() {
    this.#silent = true
  }
  speakAgain() {
    this.#silent = false
  }
  async serve(connection: PeerConnection) {
    let ended = false
    void connection.closed.then(() => {
      ended = true
    })
    while (!ended) {
      const head = await Promise.race([connection.bytes(6), connection.closed])
      if (!head) return
      const body = await connection.bytes(head.readUInt16BE(4))
      const request = decodeRequest(body.subarray(1))
      if ('kind' in request) throw new Error(request.why)
      if (this.#silent) continue
      const reply = this.#reply(request)
      if (!reply) continue
      const length = Buffer.alloc(2)
      length.writeUInt16BE(reply.length + 1)
      connection.write(
        Buffer.concat([head.subarray(0, 4), length, body.subarray(0, 1), Buffer.from(reply)]),
      )
    }
  }
  #reply(request: ModbusRequest): Uint8Array | null {
    if (request.fc === 3) {
      const values = Array.from(
        { length: request.count },
        (_, i) => this.registers.get(request.address + i) ?? 0,
      )
      return encodeReply(request, { kind: 'registers', values })
    }
    if (request.fc !== 16) return encodeReply(request, { kind: 'exception', code: 1 })
    this.writes.push(request.values)
    if (this.mood === 'swallows') {
      this.#onSwallow()
      return null
    }
    if (this.mood === 'refuses') this.set(0x0013, 3)
    else {
      this.set(0x0012, (this.registers.get(0x0012) ?? 0) + 1)
      this.set(0x0013, 1)
    }
    return encodeReply(request, { kind: 'written' })
  }
}

async function bank(over: Partial<ModbusShelving> = {}) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const controller = new Controller()
  const driver = createShelvingDriver(
    {
      id: 'shelf-b1',
      label: 'bank 1',
      driver: 'modbus-shelving',
      line: { transport: 'tcp', host: '127.0.0.1', port: peer.port },
      unit: 1,
      profile: 'bank-modbus',
      everyMs,
      bank: 'B1',
      room: 'R1',
      columns: [11, 12, 13],
      notProvided: [],
      ...over,
    },
    events.deps(clock),
    loopbackIo(),
  )
  const speak = async () => {
    for (;;) await controller.serve(await peer.accept())
  }
  void speak()
  driver.start()
  return {
    peer,
    clock,
    events,
    controller,
    driver,
    request: (
      verb: 'open' | 'close' | 'stop' | 'forbid',
      aisle: number | null = null,
      inTime?: () => boolean,
    ) => {
      if (!driver.request) throw new Error('a shelving driver takes requests')
      return driver.request({ verb, aisle }, inTime)
    },
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

test('S6 status is what the controller said, register by register', async () => {
  await using b = await bank()
  b.controller.set(0x0101, 12)
  b.controller.set(0x0111, 900)
  b.controller.set(0x0112, 2800)
  b.controller.set(0x0132, 0b110)
  const { observed, inputs } = await b.events.next('bank')
  expect(observed).toEqual({
    bank: 'B1',
    mode: 'auto',
    motion: 'still',
    openAisle: 12,
    ventilating: false,
    faults: [],
    columns: [
      { column: 11, xMm: 0, locked: false },
      { column: 12, xMm: 900, locked: false },
      { column: 13, xMm: 2800, locked: true },
    ],
  })
  expect(inputs).toEqual({
    link: 'clear',
    door: 'clear',
    eStop: 'clear',
    obstacle: 'clear',
    occupied: 'clear',
    forbid: 'clear',
    manual: 'clear',
    night: 'clear',
    controllerFault: 'clear',
    power: 'clear',
  })
  expect(await b.events.next('health')).toMatchObject({ state: 'online' })
})

test.each([
  ['eStop', 1 << 1],
  ['obstacle', 1 << 2],
  ['occupied', 1 << 3],
  ['forbid', 1 << 4],
  ['manual', 1 << 5],
  ['night', 1 << 6],
  ['controllerFault', 1 << 7],
] as const)('S1 input %s is active when its bit is set', async (input, bit) => {
  await using b = await bank()
  b.controller.set(0x0100, mainsGood | bit)
  const { inputs } = await b.events.next('bank')
  expect(Object.entries(inputs).filter(([, state]) => state !== 'clear')).toEqual([
    [input, 'active'],
  ])
})

test('S1 power is active when the mains are not good', async () => {
  await using b = await bank()
  b.controller.set(0x0100, 0)
  expect((await b.events.next('bank')).inputs.power).toBe('active')
})

test('S1 a controller of another size is shown without positions and may not be moved', async () => {
  await using b = await bank()
  b.controller.set(0x0105, 12)
  const { observed, inputs } = await b.events.next('bank')
  expect(inputs.controllerFault).toBe('unknown')
  expect(observed.columns.every((c) => c.xMm === null && c.locked === null)).toBe(true)
  expect(observed.faults).toEqual(['controller has 12 columns, not 3'])
})

test('an aisle of another bank is a fault, never a guess', async () => {
  await using b = await bank()
  b.controller.set(0x0101, 40)
  const { observed } = await b.events.next('bank')
  expect(observed).toMatchObject({ openAisle: null, faults: ['unknown aisle 40 in place'] })
})

test('another device at the address is never read as a bank', async () => {
  await using b = await bank()
  // Version 1 of the map had no bit for the gate.
  b.controller.set(0x0001, 1)
  await b.clock.pass(1000)
  expect(await b.events.next('bank')).toMatchObject({ observed: { motion: 'unknown' } })
  expect((await b.events.next('health')).detail).toBe('another device answers at this address')
})

test('the poll is quicker while the bank moves', async () => {
  await using b = await bank()
  await b.events.next('bank')
  await b.clock.armed(everyMs)
  b.controller.set(0x0100, mainsGood | 1)
  await b.clock.pass(everyMs)
  expect((await b.events.next('bank')).observed.motion).toBe('moving')
  await b.clock.pass(movingMs)
  await b.events.next('bank')
})

test('S6 a request is one write of verb and aisle together, and its result is only that it was sent', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('open', 12)).toBe('sent')
  expect(b.controller.writes).toEqual([[1, 12]])
})

test('a refusal by the controller is told', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.controller.mood = 'refuses'
  expect(await b.request('open', 12)).toBe('rejected')
})

test('S6 a motion request whose reply is lost is written once, then status is read', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const swallowed = b.controller.swallowed()
  const asked = b.request('open', 12)
  await swallowed
  await b.clock.pass(replyMs)
  expect(await asked).toBe('link-lost')
  await b.clock.pass(settleMs)
  await b.events.next('bank')
  expect(b.peer.connections).toBe(2)
  expect(b.controller.writes).toEqual([[1, 12]])
})

test('S7 a stop whose reply is lost is repeated', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const swallowed = b.controller.swallowed()
  const asked = b.request('stop')
  await swallowed
  await b.clock.pass(replyMs)
  b.controller.mood = 'accepts'
  await b.clock.pass(settleMs)
  expect(await asked).toBe('sent')
  expect(b.controller.writes).toEqual([
    [4, 0],
    [4, 0],
  ])
})

test('S7 motion that was asked for before a stop is not written after it', async () => {
  await using b = await bank()
  await b.events.next('bank')
  // Both in one turn: the motion still reads the counter when the stop goes before it.
  const answers = Promise.all([b.request('open', 12), b.request('stop')])
  expect(await answers).toEqual(['withdrawn', 'sent'])
  expect(b.controller.writes).toEqual([[4, 0]])
  expect(await b.request('open', 12)).toBe('sent')
})

test('S2 the permit is asked for once more when the line is free for the write', async () => {
  await using b = await bank()
  await b.events.next('bank')
  let looks = 0
  expect(await b.request('open', 12, () => ++looks > 1)).toBe('withdrawn')
  expect(looks).toBe(1)
  expect(b.controller.writes).toEqual([])
})

test('S5 nothing waits to run late: without a link a request fails at once and is never written', async () => {
  await using b = await bank()
  await b.events.next('bank')
  await b.clock.armed(everyMs)
  b.controller.fallSilent()
  b.clock.advance(everyMs)
  await b.clock.pass(replyMs)
  await b.clock.armed(settleMs)
  expect(await b.request('close')).toBe('link-lost')
  b.controller.speakAgain()
  b.clock.advance(settleMs)
  await b.events.next('bank')
  expect(b.controller.writes).toEqual([])
})

test('S1 link loss makes everything unknown before two seconds have passed', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const lastGood = b.clock.mono()
  await b.clock.armed(everyMs)
  b.controller.fallSilent()
  b.clock.advance(everyMs)
  await b.clock.pass(replyMs)
  await b.clock.armed(settleMs)
  b.clock.advance(1000)
  const { observed, inputs } = await b.events.next('bank')
  expect(b.clock.mono() - lastGood).toBeLessThanOrEqual(2000)
  expect(observed).toMatchObject({ motion: 'unknown', mode: 'unknown', openAisle: null })
  expect(observed.columns.every((c) => c.xMm === null)).toBe(true)
  expect(inputs.link).toBe('active')
  expect(inputs.eStop).toBe('unknown')
  expect(await b.events.next('health')).toMatchObject({ state: 'offline' })
})

test('S3 a controller that restarted is noticed by its uptime, and nothing is sent again', async () => {
  await using b = await bank()
  await b.events.next('bank')
  await b.request('open', 12)
  b.controller.set(0x0103, 3)
  expect(await b.events.next('hole')).toMatchObject({ reason: 'observation-hole' })
  expect(b.controller.writes).toEqual([[1, 12]])
})
