/**
 * Modbus RTU slaves on one line. Ours, because jsmodbus' RTU server answers for every unit from one buffer and
 * never finds its way back after a broken frame; this one frames by silence, as the line does.
 */

/** CRC-16 of Modbus: polynomial 0xA001 reflected, start 0xFFFF; sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const b of bytes) {
    crc ^= b
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

export function withCrc(body: readonly number[]): Buffer {
  const crc = crc16(Uint8Array.from(body))
  return Buffer.from([...body, crc & 0xff, crc >>> 8])
}

/** Unit, function and data of a whole frame; null when length or CRC is wrong, which a slave meets with silence. */
export function openFrame(frame: Buffer): { unit: number; fc: number; data: Buffer } | null {
  if (frame.length < 4 || frame.length > 256) return null
  const body = frame.subarray(0, -2)
  if (crc16(body) !== frame.readUInt16LE(frame.length - 2)) return null
  return { unit: body[0] as number, fc: body[1] as number, data: body.subarray(2) }
}

/** A transmitter of the XY-MD02 kind (SHT20). Values in °C and %RH; the wire carries tenths. */
export interface Transmitter {
  readonly unit: number
  temperature: number
  humidity: number
  /** Offsets in tenths, registers 0x0103 and 0x0104; lost when the power goes. */
  temperatureOffset: number
  humidityOffset: number
}

const illegalFunction = 1
const illegalAddress = 2
const illegalValue = 3
const tenths = (value: number, offset: number) => (Math.round(value * 10) + offset) & 0xffff

/** The reply to one frame, or null where a slave says nothing: not its unit, or a broadcast. */
export function answer(t: Transmitter, fc: number, data: Buffer): Buffer {
  const refuse = (code: number) => withCrc([t.unit, fc | 0x80, code])
  if (![3, 4, 6].includes(fc)) return refuse(illegalFunction)
  if (data.length !== 4) return refuse(illegalValue)
  const address = data.readUInt16BE(0)
  const second = data.readUInt16BE(2)
  if (fc === 6) return writeOffset(t, address, second) ?? refuse(illegalAddress)
  const map = fc === 4 ? inputs(t) : holdings(t)
  if (second < 1 || second > 125) return refuse(illegalValue)
  const bytes: number[] = []
  for (let a = address; a < address + second; a++) {
    const value = map[a]
    if (value === undefined) return refuse(illegalAddress)
    bytes.push(value >>> 8, value & 0xff)
  }
  return withCrc([t.unit, fc, bytes.length, ...bytes])
}

/** A transmitter as a unit of the line. */
export const airUnit = (t: Transmitter) => ({
  unit: t.unit,
  answer: (fc: number, data: Buffer) => answer(t, fc, data),
})

const inputs = (t: Transmitter): Record<number, number> => ({
  1: tenths(t.temperature, t.temperatureOffset),
  2: tenths(t.humidity, t.humidityOffset),
})

const holdings = (t: Transmitter): Record<number, number> => ({
  257: t.unit,
  258: 9600,
  259: t.temperatureOffset & 0xffff,
  260: t.humidityOffset & 0xffff,
})

function writeOffset(t: Transmitter, address: number, value: number): Buffer | null {
  const signed = value > 0x7fff ? value - 0x10000 : value
  if (address === 0x0103) t.temperatureOffset = signed
  else if (address === 0x0104) t.humidityOffset = signed
  else return null
  return withCrc([t.unit, 6, address >>> 8, address & 0xff, value >>> 8, value & 0xff])
}
