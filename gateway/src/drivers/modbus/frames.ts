/** Modbus frames on the wire: RTU with CRC-16 on serial lines, MBAP over TCP. Pure. Source: devices 3.1. */

export interface Frame {
  unit: number
  /** TCP only. */
  transaction: number | null
  pdu: Uint8Array
}
/** What the bytes so far amount to. `used` counts the bytes of the frame. */
export type Scan =
  | { kind: 'more' }
  | { kind: 'frame'; frame: Frame; used: number }
  | { kind: 'bad'; why: string }

/** How one transport wraps a PDU. */
export interface Framing {
  readonly name: 'rtu' | 'tcp'
  wrap(frame: Frame): Uint8Array
  /** Looks for one reply at the start of `bytes`. */
  scan(bytes: Uint8Array): Scan
}

const table = Uint16Array.from({ length: 256 }, (_, n) => {
  let crc = n
  for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  return crc
})

/** CRC-16: polynomial 0xA001 reflected, initial value 0xFFFF; sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) crc = (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return crc
}

export function wrapRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const out = new Uint8Array(pdu.length + 3)
  out[0] = unit
  out.set(pdu, 1)
  const crc = crc16(out.subarray(0, -2))
  out[out.length - 2] = crc & 0xff
  out[out.length - 1] = crc >> 8
  return out
}

/** Length of an RTU reply by its first bytes; RTU has no length field of its own. */
function rtuReplyLength(bytes: Uint8Array): number | 'more' | 'bad' {
  const fc = bytes[1]
  if (fc === undefined) return 'more'
  if (fc & 0x80) return 5
  if (fc === 5 || fc === 6 || fc === 15 || fc === 16) return 8
  if (fc < 1 || fc > 4) return 'bad'
  const data = bytes[2]
  return data === undefined ? 'more' : 5 + data
}

export const rtu: Framing = {
  name: 'rtu',
  wrap: ({ unit, pdu }) => wrapRtu(unit, pdu),
  scan(bytes) {
    const length = rtuReplyLength(bytes)
    if (length === 'bad') return { kind: 'bad', why: `unknown function ${bytes[1]}` }
    if (length === 'more' || bytes.length < length) return { kind: 'more' }
    const frame = bytes.subarray(0, length)
    const crc = (frame[length - 2] ?? 0) | ((frame[length - 1] ?? 0) << 8)
    if (crc16(frame.subarray(0, -2)) !== crc) return { kind: 'bad', why: 'wrong CRC' }
    const unit = frame[0] ?? 0
    const pdu = frame.slice(1, -2)
    return { kind: 'frame', frame: { unit, transaction: null, pdu }, used: length }
  },
}

export const tcp: Framing = {
  name: 'tcp',
  wrap({ unit, transaction, pdu }) {
    const out = new Uint8Array(7 + pdu.length)
    const view = new DataView(out.buffer)
    view.setUint16(0, transaction ?? 0)
    view.setUint16(4, pdu.length + 1)
    view.setUint8(6, unit)
    out.set(pdu, 7)
    return out
  },
  scan(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length >= 4 && view.getUint16(2) !== 0)
      return { kind: 'bad', why: `protocol ${view.getUint16(2)} in the header` }
    if (bytes.length < 6) return { kind: 'more' }
    const length = view.getUint16(4)
    if (length < 3 || length > 254) return { kind: 'bad', why: `length ${length} in the header` }
    if (bytes.length < 6 + length) return { kind: 'more' }
    const frame = {
      unit: view.getUint8(6),
      transaction: view.getUint16(0),
      pdu: bytes.slice(7, 6 + length),
    }
    return { kind: 'frame', frame, used: 6 + length }
  },
}
