/**
 * `55 LEN TYPE ZONE COL CMD DATA… CRC8 68`, LEN counting itself to the last of DATA; several frames may share a
 * datagram. As the public code of two archive platforms reads them. Pure.
 */
import { type Crc8, crc8 } from './crc8.ts'

export const head = 0x55
export const tail = 0x68
/** LEN, TYPE, ZONE, COL, CMD. */
const leastLength = 5
/** HEAD, CRC and TAIL stand around what LEN counts. */
const around = 3

export const commands = {
  openFixedLeft: 0x81,
  openFixedRight: 0x82,
  close: 0x84,
  ventilate: 0x8f,
  finished: 0x8b,
  moving: 0x8c,
  alarm: 0x89,
  climate: 0x0e,
} as const
export const commandName = (code: number): string | null =>
  Object.entries(commands).find(([, c]) => c === code)?.[0] ?? null

/** Where a column stands, as its controller reports. */
export const columnStates = ['both', 'right', 'left', 'neither', 'locked'] as const
export type ColumnState = (typeof columnStates)[number]

export interface Frame {
  type: number
  zone: number
  column: number
  command: number
  data: Uint8Array
}

export type Found =
  | { offset: number; length: number; frame: Frame; crc: number; covered: Uint8Array }
  | { offset: number; length: number; error: string }

export function encodeFrame(f: Frame, crc: Crc8): Uint8Array {
  const covered = Uint8Array.of(
    leastLength + f.data.length,
    f.type,
    f.zone,
    f.column,
    f.command,
    ...f.data,
  )
  return Uint8Array.of(head, ...covered, crc8(covered, crc), tail)
}

/** Everything in one datagram, whatever its check says; what is no frame is skipped up to the next 55. */
export function framesOf(bytes: Uint8Array): Found[] {
  const found: Found[] = []
  let skippedFrom = -1
  let at = 0
  const skipped = () => {
    if (skippedFrom >= 0) found.push(gap(bytes, skippedFrom, at))
    skippedFrom = -1
  }
  while (at < bytes.length) {
    const length = frameLength(bytes, at)
    if (length === null) {
      if (skippedFrom < 0) skippedFrom = at
      at += 1
      continue
    }
    skipped()
    found.push({ offset: at, length, ...read(bytes.subarray(at, at + length)) })
    at += length
  }
  skipped()
  return found
}

/** Length of the whole frame that begins at `at`; null when none does. */
function frameLength(bytes: Uint8Array, at: number): number | null {
  const counted = bytes[at + 1]
  if (bytes[at] !== head || counted === undefined || counted < leastLength) return null
  const length = counted + around
  return bytes[at + length - 1] === tail ? length : null
}

function read(bytes: Uint8Array) {
  const at = (i: number) => bytes[i] ?? 0
  const data = bytes.subarray(6, bytes.length - 2)
  const frame: Frame = { type: at(2), zone: at(3), column: at(4), command: at(5), data }
  return { frame, crc: at(bytes.length - 2), covered: bytes.subarray(1, bytes.length - 2) }
}

function gap(bytes: Uint8Array, from: number, to: number): Found {
  const counted = bytes[from + 1]
  const open =
    counted === undefined || (counted >= leastLength && from + counted + around > bytes.length)
  const half = bytes[from] === head && open
  return { offset: from, length: to - from, error: half ? 'half a frame' : 'no frame begins here' }
}
