import { millis } from '@lantai/contracts'
import type { Driver, DriverDeps } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { type Line, modbusLine } from '../modbus/line.ts'
import { failed, readRange, refusal } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import type { ModbusOdometer } from './kind.ts'
import { type Latched, Travel } from './travel.ts'

const replyMs = 1000
/** Longer than the worst late reply: over RTU it would be taken for the next one (modbus/README.md). */
const settleMs = 600
const none = { ticksPerSecond: null }

/** Reads the counter and its clock in one request, so that both are of one moment. */
class OdometerDriver implements Driver {
  readonly #device: ModbusOdometer
  readonly #deps: DriverDeps
  readonly #health: Health
  readonly #travel: Travel
  readonly #line: Line

  constructor(device: ModbusOdometer, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    const bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, bad, deps.emit)
    const { pulsesPerMetre, reversed = false } = device
    const { ticksPerSecond } = device.clock ?? none
    const settings = { pulsesPerMetre, ticksPerSecond, reversed }
    this.#travel = new Travel(settings, Math.round(deps.clock.now()))
    this.#line = modbusLine({
      line: device.line,
      clock: deps.clock,
      io,
      bad,
      replyMs,
      settleMs,
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.#health.tell({ state: 'offline', detail: reason }),
    })
  }

  start() {
    this.#line.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#line.stop()
  }

  async #serve(session: ModbusSession, up: () => void): Promise<string | null> {
    const { clock } = this.#deps
    while (session.alive) {
      const askedAt = clock.mono()
      const latched = await this.#read(session)
      if (typeof latched === 'string' || latched === null) return latched
      up()
      this.#health.tell({ state: 'online', detail: null })
      this.#tell(latched, askedAt)
      const wait = askedAt + this.#device.everyMs - clock.mono()
      // At least a breath, so that a module slower than its poll rate cannot make a busy loop.
      await session.pause(millis(Math.max(wait, 5)))
    }
    return null
  }

  #tell(latched: Latched, askedAt: number) {
    const now = this.#deps.clock.mono()
    const travelled = this.#travel.take(latched, now)
    if (!travelled) return
    const roundTripMs = now - askedAt
    this.#deps.emit({ kind: 'odometry', device: this.#device.id, ...travelled, roundTripMs })
  }

  /** A text says why the module refuses; null that the line is gone. */
  async #read(session: ModbusSession): Promise<Latched | string | null> {
    const { unit, registers, counter, clock } = this.#device
    const address = Math.min(counter.address, clock?.address ?? counter.address)
    const count = Math.max(counter.address, clock?.address ?? counter.address) + 2 - address
    const range = { fc: registers === 'input' ? 4 : 3, address, count } as const
    const values = await readRange(session, unit, range)
    if (failed(values)) return refusal(values, 'the counter')
    const at = (r: { address: number; order: string }) =>
      joined(values.slice(r.address - address, r.address - address + 2), r.order)
    return { pulses: at(counter), ticks: clock ? at(clock) : null }
  }
}

const joined = ([first = 0, second = 0]: readonly number[], order: string) =>
  order === 'ABCD' ? first * 0x1_0000 + second : second * 0x1_0000 + first

export const createOdometerDriver = (
  device: ModbusOdometer,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new OdometerDriver(device, deps, io)
