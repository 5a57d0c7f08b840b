import { type Clock, type Millis, millis } from '@lantai/contracts'
import type { DriverIo, OpenLink } from '../link/byte-link.ts'
import { Connection } from '../link/connection.ts'
import { LinkLoop, type Wait } from '../link/link-loop.ts'
import { lineName, type ModbusLine } from '../schema.ts'
import { rtu, tcp } from './frames.ts'
import type { ModbusRequest } from './pdu.ts'
import {
  ModbusChannel,
  type ModbusSession,
  type Outcome,
  type SessionUser,
  type Urgency,
} from './session.ts'

/** One device entry on a bus. */
export interface BusMember {
  user: SessionUser
  settleMs: number
  /**
   * Works with one session until it ends, then gives null. A reason instead says that the driver gave up while the
   * line is well; it is asked again later. `up` says that the device proved itself.
   */
  serve(session: ModbusSession, up: () => void): Promise<string | null>
  /** The bus is down, and with it everybody on it. */
  down(reason: string): void
}

/** Who keeps asking a device that does not answer holds up the others: a first fault is free, then 1 s doubling to 5 s. */
const penaltyMs = (faults: number) => (faults < 2 ? 0 : Math.min(5000, 500 * 2 ** (faults - 1)))
/** Before a member that gave up on a working bus begins again. */
const retireMs = millis(1000)

/** 3.5 characters of eleven bits, in whole milliseconds. */
const characterGap = (baud: number): Millis => millis(Math.ceil((3.5 * 11 * 1000) / baud))

const opener = (line: ModbusLine, io: DriverIo): OpenLink =>
  line.transport === 'tcp' ? io.tcp(line.host, line.port) : io.serial(line)

/**
 * One port or socket that all device entries of one address share and take turns on. After a timeout, bad CRC or wrong
 * unit the rule of devices 3.1 (close, wait, open, identities) holds for the bus: nobody knows whose bytes are on it.
 */
export class ModbusBus {
  readonly #line: ModbusLine
  readonly #io: DriverIo
  readonly #members: BusMember[] = []
  /** Whose turn is next: who was served last stands last, also from one session to the next. */
  readonly #order: SessionUser[] = []
  readonly #seats = new Map<BusMember, Connection>()
  readonly #working = new Map<BusMember, Promise<void>>()
  #current: { channel: ModbusChannel; connection: Connection; up: () => void } | null = null
  #loop: LinkLoop | null = null
  #closing: Promise<void> = Promise.resolve()

  constructor(line: ModbusLine, io: DriverIo) {
    this.#line = line
    this.#io = io
  }

  join(member: BusMember, clock: Clock) {
    this.#members.push(member)
    this.#order.push(member.user)
    if (this.#current) this.#seat(member, clock)
    if (this.#loop) return
    const loop = new LinkLoop({
      clock,
      open: opener(this.#line, this.#io),
      random: this.#io.random,
      serve: (connection, up) => this.#serve(connection, up, clock),
      down: (reason) => {
        for (const m of this.#members) m.down(reason)
      },
    })
    this.#loop = loop
    // The port of a loop that was just stopped must be free first.
    void this.#closing.then(() => {
      if (this.#loop === loop) loop.start()
    })
  }

  /** Resolves when the member has ended, and the port is free if it was the last one. */
  async leave(member: BusMember) {
    const at = this.#members.indexOf(member)
    if (at < 0) return
    this.#members.splice(at, 1)
    this.#order.splice(this.#order.indexOf(member.user), 1)
    this.#seats.get(member)?.end('stopped')
    const loop = this.#loop
    if (this.#members.length === 0 && loop) {
      this.#loop = null
      this.#closing = loop.stop()
      await this.#closing
    }
    await this.#working.get(member)
  }

  async #serve(connection: Connection, up: () => void, clock: Clock): Promise<Wait> {
    const isTcp = this.#line.transport === 'tcp'
    const channel = new ModbusChannel(connection, {
      clock,
      framing: isTcp ? tcp : rtu,
      gapMs: this.#line.transport === 'tcp' ? millis(0) : characterGap(this.#line.baud),
      order: this.#order,
    })
    this.#current = { channel, connection, up }
    const inTurn = [...this.#members].sort(
      (a, b) => this.#order.indexOf(a.user) - this.#order.indexOf(b.user),
    )
    const settleMs = Math.max(0, ...this.#members.map((m) => m.settleMs))
    for (const member of inTurn) this.#seat(member, clock)
    await connection.ended()
    this.#current = null
    await Promise.all(this.#working.values())
    // After a fault that we found the line only has to fall silent; a peer that hung up is given longer.
    const settle = millis(settleMs)
    return channel.faulted ? { waitMs: settle } : { atLeastMs: settle }
  }

  /** Gives the member its own end of the open connection, for as long as both last. */
  #seat(member: BusMember, clock: Clock) {
    const current = this.#current
    if (!current) return
    const { channel, connection, up } = current
    const own = new Connection(clock, () => undefined)
    const forget = connection.onEnd(() => own.end(connection.endReason ?? 'closed'))
    this.#seats.set(member, own)
    const seat = new Seat(own, channel, member.user)
    const done = this.#attend(member, seat, up, connection).finally(() => {
      forget()
      if (this.#seats.get(member) === own) this.#seats.delete(member)
      if (this.#working.get(member) === done) this.#working.delete(member)
    })
    this.#working.set(member, done)
  }

  async #attend(member: BusMember, seat: Seat, up: () => void, connection: Connection) {
    const isAlone = () => this.#members.length === 1 && this.#members[0] === member
    const penalty = isAlone() ? 0 : penaltyMs(member.user.faults)
    if (penalty > 0) await seat.pause(millis(penalty))
    while (seat.alive) {
      const reason = await member.serve(seat, up)
      if (!seat.alive) return
      if (isAlone()) {
        connection.end(reason ?? 'finished')
        return
      }
      member.down(reason ?? 'finished')
      await seat.pause(retireMs)
    }
  }
}

/** What a member sees of the bus: a session of its own. */
class Seat implements ModbusSession {
  readonly #own: Connection
  readonly #channel: ModbusChannel
  readonly #user: SessionUser

  constructor(own: Connection, channel: ModbusChannel, user: SessionUser) {
    this.#own = own
    this.#channel = channel
    this.#user = user
  }

  get alive() {
    return this.#own.alive
  }
  get faulted() {
    return this.#channel.faulted
  }
  pause(delay: Millis) {
    return this.#own.pause(delay)
  }
  end(reason: string) {
    if (this.alive) this.#channel.end(reason, this.#user)
  }
  request(
    unit: number,
    request: ModbusRequest,
    wanted?: Urgency,
    still?: () => boolean,
  ): Promise<Outcome> {
    if (!this.alive) return Promise.resolve({ kind: 'lost', why: 'closed', sent: false })
    // A driver that was stopped sends nothing more (S5).
    const inTime = () => this.alive && still?.() !== false
    return this.#channel.request(this.#user, unit, request, wanted, inTime)
  }
}

const buses = new WeakMap<DriverIo, Map<string, ModbusBus>>()

/** The one bus of this address in this process: a second open port on one RS-485 line would fight with the first. */
export function busAt(line: ModbusLine, io: DriverIo): ModbusBus {
  const mine = buses.get(io) ?? new Map<string, ModbusBus>()
  buses.set(io, mine)
  const name = lineName(line)
  const bus = mine.get(name) ?? new ModbusBus(line, io)
  mine.set(name, bus)
  return bus
}
