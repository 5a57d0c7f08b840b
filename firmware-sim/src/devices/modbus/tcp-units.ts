/** Units of a serial line behind Modbus TCP, as behind a gateway of the usual kind. */
import type { Server } from 'node:net'
import type { BusUnit } from '../air-line/bus.ts'
import { FramedSocket } from './adu-splitter.ts'

const noSuchUnit = 11

/** Answers each of `units`; 0 and 255, which mean "whoever is there", are the first of them. */
export function serveUnits(server: Server, units: readonly BusUnit[]): void {
  server.on('connection', (socket) => {
    const framed = new FramedSocket(socket)
    framed.on('data', (frame: Buffer) => framed.write(reply(frame, units)))
  })
}

function reply(frame: Buffer, units: readonly BusUnit[]): Buffer {
  const asked = frame[6] as number
  const fc = frame[7] as number
  const unit = units.find((u) => u.unit === asked) ?? ([0, 255].includes(asked) ? units[0] : null)
  // Without unit and CRC of the serial line.
  const pdu = unit?.answer(fc, frame.subarray(8)).subarray(1, -2) ?? [fc | 0x80, noSuchUnit]
  const head = Buffer.from(frame.subarray(0, 7))
  head.writeUInt16BE(pdu.length + 1, 4)
  return Buffer.concat([head, Buffer.from(pdu)])
}
