import { afterEach, expect, test } from 'vitest'
import type { Driver } from '../driver.ts'
import { wrapRtu } from '../modbus/frames.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createAirDriver } from './driver.ts'
import type { ModbusAir } from './kind.ts'

const everyMs = 60_000
const replyMs = 300
const settleMs = 600
const gapMs = 5

const device = (units: number[]): ModbusAir => ({
  id: 'air-1',
  label: 'air',
  driver: 'modbus-air',
  line: { transport: 'rtu', path: 'loopback', baud: 9600, parity: 'none', stopBits: 1 },
  profile: 'xy-md02',
  everyMs,
  units: units.map((unit) => ({
    id: `th-${unit}`,
    label: `th-${unit}`,
    unit,
    room: 'R1',
    xMm: 0,
    yMm: 0,
  })),
  limits: {
    temperature: { low: 14, high: 24, deadband: 1 },
    humidity: { low: 45, high: 60, deadband: 2 },
    onDelayMs: 0,
    offDelayMs: 0,
  },
})

/** What a scripted line does when unit `n` is asked. */
interface Air {
  raw: [number, number]
  /** Answers nothing. */
  dead?: boolean
  /** Says that it is another unit. */
  claims?: number
}

class Room {
  readonly clock = new SignalClock()
  readonly events = new EventLog()
  readonly air = new Map<number, Air>()
  readonly asked: number[] = []
  peer!: ScriptedPeer
  driver!: Driver
  #stopped = false

  async start(units: number[]) {
    for (const unit of units) this.air.set(unit, { raw: [210 + unit, 500 + unit] })
    this.peer = await ScriptedPeer.listen()
    this.driver = createAirDriver(
      device(units),
      this.events.deps(this.clock),
      loopbackIo(this.peer.port),
    )
    this.driver.start()
    void this.#speak()
  }

  /** Plays every unit of the line; a dead one makes the clock go on to the deadline. */
  async #speak() {
    while (!this.#stopped) {
      const connection = await this.peer.accept()
      await this.#serve(connection)
      // The driver hung up: it opens the line again when it has been silent long enough.
      void this.clock.pass(settleMs)
    }
  }
  async #serve(connection: PeerConnection) {
    let ended = false
    void connection.closed.then(() => {
      ended = true
    })
    while (!ended) {
      const request = await Promise.race([connection.bytes(8), connection.closed])
      if (!request) return
      const unit = request[0] ?? 0
      const air = this.air.get(unit)
      if (request[1] === 4) this.asked.push(unit)
      if (!air || air.dead) {
        await this.clock.pass(replyMs)
        await connection.closed
        return
      }
      const words = request[1] === 3 ? [air.claims ?? unit] : air.raw
      const data = words.flatMap((w) => [w >> 8, w & 0xff])
      connection.write(wrapRtu(unit, Uint8Array.of(request[1] ?? 0, data.length, ...data)))
      void this.clock.pass(gapMs)
    }
  }
  /** Lets the rest of a round pass, when the driver has come to its end. */
  async endRound() {
    await this.clock.passLongest(everyMs / 2)
  }
  async stop() {
    this.#stopped = true
    await this.driver[Symbol.asyncDispose]()
    await this.peer[Symbol.asyncDispose]()
  }
}

let room = new Room()
afterEach(async () => {
  await room.stop()
  room = new Room()
})

test('every unit of the line is read in turn, its identity first', async () => {
  await room.start([1, 2, 3])
  for (const unit of [1, 2, 3]) {
    const { sensor, values } = await room.events.next('readings')
    expect(sensor).toBe(`th-${unit}`)
    expect(values).toEqual({ temperature: (210 + unit) / 10, humidity: (500 + unit) / 10 })
  }
  expect(await room.events.next('health')).toMatchObject({ state: 'online', detail: null })
})

test('one dead unit is silent by itself; the others go on', async () => {
  await room.start([1, 2, 3])
  const second = room.air.get(2)
  if (second) second.dead = true
  expect((await room.events.next('readings')).sensor).toBe('th-1')
  expect((await room.events.next('readings')).sensor).toBe('th-3')
  await room.endRound()
  const silent = await room.events.next('sensorSilent')
  expect(silent).toMatchObject({ sensor: 'th-2', silent: true })
  const health = await room.events.next('health')
  expect(health).toMatchObject({ state: 'degraded', detail: '1 of 3 sensors silent' })
  expect(room.events.of('sensorSilent')).toHaveLength(1)
})

test('a bus where nobody answers is one health change, and no sensor of its own', async () => {
  await room.start([1, 2, 3])
  for (const air of room.air.values()) air.dead = true
  expect(await room.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'no unit on the line answers',
  })
  for (const air of room.air.values()) air.dead = false
  await room.endRound()
  expect(await room.events.next('health')).toMatchObject({ state: 'online' })
  expect(room.events.of('sensorSilent')).toEqual([])
  expect(room.events.of('health')).toHaveLength(2)
})

test('a fault value and an implausible one are no readings, never zero', async () => {
  await room.start([1, 2])
  const [first, second] = [room.air.get(1), room.air.get(2)]
  if (first) first.raw = [0x7fff, 500]
  if (second) second.raw = [200, 1500]
  expect((await room.events.next('readings')).values).toEqual({ humidity: 50 })
  expect((await room.events.next('readings')).values).toEqual({ temperature: 20 })
  expect(await room.events.next('sensorSilent')).toMatchObject({ sensor: 'th-1', silent: true })
  expect(await room.events.next('sensorSilent')).toMatchObject({ sensor: 'th-2', silent: true })
})

test('a unit that claims another address is not believed', async () => {
  await room.start([1, 2])
  const second = room.air.get(2)
  if (second) second.claims = 1
  expect((await room.events.next('readings')).sensor).toBe('th-1')
  await room.endRound()
  expect(await room.events.next('sensorSilent')).toMatchObject({ sensor: 'th-2', silent: true })
  expect(room.events.of('readings').every((r) => r.sensor === 'th-1')).toBe(true)
})

test('the line is offline at once when its port cannot be opened', async () => {
  await room.start([1])
  await room.events.next('readings')
  const gone = new EventLog()
  const unreachable = createAirDriver(device([1]), gone.deps(new SignalClock()), loopbackIo(1))
  unreachable.start()
  expect(await gone.next('health')).toMatchObject({ state: 'offline', device: 'air-1' })
  await unreachable[Symbol.asyncDispose]()
})
