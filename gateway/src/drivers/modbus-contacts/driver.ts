import { isFireMeans, millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps, InputReport } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { type Line, modbusLine } from '../modbus/line.ts'
import { failed, readIdentity, readRange, refusal } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import { type Input, type InputMap, inputMapOf } from './inputs.ts'
import type { ModbusContacts } from './kind.ts'

/** Fire must inhibit within 500 ms, so the device list may ask for faster polls, never for slower ones. */
const slowestFirePollMs = 200
/** With polls up to 200 ms apart an unchanged state of a fire contact is repeated within 500 ms. */
const repeatAfterMs = 300

/** Reads only: no reset, silence or test command exists here (devices 3.7). */
class ContactsDriver implements Driver {
  readonly #device: ModbusContacts
  readonly #deps: DriverDeps
  readonly #map: InputMap
  readonly #inputs: readonly Input[]
  readonly #everyMs: number
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #line: Line
  readonly #told = new Map<string, { state: InputReport; at: number }>()
  /** Until the inputs are unknown: one lost reply is not a lost link. */
  #grace: Timer | null = null

  constructor(device: ModbusContacts, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#map = inputMapOf(device)
    this.#inputs = this.#map.readings.flatMap((r) => r.inputs)
    const hasFire = this.#inputs.some((i) => isFireMeans(i.means))
    this.#everyMs = hasFire ? Math.min(device.everyMs, slowestFirePollMs) : device.everyMs
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#line = modbusLine({
      line: device.line,
      clock: deps.clock,
      io,
      bad: this.#bad,
      ...this.#map.timing,
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    for (const input of this.#inputs) this.#tell(input, 'unknown')
    this.#line.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#line.stop()
    this.#grace?.cancel()
  }

  async #serve(session: ModbusSession, up: () => void): Promise<string | null> {
    const wrong = await this.#identify(session)
    if (wrong) return wrong
    while (session.alive) {
      const startedAt = this.#deps.clock.mono()
      for (const { range, inputs } of this.#map.readings) {
        const values = await readRange(session, this.#device.unit, range)
        if (failed(values)) return refusal(values, 'inputs')
        for (const input of inputs) this.#tell(input, input.state(values))
      }
      up()
      this.#online()
      const wait = startedAt + this.#everyMs - this.#deps.clock.mono()
      // At least a breath, so that a module slower than its poll rate cannot make a busy loop.
      await session.pause(millis(Math.max(wait, 10)))
    }
    return null
  }

  async #identify(session: ModbusSession): Promise<string | null> {
    if (!this.#map.profile) return null
    const identity = await readIdentity(session, this.#device.unit, this.#map.profile)
    if (identity === 'other') session.end('another device answers at this address')
    return failed(identity) ? refusal(identity, 'identity') : null
  }

  #tell(input: Input, state: InputReport) {
    const now = this.#deps.clock.mono()
    const told = this.#told.get(input.id)
    const isFresh = !isFireMeans(input.means) || (told && now - told.at < repeatAfterMs)
    if (told?.state === state && isFresh) return
    this.#told.set(input.id, { state, at: now })
    this.#deps.emit({ kind: 'contact', device: this.#device.id, input: input.id, state })
  }

  #online() {
    this.#grace?.cancel()
    this.#grace = null
    this.#health.tell({ state: 'online', detail: null })
  }

  #down(reason: string) {
    // All inputs stand behind one address: the one that may live shortest decides for all.
    const graceMs = Math.min(...this.#inputs.map((i) => i.staleAfterMs))
    this.#grace ??= this.#deps.clock.after(millis(graceMs), () => {
      for (const input of this.#inputs) this.#tell(input, 'unknown')
      this.#health.tell({ state: 'offline', detail: reason })
    })
  }
}

export const createContactsDriver = (
  device: ModbusContacts,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new ContactsDriver(device, deps, io)
