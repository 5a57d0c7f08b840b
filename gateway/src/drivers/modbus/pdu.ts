/** Modbus application protocol: what is the same on a serial line and over TCP. Source: devices 3.1. */

export type ModbusRequest =
  | { fc: 1 | 2 | 3 | 4; address: number; count: number }
  | { fc: 5; address: number; on: boolean }
  | { fc: 6; address: number; value: number }
  | { fc: 15; address: number; bits: boolean[] }
  | { fc: 16; address: number; values: number[] }

export type ModbusReply =
  | { kind: 'bits'; bits: boolean[] }
  | { kind: 'registers'; values: number[] }
  | { kind: 'written' }
  | { kind: 'exception'; code: number }

export type DecodedReply = ModbusReply | { kind: 'bad'; why: string }

const bad = (why: string) => ({ kind: 'bad', why }) as const
const hi = (n: number) => (n >> 8) & 0xff
const lo = (n: number) => n & 0xff
const u16 = (b: Uint8Array, at: number) => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0)

const limits: Record<ModbusRequest['fc'], number> = {
  1: 2000,
  2: 2000,
  3: 125,
  4: 125,
  5: 1,
  6: 1,
  15: 1968,
  16: 123,
}
const quantityOf = (r: ModbusRequest): number => {
  if (r.fc === 15) return r.bits.length
  if (r.fc === 16) return r.values.length
  return 'count' in r ? r.count : 1
}

/** Throws RangeError for what no frame can carry: our own mistake, never a device's. */
export function encodeRequest(r: ModbusRequest): Uint8Array {
  const quantity = quantityOf(r)
  if (quantity < 1 || quantity > limits[r.fc]) throw new RangeError(`count ${quantity}`)
  if (r.address < 0 || r.address + quantity > 0x1_0000) throw new RangeError(`address ${r.address}`)
  const head = [r.fc, hi(r.address), lo(r.address)]
  switch (r.fc) {
    case 1:
    case 2:
    case 3:
    case 4:
      return Uint8Array.from([...head, hi(r.count), lo(r.count)])
    case 5:
      return Uint8Array.from([...head, r.on ? 0xff : 0, 0])
    case 6:
      return Uint8Array.from([...head, ...registerBytes([r.value])])
    case 15: {
      const packed = packBits(r.bits)
      return Uint8Array.from([...head, hi(quantity), lo(quantity), packed.length, ...packed])
    }
    case 16: {
      const data = registerBytes(r.values)
      return Uint8Array.from([...head, hi(quantity), lo(quantity), data.length, ...data])
    }
  }
}

/** Reads a request, for the golden vectors and the `decode` field tool. */
export function decodeRequest(pdu: Uint8Array): ModbusRequest | { kind: 'bad'; why: string } {
  const fc = pdu[0] ?? 0
  if (pdu.length < 5) return bad('request shorter than five bytes')
  const address = u16(pdu, 1)
  const word = u16(pdu, 3)
  if (fc === 15 || fc === 16) return decodeMultiple(fc, address, word, pdu)
  if (pdu.length !== 5) return bad('request of wrong length')
  if (fc === 1 || fc === 2 || fc === 3 || fc === 4) {
    const fits = word >= 1 && word <= limits[fc] && address + word <= 0x1_0000
    return fits ? { fc, address, count: word } : bad(`count ${word}`)
  }
  if (fc === 5) {
    if (word !== 0 && word !== 0xff00) return bad(`coil value ${word}`)
    return { fc, address, on: word === 0xff00 }
  }
  return fc === 6 ? { fc, address, value: word } : bad(`function ${fc}`)
}

function decodeMultiple(
  fc: 15 | 16,
  address: number,
  count: number,
  pdu: Uint8Array,
): ModbusRequest | { kind: 'bad'; why: string } {
  const bytes = fc === 15 ? Math.ceil(count / 8) : count * 2
  if (count < 1 || count > limits[fc] || address + count > 0x1_0000) return bad(`count ${count}`)
  if (pdu[5] !== bytes || pdu.length !== 6 + bytes) return bad('request of wrong length')
  const data = pdu.subarray(6)
  return fc === 15
    ? { fc, address, bits: unpackBits(data, count) }
    : { fc, address, values: registersOf(data) }
}

/** Writes the reply of a device that obeys, for the golden vectors. */
export function encodeReply(r: ModbusRequest, reply: ModbusReply): Uint8Array {
  switch (reply.kind) {
    case 'exception':
      return Uint8Array.from([r.fc | 0x80, reply.code])
    case 'bits': {
      const packed = packBits(reply.bits)
      return Uint8Array.from([r.fc, packed.length, ...packed])
    }
    case 'registers': {
      const data = registerBytes(reply.values)
      return Uint8Array.from([r.fc, data.length, ...data])
    }
    case 'written':
      return encodeRequest(r).subarray(0, 5)
  }
}

/** Reads the reply to `r`. A reply that does not fit the request is `bad`, never half used. */
export function decodeReply(r: ModbusRequest, pdu: Uint8Array): DecodedReply {
  const fc = pdu[0]
  if (fc === (r.fc | 0x80)) {
    return pdu.length === 2
      ? { kind: 'exception', code: pdu[1] ?? 0 }
      : bad('exception of wrong length')
  }
  if (fc !== r.fc) return bad(`function ${fc} in reply to ${r.fc}`)
  if (r.fc >= 5) {
    const echo = encodeRequest(r).subarray(0, 5)
    const same = pdu.length === 5 && echo.every((byte, i) => pdu[i] === byte)
    return same ? { kind: 'written' } : bad('the echo of a write differs')
  }
  const isBits = r.fc === 1 || r.fc === 2
  const count = quantityOf(r)
  const expected = isBits ? Math.ceil(count / 8) : count * 2
  if (pdu[1] !== expected || pdu.length !== 2 + expected) return bad('reply of wrong length')
  const data = pdu.subarray(2)
  return isBits
    ? { kind: 'bits', bits: unpackBits(data, count) }
    : { kind: 'registers', values: registersOf(data) }
}

const registersOf = (data: Uint8Array): number[] =>
  Array.from({ length: data.length / 2 }, (_, i) => u16(data, i * 2))

function registerBytes(values: number[]): number[] {
  return values.flatMap((value) => {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff)
      throw new RangeError(`register value ${value}`)
    return [hi(value), lo(value)]
  })
}

function packBits(bits: boolean[]): number[] {
  const packed = Array.from({ length: Math.ceil(bits.length / 8) }, () => 0)
  bits.forEach((on, i) => {
    if (on) packed[i >> 3] = (packed[i >> 3] ?? 0) | (1 << (i & 7))
  })
  return packed
}

const unpackBits = (data: Uint8Array, count: number): boolean[] =>
  Array.from({ length: count }, (_, i) => (((data[i >> 3] ?? 0) >> (i & 7)) & 1) === 1)
