/** A slave's registers as a unit of a serial line: the same answers as over TCP, framed with unit and CRC. */
import type { BusUnit } from '../air-line/bus.ts'
import { withCrc } from '../air-line/rtu.ts'
import type { Exception, Slave } from './tcp-slave.ts'

const illegalFunction = 1
const illegalValue = 3
/** Functions that are answered below; of others the length is not looked at. */
const known: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 15, 16])
type Answer = number[] | Exception

export const rtuUnit = (unit: number, slave: Slave): BusUnit => ({
  unit,
  answer: (fc, data) => {
    const body = respond(slave, fc, data)
    return Array.isArray(body)
      ? withCrc([unit, fc, ...body])
      : withCrc([unit, fc | 0x80, body.exception])
  },
})

/** What follows unit and function in the reply. */
function respond(slave: Slave, fc: number, data: Buffer): Answer {
  if (!known.has(fc)) return { exception: illegalFunction }
  if (data.length < 4) return { exception: illegalValue }
  const address = data.readUInt16BE(0)
  const word = data.readUInt16BE(2)
  switch (fc) {
    case 1:
      return bits(slave.readCoils, address, word)
    case 2:
      return bits(slave.readDiscrete, address, word)
    case 3:
      return registers(slave.readHolding, address, word)
    case 4:
      return registers(slave.readInput, address, word)
    case 6:
      if (data.length !== 4) return { exception: illegalValue }
      return slave.write
        ? (slave.write(address, [word]) ?? [...data])
        : { exception: illegalFunction }
    default:
      return { exception: illegalFunction }
  }
}

function registers(read: Slave['readHolding'], address: number, count: number): Answer {
  if (!read) return { exception: illegalFunction }
  if (count < 1 || count > 125) return { exception: illegalValue }
  const values = read(address, count)
  if (!Array.isArray(values)) return values
  return [values.length * 2, ...values.flatMap((v) => [v >>> 8, v & 0xff])]
}

function bits(read: Slave['readDiscrete'], address: number, count: number): Answer {
  if (!read) return { exception: illegalFunction }
  if (count < 1 || count > 2000) return { exception: illegalValue }
  const values = read(address, count)
  if (!Array.isArray(values)) return values
  const packed = Array.from({ length: Math.ceil(values.length / 8) }, (_, byte) =>
    values.slice(byte * 8, byte * 8 + 8).reduce((sum, on, bit) => sum | (Number(on) << bit), 0),
  )
  return [packed.length, ...packed]
}
