import { type Clock, millis } from '@lantai/contracts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import type { ModbusLine } from '../schema.ts'
import { type BusMember, busAt } from './bus.ts'
import type { ModbusSession } from './session.ts'

export type LineConfig = ModbusLine

export interface LineOptions {
  line: LineConfig
  clock: Clock
  io: DriverIo
  bad: BadFrames
  /** Longest wait for one reply. */
  replyMs: number
  /** Silence before the line is opened again after a lost or spoilt reply: longer than the worst late reply. */
  settleMs: number
  /**
   * Works with one session until it ends, then gives null. A reason instead says that the driver gave up while the
   * line is well; it is asked again later. `up` says that the device proved itself.
   */
  serve(session: ModbusSession, up: () => void): Promise<string | null>
  down(reason: string): void
}

/** One driver's part of a line that comes back by itself and that others may share. */
export interface Line {
  start(): void
  /** Resolves when nothing of this driver is on the line any more, and the port is free if nobody else has it. */
  stop(): Promise<void>
}

/** Every session starts with nothing known of the line's state. */
export function modbusLine(options: LineOptions): Line {
  const { line, clock, io, bad, settleMs } = options
  const member: BusMember = {
    user: { replyMs: millis(options.replyMs), bad, faults: 0 },
    settleMs,
    serve: options.serve,
    down: options.down,
  }
  const bus = busAt(line, io)
  return { start: () => bus.join(member, clock), stop: () => bus.leave(member) }
}
