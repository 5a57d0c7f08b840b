import { millis, type Quantity, quantities } from '@lantai/contracts'
import type { Driver, DriverDeps } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { type Line, modbusLine } from '../modbus/line.ts'
import { loadProfile, timingOf } from '../modbus/load-profile.ts'
import { pointOf, readPoint } from '../modbus/points.ts'
import type { AirProfile } from '../modbus/profile.ts'
import { type Blocks, failed, readBlocks, readIdentity } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import type { ModbusAir } from './kind.ts'
import { Units } from './units.ts'

type AirDevice = ModbusAir
type Unit = AirDevice['units'][number]

/** A sensor's reboot is invisible on the wire, so identities are checked again every ten minutes. */
const identityEveryMs = 600_000
const nothingAnswers = 'no unit on the line answers'

/** Polls every unit of a line in turn. The cursor outlives a session: one dead unit starves no other. */
class AirDriver implements Driver {
  readonly #device: AirDevice
  readonly #deps: DriverDeps
  readonly #profile: AirProfile
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #units: Units<string>
  readonly #line: Line
  #next = 0
  #lineLost = true
  #roundStartedAt: number | null = null

  constructor(device: AirDevice, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#profile = loadProfile(device.profile, 'air')
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#units = new Units(
      device.units.map((u) => u.id),
      Math.min(...this.#profile.points.map((p) => p.staleAfterMs ?? Number.POSITIVE_INFINITY)),
    )
    this.#line = modbusLine({
      line: device.line,
      clock: deps.clock,
      io,
      bad: this.#bad,
      ...timingOf(this.#profile, device.line),
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    this.#line.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#line.stop()
  }

  async #serve(session: ModbusSession, up: () => void) {
    this.#units.forgetIdentities()
    while (session.alive) {
      const unit = this.#device.units[this.#next]
      if (!unit) await this.#endRound(session)
      else await this.#visit(session, unit, up)
    }
    this.#lineLost = !session.faulted
    return null
  }

  async #visit(session: ModbusSession, unit: Unit, up: () => void) {
    this.#roundStartedAt ??= this.#deps.clock.mono()
    const result = await this.#poll(session, unit)
    if (result === 'interrupted') return
    if (result === 'missed') {
      this.#units.missed(unit.id)
      // Reading twice does no harm: a unit that was well is asked once more before the next one's turn.
      if (this.#units.get(unit.id).misses > 1) this.#next += 1
      return
    }
    up()
    this.#next += 1
    const broken = this.#emitReadings(unit, result) === 'broken'
    this.#units.answered(unit.id, broken, this.#deps.clock.mono())
  }

  async #poll(session: ModbusSession, unit: Unit): Promise<Blocks | 'missed' | 'interrupted'> {
    const state = this.#units.get(unit.id)
    const now = this.#deps.clock.mono()
    if (state.identifiedAt === null || now - state.identifiedAt >= identityEveryMs) {
      const identity = await readIdentity(session, unit.unit, this.#profile)
      if (identity === 'other') {
        this.#deps.log.warn({ unit: unit.unit, sensor: unit.id }, 'another device answers')
        session.end(`unit ${unit.unit} is not the device we think`)
        return 'missed'
      }
      if (failed(identity)) return missedOr(identity)
      state.identifiedAt = this.#deps.clock.mono()
    }
    const blocks = await readBlocks(session, unit.unit, this.#profile)
    return failed(blocks) ? missedOr(blocks) : blocks
  }

  #emitReadings(unit: Unit, blocks: Blocks): 'well' | 'broken' {
    let state: 'well' | 'broken' = 'well'
    const values: Partial<Record<Quantity, number>> = {}
    for (const quantity of quantities) {
      const point = pointOf(this.#profile, quantity)
      if (!point) continue
      const read = readPoint(point, blocks.get(point.block) ?? [])
      if (read.kind === 'value') values[quantity] = read.value
      else {
        if (!this.#units.get(unit.id).broken)
          this.#deps.log.warn({ sensor: unit.id, quantity, read }, 'no reading')
        state = 'broken'
      }
    }
    if (Object.keys(values).length > 0)
      this.#deps.emit({ kind: 'readings', device: this.#device.id, sensor: unit.id, values })
    return state
  }

  async #endRound(session: ModbusSession) {
    this.#next = 0
    this.#judge()
    const startedAt = this.#roundStartedAt ?? this.#deps.clock.mono()
    this.#roundStartedAt = null
    const wait = startedAt + this.#device.everyMs - this.#deps.clock.mono()
    if (wait > 0) await session.pause(millis(wait))
  }

  /** All units on the bus go offline in one alarm, not eight (devices 3.1). */
  #judge() {
    if (this.#units.allMissing) {
      this.#health.tell({ state: 'offline', detail: nothingAnswers })
      return
    }
    const now = this.#deps.clock.mono()
    for (const { id, silent } of this.#units.turned(now))
      this.#deps.emit({ kind: 'sensorSilent', device: this.#device.id, sensor: id, silent })
    const silent = this.#units.silentCount(now)
    this.#health.tell(
      silent > 0
        ? { state: 'degraded', detail: `${silent} of ${this.#device.units.length} sensors silent` }
        : { state: 'online', detail: null },
    )
  }

  #down(reason: string) {
    // A session that we ended over one unit's silence is judged with its round; a line that is gone, now.
    if (this.#lineLost) this.#health.tell({ state: 'offline', detail: reason })
    this.#lineLost = true
  }
}

const missedOr = (failure: { kind: 'lost'; why: string } | { kind: 'refused' }) =>
  failure.kind === 'lost' && failure.why === 'closed' ? 'interrupted' : 'missed'

export const createAirDriver = (
  device: AirDevice,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new AirDriver(device, deps, io)
