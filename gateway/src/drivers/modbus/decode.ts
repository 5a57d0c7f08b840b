/** A captured Modbus RTU stream made readable. RTU has no length and no direction of its own: both are worked out. */
import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { crc16 } from './frames.ts'
import { otherFunctions } from './other-functions.ts'
import { decodeReply, decodeRequest, type ModbusRequest } from './pdu.ts'

const longestFrame = 256
const shortestFrame = 5
/** Noise is told in pieces of at most this, so that a stream of it is neither held nor silent. */
const longestNoise = 256

const functions: Readonly<Record<number, string>> = {
  1: 'read coils',
  2: 'read discrete inputs',
  3: 'read holding registers',
  4: 'read input registers',
  5: 'write single coil',
  6: 'write single register',
  15: 'write multiple coils',
  16: 'write multiple registers',
}
const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'server device failure',
  5: 'acknowledge',
  6: 'server device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target device failed to respond',
}

const nameOf = (fc: number): string | undefined => functions[fc] ?? otherFunctions[fc]?.name

interface Asked {
  unit: number
  request: ModbusRequest
  bytes: Uint8Array
}
type Role = 'request' | 'reply' | 'either'

/** Every length that a frame beginning so may have, shortest first; `more` where that takes another byte. */
function lengthsOf(b: Uint8Array): number[] | 'more' {
  const [, fc, third] = b
  if (fc === undefined) return 'more'
  if (fc & 0x80) return nameOf(fc & 0x7f) ? [5] : []
  const other = otherFunctions[fc]
  if (other) {
    const lengths = other.lengths(b, (length) => hasCrc(b.subarray(0, length)))
    return lengths === 'more' ? lengths : lengths.filter((n) => n <= longestFrame)
  }
  if (!functions[fc]) return []
  if (fc === 5 || fc === 6) return [8]
  const at = fc <= 4 ? third : b[6]
  if (at === undefined) return 'more'
  return [...new Set([8, fc <= 4 ? 5 + at : 9 + at])]
    .filter((n) => n <= longestFrame && n > shortestFrame)
    .sort((a, z) => a - z)
}

const hasCrc = (frame: Uint8Array): boolean =>
  crc16(frame.subarray(0, -2)) === ((frame.at(-2) ?? 0) | ((frame.at(-1) ?? 0) << 8))

class RtuDecoder implements StreamDecoder {
  #rest: Uint8Array = new Uint8Array(0)
  #offset = 0
  #noise: { offset: number; length: number; error: string } | null = null
  #asked: Asked | null = null
  /** Unit and function of the request before, where it is one of the other functions. */
  #other: string | null = null

  push(chunk: Uint8Array): Decoded[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    return this.#read(bytes, false)
  }
  end(): Decoded[] {
    const out = this.#read(this.#rest, true)
    this.#flush(out)
    return out
  }

  #read(bytes: Uint8Array, isLast: boolean): Decoded[] {
    const out: Decoded[] = []
    let at = 0
    while (at < bytes.length) {
      const found = this.#frameAt(bytes.subarray(at, at + longestFrame), isLast)
      if (found === 'more') break
      if (typeof found === 'string') {
        this.#skip(found, out)
        at += 1
        continue
      }
      this.#flush(out)
      out.push({ offset: this.#offset, length: found.length, message: this.#explain(found) })
      this.#offset += found.length
      at += found.length
    }
    this.#rest = bytes.slice(at)
    return out
  }

  /** The frame here, `more`, or why there is none. Shorter forms are tried first, so that a split changes nothing. */
  #frameAt(b: Uint8Array, isLast: boolean): Uint8Array | string {
    const lengths = lengthsOf(b)
    if (lengths === 'more') return isLast ? 'half a frame at the end' : 'more'
    for (const length of lengths) {
      if (b.length < length) return isLast ? 'half a frame at the end' : 'more'
      const frame = b.subarray(0, length)
      if (hasCrc(frame)) return frame
    }
    if (lengths.length > 0) return 'wrong CRC'
    const { 1: fc = 0, 2: kind } = b
    if (fc === 43 && kind !== 14) return `function 43 of kind ${kind} is not known`
    return nameOf(fc) ? 'longer than any frame' : `function ${fc} is not known`
  }

  #skip(error: string, out: Decoded[]) {
    this.#noise ??= { offset: this.#offset, length: 0, error }
    this.#noise.length += 1
    this.#offset += 1
    // Whose reply would follow is not known any more.
    this.#asked = null
    this.#other = null
    if (this.#noise.length >= longestNoise) this.#flush(out)
  }
  #flush(out: Decoded[]) {
    if (this.#noise) out.push(this.#noise)
    this.#noise = null
  }

  #explain(frame: Uint8Array): Record<string, unknown> {
    const unit = frame[0] ?? 0
    const pdu = frame.subarray(1, -2)
    const fc = (pdu[0] ?? 0) & 0x7f
    const other = this.#explainOther(unit, pdu)
    if (other) return { ...other, crc: Buffer.from(frame.subarray(-2)).toString('hex') }
    const asked = this.#asked?.unit === unit && this.#asked.request.fc === fc ? this.#asked : null
    const role = roleOf(frame, pdu, asked)
    const crc = Buffer.from(frame.subarray(-2)).toString('hex')
    const head = { role, unit, function: fc, name: nameOf(fc), crc }
    const request = role === 'reply' ? null : decodeRequest(pdu)
    if (request && !('kind' in request)) {
      this.#asked = { unit, request, bytes: frame.slice() }
      return { ...head, ...withoutFc(request) }
    }
    this.#asked = null
    return { ...head, ...replyFields(pdu, asked?.request ?? null) }
  }

  #explainOther(unit: number, pdu: Uint8Array): Record<string, unknown> | null {
    const fc = pdu[0] ?? 0
    const other = otherFunctions[fc]
    const before = this.#other
    this.#other = null
    if (!other) return null
    const key = `${unit}/${fc}`
    this.#asked = null
    const { role, fields } = other.explain(pdu, before === key)
    if (role === 'request') this.#other = key
    return { role, unit, function: fc, name: other.name, ...fields }
  }
}

/** A reply has the shape of the answer to the last request, or one that no request has. */
function roleOf(frame: Uint8Array, pdu: Uint8Array, asked: Asked | null): Role {
  const fits = asked !== null && decodeReply(asked.request, pdu).kind !== 'bad'
  const request = decodeRequest(pdu)
  if ('kind' in request) return 'reply'
  if (fits) return 'reply'
  // Three bytes of bits look like a request from 0x03xx; without the request before it nobody can tell.
  const isEither = request.fc <= 2 && pdu[1] === 3 && asked === null
  return isEither && frame.length === 8 ? 'either' : 'request'
}

const withoutFc = ({ fc: _, ...rest }: ModbusRequest): Record<string, unknown> => rest

function replyFields(pdu: Uint8Array, request: ModbusRequest | null): Record<string, unknown> {
  const fc = pdu[0] ?? 0
  if (fc & 0x80) {
    const code = pdu[1] ?? 0
    return { exception: code, meaning: exceptions[code] ?? 'not in the specification' }
  }
  const asked = request && 'count' in request ? { address: request.address } : {}
  const reply = request ? decodeReply(request, pdu) : null
  if (reply?.kind === 'bits') return { ...asked, bits: reply.bits }
  if (reply?.kind === 'registers') return { ...asked, registers: reply.values }
  const words = (from: number) =>
    Array.from(
      { length: Math.floor((pdu.length - from) / 2) },
      (_, i) => ((pdu[from + i * 2] ?? 0) << 8) | (pdu[from + i * 2 + 1] ?? 0),
    )
  if (fc === 3 || fc === 4)
    return {
      bytes: pdu[1],
      registers: words(2),
      data: Buffer.from(pdu.subarray(2)).toString('hex'),
    }
  // How many of the bits were asked for stands only in the request.
  if (fc <= 2) return { bytes: pdu[1], data: Buffer.from(pdu.subarray(2)).toString('hex') }
  const [address, second] = words(1)
  return fc >= 15 ? { address, count: second } : { address, value: second }
}

export const createModbusRtuDecoder: CreateDecoder = () => new RtuDecoder()
