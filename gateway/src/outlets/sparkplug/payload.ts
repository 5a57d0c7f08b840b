/** Sparkplug B payloads (Sparkplug 3.0, chapter 6.4; Tahu's sparkplug_b.proto). Pure. */
import { ProtoWriter, readFields } from './protobuf.ts'

/** Quality codes of the specification's `Quality` property. */
export const quality = { bad: 0, good: 192, stale: 500 } as const
export type Quality = keyof typeof quality

const types = { Int32: 3, Int64: 4, UInt64: 8, Double: 10, Boolean: 11, String: 12 } as const
export type MetricType = keyof typeof types

export interface Metric {
  /** In births; data names a metric by its alias alone. */
  readonly name?: string
  readonly alias?: number
  /** Wall milliseconds. */
  readonly timestamp: number
  readonly type: MetricType
  /** Null says that there is no value now. */
  readonly value: number | boolean | string | null
  readonly quality?: Quality
  readonly unit?: string
}

export interface Payload {
  readonly timestamp: number
  /** 0…255; a death certificate has none. */
  readonly seq?: number
  readonly metrics: readonly Metric[]
}

/** Property sets: names, and values in the same order. */
function properties(m: Metric): Uint8Array | null {
  const set = new ProtoWriter()
  if (m.quality) set.text(1, 'Quality')
  if (m.unit) set.text(1, 'engUnit')
  if (m.quality)
    set.message(2, new ProtoWriter().uint(1, types.Int32).uint(3, quality[m.quality]).bytes)
  if (m.unit) set.message(2, new ProtoWriter().uint(1, types.String).text(8, m.unit).bytes)
  return m.quality || m.unit ? set.bytes : null
}

function encodeMetric(m: Metric): Uint8Array {
  const out = new ProtoWriter()
  if (m.name !== undefined) out.text(1, m.name)
  if (m.alias !== undefined) out.uint(2, m.alias)
  out.uint(3, m.timestamp).uint(4, types[m.type])
  if (m.value === null) out.bool(7, true)
  const set = properties(m)
  if (set) out.message(9, set)
  if (typeof m.value === 'boolean') out.bool(14, m.value)
  else if (typeof m.value === 'string') out.text(15, m.value)
  else if (m.value !== null && m.type === 'Double') out.double(13, m.value)
  // Int32 goes as its two's complement in 32 bits.
  else if (m.value !== null && m.type === 'Int32') out.uint(10, m.value >>> 0)
  else if (m.value !== null) out.uint(11, m.value)
  return out.bytes
}

export function encodePayload(p: Payload): Uint8Array {
  const out = new ProtoWriter().uint(1, p.timestamp)
  for (const m of p.metrics) out.message(2, encodeMetric(m))
  if (p.seq !== undefined) out.uint(3, p.seq)
  return out.bytes
}

/** Names of the metrics of a command that are set to true; null where the bytes are no payload. */
export function namesSetTrue(bytes: Uint8Array): string[] | null {
  const fields = readFields(bytes)
  if (!fields) return null
  const names: string[] = []
  for (const { field, value } of fields) {
    if (field !== 2 || typeof value === 'bigint') continue
    const metric = readFields(value)
    if (!metric) return null
    const name = metric.find((f) => f.field === 1)?.value
    const on = metric.find((f) => f.field === 14)?.value
    if (on === 1n && name !== undefined && typeof name !== 'bigint')
      names.push(Buffer.from(name).toString('utf8'))
  }
  return names
}
