/**
 * Looking for devices on a named range: what to ask and what the answers mean. Only questions that change nothing; a
 * caller asks one address a few questions and bounds how many at a time. Pure.
 */
import { isIPv4 } from 'node:net'
import { LlrpFormatError } from './llrp/bytes.ts'
import { type Capabilities, capabilitiesOf } from './llrp/capabilities.ts'
import { decodeMessage, encodeMessage, Framer, message } from './llrp/frames.ts'
import { find } from './llrp/parameters.ts'
import { crc16, wrapRtu } from './modbus/frames.ts'

/** /22: beyond that it is a scan of somebody's network and no look for a reader. */
export const mostAddresses = 1024

const toNumber = (ip: string) => ip.split('.').reduce((n, byte) => n * 256 + Number(byte), 0)
const toText = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')

/** Addresses of `192.168.1.0/28`, `192.168.1.5` or `192.168.1.5-192.168.1.20`, or a sentence about what is wrong. */
export function addressesOf(range: string): string[] | string {
  const [from = '', to] = range.split('-')
  if (to !== undefined) {
    if (!isIPv4(from) || !isIPv4(to)) return `${range} is no range of IPv4 addresses`
    return listed(toNumber(from), toNumber(to))
  }
  const [ip = '', bits = '32', more] = range.split('/')
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : 99
  if (!isIPv4(ip) || prefix > 32 || more !== undefined)
    return `${range} is no range: 192.168.1.0/28, 192.168.1.5, 192.168.1.5-192.168.1.20`
  const size = 2 ** (32 - prefix)
  const first = Math.floor(toNumber(ip) / size) * size
  // Network and broadcast address are nobody's.
  return prefix >= 31 ? listed(first, first + size - 1) : listed(first + 1, first + size - 2)
}

function listed(first: number, last: number): string[] | string {
  const count = last - first + 1
  if (count < 1) return 'the range ends before it begins'
  if (count > mostAddresses) return `${count} addresses are more than a /22; name a smaller range`
  return Array.from({ length: count }, (_, i) => toText(first + i))
}

/** Unit addresses of `1-32,100`, each once, or a sentence about what is wrong. */
export function unitsOf(text: string): number[] | string {
  const units = new Set<number>()
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? []
    // 0 is the broadcast address of a serial line: everybody would answer at once, or nobody.
    if (from === undefined || Number(from) < 1 || Number(to) > 255 || Number(from) > Number(to))
      return `${part} is no unit or range of units between 1 and 255`
    for (let unit = Number(from); unit <= Number(to); unit++) units.add(unit)
  }
  return [...units]
}

/** What a unit is asked, until it answers anything: who it is (FC43/14), then one register or input of each table. */
export const modbusQuestions: readonly Uint8Array[] = [
  Uint8Array.of(0x2b, 0x0e, 0x01, 0x00),
  Uint8Array.of(3, 0, 0, 0, 1),
  Uint8Array.of(4, 0, 0, 0, 1),
  Uint8Array.of(2, 0, 0, 0, 1),
]

export interface UnitFound {
  unit: number
  /** Function code that was answered, and whether with an exception: the unit is there all the same. */
  fc: number
  exception: number | null
  vendor?: string
  product?: string
  revision?: string
}

export const rtuQuestion = (unit: number, pdu: Uint8Array) => wrapRtu(unit, pdu)
export const tcpQuestion = (unit: number, transaction: number, pdu: Uint8Array) =>
  Uint8Array.of(transaction >> 8, transaction & 255, 0, 0, 0, pdu.length + 1, unit, ...pdu)

/** The answer in everything that came until the line was silent; null when it is none, or another unit's. */
export function rtuAnswer(unit: number, fc: number, bytes: Uint8Array): UnitFound | null {
  if (bytes.length < 5 || bytes[0] !== unit) return null
  const sum = (bytes.at(-2) ?? 0) | ((bytes.at(-1) ?? 0) << 8)
  return crc16(bytes.subarray(0, -2)) === sum ? answerOf(unit, fc, bytes.subarray(1, -2)) : null
}

export function tcpAnswer(
  unit: number,
  transaction: number,
  fc: number,
  bytes: Uint8Array,
): UnitFound | null {
  if (bytes.length < 9) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const whole = bytes.length === 6 + view.getUint16(4)
  const ours = view.getUint16(0) === transaction && view.getUint16(2) === 0 && bytes[6] === unit
  return whole && ours ? answerOf(unit, fc, bytes.subarray(7)) : null
}

function answerOf(unit: number, fc: number, pdu: Uint8Array): UnitFound | null {
  if (((pdu[0] ?? 0) & 0x7f) !== fc) return null
  if ((pdu[0] ?? 0) & 0x80) {
    // 10 and 11 are a gateway's word that nobody answers behind it.
    const exception = pdu[1] ?? 0
    return exception === 10 || exception === 11 ? null : { unit, fc, exception }
  }
  return { unit, fc, exception: null, ...(fc === 0x2b ? identityOf(pdu) : {}) }
}

/** Objects 0, 1, 2 of a device identification (Modbus Application Protocol 1.1b3, 6.21). */
function identityOf(pdu: Uint8Array): Pick<UnitFound, 'vendor' | 'product' | 'revision'> {
  const names = ['vendor', 'product', 'revision'] as const
  const found: Pick<UnitFound, 'vendor' | 'product' | 'revision'> = {}
  for (let at = 7; at + 1 < pdu.length; ) {
    const name = names[pdu[at] ?? 255]
    const length = pdu[at + 1] ?? 0
    const text = Buffer.from(pdu.subarray(at + 2, at + 2 + length)).toString('latin1')
    if (name) found[name] = text
    at += 2 + length
  }
  return found
}

export interface ReaderFound {
  /** `held`: another client is connected, and so it does not say what it is. */
  state: 'free' | 'held' | 'refused'
  manufacturer?: number
  model?: number
  firmware?: string
  antennas?: number
}

const named = ({ manufacturer, model, firmware, antennas }: Capabilities) => ({
  manufacturer,
  model,
  firmware,
  antennas,
})

/** Looks at one reader: what to write next, and what was found in the end. The reader's settings are not touched. */
export class LlrpLook {
  readonly #framer = new Framer()
  /** Set when enough was heard. */
  found: ReaderFound | null = null
  /** Set when what answers is no LLRP reader. */
  wrong: string | null = null

  /** What came; gives what is to be said to it. */
  hear(chunk: Uint8Array): Uint8Array[] {
    try {
      return this.#framer.push(chunk).flatMap((frame) => this.#answer(frame))
    } catch (error) {
      if (!(error instanceof LlrpFormatError)) throw error
      this.wrong = error.message
      return []
    }
  }

  #answer(frame: Uint8Array): Uint8Array[] {
    const decoded = decodeMessage(frame)
    if (decoded.kind === 'malformed') this.wrong = decoded.why
    if (decoded.kind !== 'message' || this.found) return []
    const heard = decoded.message
    if (heard.name === 'GET_READER_CAPABILITIES_RESPONSE') {
      const caps = capabilitiesOf(heard)
      this.found = { state: 'free', ...(caps ? named(caps) : {}) }
      return [encodeMessage(message('CLOSE_CONNECTION', 2, {}))]
    }
    if (heard.name !== 'READER_EVENT_NOTIFICATION') return []
    const data = find(heard.params, 'ReaderEventNotificationData')?.params ?? []
    const status = find(data, 'ConnectionAttemptEvent')?.values.status
    if (status === undefined) return []
    if (status === 0)
      return [encodeMessage(message('GET_READER_CAPABILITIES', 1, { requested: 0 }))]
    this.found = { state: status === 1 || status === 2 ? 'held' : 'refused' }
    return []
  }
}
