import type { InputReport } from '../driver.ts'
import type { Point, Profile } from './profile.ts'
import { widthOf } from './profile.ts'

/** What the device said at one point. */
export type PointValue =
  | { kind: 'value'; value: number }
  /** Its own word for a broken sensor. */
  | { kind: 'sentinel' }
  /** Outside our plausible limits: not a reading. `value` is for the log. */
  | { kind: 'implausible'; value: number }
  | { kind: 'absent' }

/** Reads one point from the registers of its block. Pure. `shift` moves it, for one of a row of columns. */
export function readPoint(point: Point, registers: readonly number[], shift = 0): PointValue {
  const words = registers.slice(point.at + shift, point.at + shift + widthOf(point.type))
  if (words.length < widthOf(point.type)) return { kind: 'absent' }
  if (point.type === 'bit') {
    const on = (((words[0] ?? 0) >> (point.bit ?? 0)) & 1) === 1
    return { kind: 'value', value: Number(on !== (point.activeLow ?? false)) }
  }
  const raw = rawValue(point, words)
  if (point.sentinel?.includes(raw) || Number.isNaN(raw)) return { kind: 'sentinel' }
  const value = scaled(raw, point.scale ?? 1)
  const [low, high] = point.plausible ?? []
  const within = (low === undefined || value >= low) && (high === undefined || value <= high)
  return within ? { kind: 'value', value } : { kind: 'implausible', value }
}

/** 215 × 0.1 is 21.5, not 21.500000000000004. */
const scaled = (raw: number, scale: number): number =>
  scale === 1 ? raw : Number((raw * scale).toPrecision(12))

function rawValue(point: Point, words: number[]): number {
  const bytes = words.flatMap((w) => [w >> 8, w & 0xff])
  const order = point.order ?? 'ABCD'.slice(0, bytes.length)
  const view = new DataView(new ArrayBuffer(4))
  // `CDAB`: the first byte on the wire is byte C, the third most significant.
  bytes.forEach((byte, i) => {
    view.setUint8('ABCD'.indexOf(order[i] ?? 'A'), byte)
  })
  switch (point.type) {
    case 'int16':
      return view.getInt16(0)
    case 'uint16':
    case 'bit':
      return view.getUint16(0)
    case 'int32':
      return view.getInt32(0)
    case 'uint32':
      return view.getUint32(0)
    case 'float32':
      return view.getFloat32(0)
  }
}

/** The point of that key; null where the profile does not have it. */
export const pointOf = (profile: Profile, key: string): Point | null =>
  profile.points.find((p) => p.key === key) ?? null

/** What a contact point says. What is not there, broken, implausible or not in the map is unknown, never clear. */
export function readState(point: Point, values: readonly number[]): InputReport {
  const read = readPoint(point, values)
  if (read.kind !== 'value') return 'unknown'
  if (point.enum) return point.enum[String(read.value)] ?? 'unknown'
  return read.value >= (point.activeFrom ?? 1) ? 'active' : 'clear'
}
