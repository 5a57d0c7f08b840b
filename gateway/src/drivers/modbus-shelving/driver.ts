import type { Millis } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { systemIo } from '../link/system-io.ts'
import { modbusLine } from '../modbus/line.ts'
import { loadProfile, timingOf } from '../modbus/load-profile.ts'
import type { ShelvingProfile } from '../modbus/profile.ts'
import { failed, readBlocks, readIdentity, refusal } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import { shelvingDriver } from '../shelving/driver.ts'
import type {
  ShelvingHandlers,
  ShelvingLink,
  ShelvingProtocol,
  ShelvingTools,
} from '../shelving/protocol.ts'
import type { BankStatus } from '../shelving/status.ts'
import { registersOf, sendOnce } from './command.ts'
import type { ModbusShelving } from './kind.ts'
import { observe } from './observe.ts'

/** A register map of a named profile as a shelving protocol. */
class ModbusProtocol implements ShelvingProtocol {
  readonly #device: ModbusShelving
  readonly #profile: ShelvingProfile
  readonly #tools: ShelvingTools
  readonly #io: DriverIo

  constructor(device: ModbusShelving, tools: ShelvingTools, io: DriverIo) {
    this.#device = device
    this.#profile = loadProfile(device.profile, 'shelving')
    this.#tools = tools
    this.#io = io
  }

  can(request: ShelvingRequest): boolean {
    return registersOf(this.#profile, request) !== null
  }

  loop({ serve, down }: ShelvingHandlers) {
    const { line, unit } = this.#device
    const { clock, bad, log } = this.#tools
    const device = this.#device
    const profile = this.#profile
    return modbusLine({
      line,
      clock,
      io: this.#io,
      bad,
      ...timingOf(profile, line),
      down,
      async serve(session, up) {
        const identity = await readIdentity(session, unit, profile)
        if (failed(identity)) return refusal(identity, 'identity')
        if (identity === 'other') session.end('another device answers at this address')
        else await serve(new ModbusBank(session, device, profile, log), up)
        return null
      },
    })
  }
}

/** One session on the line, after the right device was found there. */
class ModbusBank implements ShelvingLink {
  readonly #session: ModbusSession
  readonly #device: ModbusShelving
  readonly #profile: ShelvingProfile
  readonly #log: ShelvingTools['log']

  constructor(
    session: ModbusSession,
    device: ModbusShelving,
    profile: ShelvingProfile,
    log: ShelvingTools['log'],
  ) {
    this.#session = session
    this.#device = device
    this.#profile = profile
    this.#log = log
  }

  get alive() {
    return this.#session.alive
  }
  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const { unit } = this.#device
    return sendOnce(this.#session, unit, this.#profile, request, this.#log, still)
  }
  async look(): Promise<BankStatus | null> {
    const { unit, columns } = this.#device
    const blocks = await readBlocks(this.#session, unit, this.#profile, columns.length)
    if (!failed(blocks)) return observe(this.#device, this.#profile, blocks)
    if (blocks.kind === 'refused') this.#session.end(`exception ${blocks.code} to a read of status`)
    return null
  }
  pause(delay: Millis) {
    return this.#session.pause(delay)
  }
}

export const createShelvingDriver = (
  device: ModbusShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new ModbusProtocol(device, tools, io))
