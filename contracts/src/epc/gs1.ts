/** Strict reading and writing of the 96-bit schemes: what is not exactly right is `raw`, kept and never guessed. */
import { BitReader, BitWriter, isHex, toBits, toHex } from './bits.ts'
import { fitsPc, type Pc } from './pc.ts'
import {
  filterBits,
  gidParts,
  headers,
  leftRaw,
  longestPrefix,
  type Part,
  partitionBits,
  partsOf,
  type Scheme,
  schemeOf,
} from './schemes.ts'

/** An EPC in its parts, in the order of its URI: prefix, reference, serial; for GID manager, class, serial. */
export interface Epc96 {
  scheme: Scheme
  /** 0…7; null for GID, which has none. */
  filter: number | null
  /** Decimal digits; empty where the partition leaves none. */
  parts: readonly string[]
}

export type RawReason =
  /** Not hex, or no whole number of 16-bit words. */
  | 'not-hex'
  /** Not as long as its PC word says. */
  | 'pc-length'
  /** Its PC word says that it is not GS1's. */
  | 'not-gs1'
  /** A header that the standard assigns to a scheme that we do not read; `scheme` names it. */
  | 'scheme-left-raw'
  | 'unknown-header'
  /** Not as long as its scheme. */
  | 'scheme-length'
  | 'partition'
  /** More digits than the partition allows, or a reference where there is no room for one. */
  | 'range'

export type Gs1Reading =
  | { ok: true; epc: Epc96 }
  | { ok: false; reason: RawReason; scheme: string | null }

const hexDigits = 24
const bitCount = 96
const headerBits = 8

/** Reads an EPC; `pc` where the reader gave it. */
export function readGs1(text: string, pc: Pc | null = null): Gs1Reading {
  const raw = (reason: RawReason, scheme: string | null = null): Gs1Reading => ({
    ok: false,
    reason,
    scheme,
  })
  if (!isHex(text) || text.length % 4 !== 0) return raw('not-hex')
  if (pc && !fitsPc(text, pc)) return raw('pc-length')
  if (pc?.notGs1) return raw('not-gs1')
  const header = Number(toBits(text.slice(0, 2)))
  const known = leftRaw.get(header)
  if (known !== undefined) return raw('scheme-left-raw', known)
  const scheme = schemeOf.get(header)
  if (!scheme) return raw('unknown-header')
  if (text.length !== hexDigits) return raw('scheme-length', scheme)
  const read = fieldsOf(scheme, text)
  if (typeof read === 'string') return raw(read, scheme)
  // The last word: what we understood must be all that was there.
  return encodeEpc(read) === text.toUpperCase() ? { ok: true, epc: read } : raw('range', scheme)
}

function fieldsOf(scheme: Scheme, text: string): Epc96 | 'partition' | 'range' {
  const r = new BitReader(toBits(text), bitCount)
  r.take(headerBits)
  const filter = scheme === 'gid-96' ? null : Number(r.take(filterBits))
  const shape = scheme === 'gid-96' ? gidParts : partsOf(scheme, Number(r.take(partitionBits)))
  if (!shape) return 'partition'
  const parts: string[] = []
  for (const { bits, digits } of shape) {
    const value = r.take(bits)
    if (digits !== null && value >= 10n ** BigInt(digits)) return 'range'
    parts.push(digits === 0 ? '' : value.toString().padStart(digits ?? 1, '0'))
  }
  return { scheme, filter, parts }
}

/** The EPC as 24 hex digits. A part that its scheme does not allow is a RangeError that names it. */
export function encodeEpc({ scheme, filter, parts }: Epc96): string {
  const w = new BitWriter().put(BigInt(headers[scheme]), headerBits)
  const shape = scheme === 'gid-96' ? gidParts : begin(w, scheme, filter, parts[0] ?? '')
  if (scheme === 'gid-96' && filter !== null) throw new RangeError('filter: GID has none')
  if (parts.length !== shape.length) throw new RangeError(`${scheme} has ${shape.length} parts`)
  for (const [i, part] of shape.entries()) w.put(numberOf(part, parts[i] ?? ''), part.bits)
  return toHex(w.bits, hexDigits)
}

function begin(
  w: BitWriter,
  scheme: Exclude<Scheme, 'gid-96'>,
  filter: number | null,
  prefix: string,
): readonly Part[] {
  const partition = longestPrefix - prefix.length
  const shape = partsOf(scheme, partition)
  if (!shape) throw new RangeError(`company prefix: ${prefix.length} digits, not 6 to 12`)
  if (filter === null || !Number.isInteger(filter) || filter < 0 || filter > 7)
    throw new RangeError(`filter: ${filter} is not 0 to 7`)
  w.put(BigInt(filter), filterBits).put(BigInt(partition), partitionBits)
  return shape
}

function numberOf({ name, bits, digits }: Part, text: string): bigint {
  const fits =
    digits === null
      ? /^(0|[1-9][0-9]*)$/.test(text)
      : /^[0-9]*$/.test(text) && text.length === digits
  if (!fits) throw new RangeError(`${name}: "${text}" is not ${digits ?? 'a number of'} digits`)
  const value = text === '' ? 0n : BigInt(text)
  if (value >> BigInt(bits)) throw new RangeError(`${name}: ${text} does not fit into ${bits} bits`)
  return value
}

const joined = (e: Epc96) => e.parts.join('.')
/** `urn:epc:id:giai:952000000019.1000001`: which thing it is. */
export const idUri = (e: Epc96): string => `urn:epc:id:${e.scheme.slice(0, -3)}:${joined(e)}`
/** `urn:epc:tag:giai-96:0.952000000019.1000001`: what is on its tag. */
export const tagUri = (e: Epc96): string =>
  `urn:epc:tag:${e.scheme}:${e.filter === null ? '' : `${e.filter}.`}${joined(e)}`
