/** Tag identification memory: who made the chip. Source: EPC Gen2 and GS1 TDS, as in devices 4. */
import { isHex, toBits } from './bits.ts'

export interface Tid {
  /** Mask designer of the GS1 registry, 9 bits. */
  maker: number
  /** Null for makers that we are not sure of. */
  makerName: string | null
  /** Model number of that maker, 12 bits. */
  model: number
  /** An extended header follows, by which the length of the serial number is known. */
  extended: boolean
  security: boolean
  file: boolean
  /** Serial number as hex; null where the header promises none, or not all of it was read. */
  serial: string | null
}

const gs1Class = 'E2'
const makers: Readonly<Record<number, string>> = { 1: 'Impinj', 3: 'Alien', 6: 'NXP' }
const serialAt = 12
const shortestDigits = 8

/** Null when it is no TID of class E2. The text stays what was read; a TID can be cloned and proves nothing. */
export function parseTid(text: string): Tid | null {
  if (!isHex(text) || text.length < shortestDigits || text.length % 4 !== 0) return null
  const hex = text.toUpperCase()
  if (!hex.startsWith(gs1Class)) return null
  const head = Number(toBits(hex.slice(2, shortestDigits)))
  const bit = (n: number) => ((head >> n) & 1) === 1
  const maker = (head >> 12) & 0x1ff
  const extended = bit(23)
  return {
    maker,
    makerName: makers[maker] ?? null,
    model: head & 0xfff,
    extended,
    security: bit(22),
    file: bit(21),
    serial: extended ? serialOf(hex) : null,
  }
}

/** The header's first three bits: 0 for no serial number, else 48 bits and 16 for each further one. */
function serialOf(hex: string): string | null {
  if (hex.length < serialAt) return null
  const size = Number(toBits(hex.slice(shortestDigits, serialAt))) >> 13
  if (size === 0) return null
  const digits = (48 + 16 * (size - 1)) / 4
  const serial = hex.slice(serialAt, serialAt + digits)
  return serial.length === digits ? serial : null
}
