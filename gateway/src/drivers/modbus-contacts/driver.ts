import { millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps, InputReport } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { type Line, modbusLine } from '../modbus/line.ts'
import { failed, readRange, refusal } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import type { ModbusContacts } from './kind.ts'
import { spansOf } from './spans.ts'

type ContactsDevice = ModbusContacts

/** Fire must inhibit within 500 ms, so the device list may ask for faster polls, never for slower ones. */
const slowestPollMs = 200
/** With polls up to 200 ms apart an unchanged state is repeated within 500 ms. */
const repeatAfterMs = 300
/** One lost reply is not a lost link; unknown in time for rule S1's two seconds. */
const graceMs = 1000
const timing = { replyMs: 300, settleMs: 300 }

/** Reads only: no reset, silence or test command exists here (devices 3.7). */
class ContactsDriver implements Driver {
  readonly #device: ContactsDevice
  readonly #deps: DriverDeps
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #line: Line
  readonly #told = new Map<string, { state: InputReport; at: number }>()
  #grace: Timer | null = null

  constructor(device: ContactsDevice, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#line = modbusLine({
      line: device.line,
      clock: deps.clock,
      io,
      bad: this.#bad,
      ...timing,
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    for (const input of this.#device.inputs) this.#tell(input.id, 'unknown')
    this.#line.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#line.stop()
    this.#grace?.cancel()
  }

  async #serve(session: ModbusSession, up: () => void) {
    const spans = spansOf(this.#device.inputs.map((i) => i.address))
    const everyMs = Math.min(this.#device.everyMs, slowestPollMs)
    while (session.alive) {
      const startedAt = this.#deps.clock.mono()
      for (const span of spans) {
        const bits = await readRange(session, this.#device.unit, { fc: 2, ...span })
        if (failed(bits)) return refusal(bits, 'inputs')
        this.#take(span.address, bits)
      }
      up()
      this.#online()
      const wait = startedAt + everyMs - this.#deps.clock.mono()
      // At least a breath, so that a module slower than its poll rate cannot make a busy loop.
      await session.pause(millis(Math.max(wait, 10)))
    }
    return null
  }

  #take(address: number, bits: readonly number[]) {
    for (const input of this.#device.inputs) {
      const bit = bits[input.address - address]
      if (bit === undefined) continue
      const active = (bit === 1) !== input.activeLow
      this.#tell(input.id, active ? 'active' : 'clear')
    }
  }

  #tell(input: string, state: InputReport) {
    const now = this.#deps.clock.mono()
    const told = this.#told.get(input)
    if (told?.state === state && now - told.at < repeatAfterMs) return
    this.#told.set(input, { state, at: now })
    this.#deps.emit({ kind: 'contact', device: this.#device.id, input, state })
  }

  #online() {
    this.#grace?.cancel()
    this.#grace = null
    this.#health.tell({ state: 'online', detail: null })
  }

  #down(reason: string) {
    this.#grace ??= this.#deps.clock.after(millis(graceMs), () => {
      for (const input of this.#device.inputs) this.#tell(input.id, 'unknown')
      this.#health.tell({ state: 'offline', detail: reason })
    })
  }
}

export const createContactsDriver = (
  device: ContactsDevice,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new ContactsDriver(device, deps, io)
