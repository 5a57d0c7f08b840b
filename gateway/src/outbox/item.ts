import { crc32 } from 'node:zlib'
import type { FactBody, Lane } from '@lantai/contracts'

/** The wire item: `seq` and `prev` as decimal strings, so that no digit is lost above 2^53 (D5). */
export const itemText = (seq: bigint, prev: bigint, rest: string): string =>
  `{"seq":"${seq}","prev":"${prev}",${rest.slice(1)}`

const head = /^\{"seq":"(\d+)","prev":"(\d+)",/

/** The same item behind another predecessor, for when records between them were dropped with a gap. */
export const withPrev = (item: string, prev: bigint): string =>
  item.replace(head, (_all, seq: string) => `{"seq":"${seq}","prev":"${prev}",`)

/** The same item under another number, for a new epoch. */
export const restOf = (item: string): string => `{${item.replace(head, '')}`

/** CRC-32 of the stored text (D11). */
export const checksum = (item: string): number => crc32(item)

export interface GapStamp {
  nowMs: number
  boot: string
  monoUs: number
  clock: string
}

/** The record that states a loss (reliability 2.5), without its numbers. */
export const gapRest = (stamp: GapStamp, body: FactBody<'lantai.gap.v1'>): string =>
  JSON.stringify({
    type: 'lantai.gap.v1',
    subject: body.lane,
    time: new Date(stamp.nowMs).toISOString(),
    boot: stamp.boot,
    mono: stamp.monoUs,
    clock: stamp.clock,
    data: body,
  })

export const gapOf = (
  lane: Lane,
  rows: { seq: bigint; at: bigint }[],
  reason: FactBody<'lantai.gap.v1'>['reason'],
): FactBody<'lantai.gap.v1'> => {
  const times = rows.map((r) => Number(r.at))
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    lane,
    firstSeq: rows[0] ? String(rows[0].seq) : null,
    lastSeq: String(rows.at(-1)?.seq ?? '') || null,
    from: times.length > 0 ? iso(times.reduce((a, b) => Math.min(a, b))) : null,
    to: times.length > 0 ? iso(times.reduce((a, b) => Math.max(a, b))) : null,
    count: rows.length,
    reason,
    device: null,
  }
}
