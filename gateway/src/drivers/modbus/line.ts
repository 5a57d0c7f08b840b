import { type Clock, type Millis, millis } from '@lantai/contracts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo, OpenLink } from '../link/byte-link.ts'
import { LinkLoop } from '../link/link-loop.ts'
import type { ModbusLine } from '../schema.ts'
import { rtu, tcp } from './frames.ts'
import { ModbusSession } from './session.ts'

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
  /** Works with one session until it ends. `up` says that the device proved itself. */
  serve(session: ModbusSession, up: () => void): Promise<void>
  down(reason: string): void
}

/** 3.5 characters of eleven bits, in whole milliseconds. */
const characterGap = (baud: number): Millis => millis(Math.ceil((3.5 * 11 * 1000) / baud))

const opener = (line: LineConfig, io: DriverIo): OpenLink =>
  line.transport === 'tcp' ? io.tcp(line.host, line.port) : io.serial(line)

/** One Modbus line that comes back by itself. Every session starts with nothing known of the line's state. */
export function modbusLine(options: LineOptions): LinkLoop {
  const { line, clock, io, bad } = options
  const isTcp = line.transport === 'tcp'
  return new LinkLoop({
    clock,
    open: opener(line, io),
    random: io.random,
    down: options.down,
    async serve(connection, up) {
      const session = new ModbusSession(connection, {
        clock,
        bad,
        framing: isTcp ? tcp : rtu,
        replyMs: millis(options.replyMs),
        gapMs: isTcp ? millis(0) : characterGap(line.baud),
      })
      await options.serve(session, up)
      // After a fault that we found the line only has to fall silent; a peer that hung up is given longer.
      const settle = millis(options.settleMs)
      return session.faulted ? { waitMs: settle } : { atLeastMs: settle }
    },
  })
}
