/** TagReportData (240) of what was read, with exactly the fields that the client asked for. */
import type { Read } from '../../world/radio.ts'
import { ByteWriter } from './bytes.ts'
import { impinj } from './messages.ts'
import type { AccessSpec, RoSpec } from './specs.ts'

export interface TagRead extends Read {
  readonly epc: string
  readonly tid: string | null
  readonly antenna: number
  /** Index in the hop table, from one. */
  readonly channel: number
  readonly firstUs: bigint
  readonly lastUs: bigint
  readonly count: number
}

/** Bits of TagReportContentSelector, from the top. */
const bit = {
  rospec: 15,
  specIndex: 14,
  inventorySpec: 13,
  antenna: 12,
  channel: 11,
  rssi: 10,
  first: 9,
  last: 8,
  count: 7,
  accessSpec: 6,
} as const
const tidBank = 2

export function reportBody(
  spec: RoSpec,
  reads: readonly TagRead[],
  access: AccessSpec | null,
): Buffer {
  const w = new ByteWriter()
  for (const r of reads) w.tlv(240, (p) => tagReport(p, spec, r, access))
  return w.done()
}

function tagReport(p: ByteWriter, spec: RoSpec, r: TagRead, access: AccessSpec | null): void {
  const has = (b: number) => (spec.report.content >> b) & 1
  const epc = Buffer.from(r.epc, 'hex')
  if (epc.length === 12) p.tv(13).bytes(epc)
  else p.tlv(241, (e) => e.u16(epc.length * 8).bytes(epc))
  if (has(bit.rospec)) p.tv(9).u32(spec.id)
  if (has(bit.specIndex)) p.tv(14).u16(1)
  if (has(bit.inventorySpec)) p.tv(10).u16(spec.inventorySpec)
  if (has(bit.antenna)) p.tv(1).u16(r.antenna)
  if (has(bit.rssi)) p.tv(6).i8(Math.max(-128, Math.round(r.rssiDbm)))
  if (has(bit.channel)) p.tv(7).u16(r.channel)
  if (has(bit.first)) p.tv(2).u64(r.firstUs)
  if (has(bit.last)) p.tv(4).u64(r.lastUs)
  if (has(bit.count)) p.tv(8).u16(Math.min(0xffff, r.count))
  if (spec.report.pc) p.tv(12).u16((epc.length / 2) << 11)
  if (spec.report.crc) p.tv(11).u16(epcCrc(epc))
  if (has(bit.accessSpec)) p.tv(16).u32(access?.id ?? 0)
  if (access?.read) readResult(p, access.read, r)
  if (spec.report.phase) p.custom(impinj, 56, (c) => c.u16(phaseSteps(r.phaseRad)))
  if (spec.report.fineRssi) p.custom(impinj, 57, (c) => c.i16(Math.round(r.rssiDbm * 100)))
  if (spec.report.tid && r.tid) {
    const tid = Buffer.from(r.tid, 'hex')
    p.custom(impinj, 55, (c) => c.u16(tid.length / 2).bytes(tid))
  }
}

const phaseSteps = (rad: number) => Math.round((rad / (2 * Math.PI)) * 4096) & 0xfff

/** C1G2ReadOpSpecResult: 0 ok, 3 "no response from tag", 4 for memory that is not there. */
function readResult(p: ByteWriter, read: NonNullable<AccessSpec['read']>, r: TagRead): void {
  const memory = read.bank === tidBank && r.tid ? Buffer.from(r.tid, 'hex') : Buffer.alloc(0)
  const data = memory.subarray(read.pointer * 2, (read.pointer + read.words) * 2)
  const ok = data.length === read.words * 2 && data.length > 0
  const words = ok ? data : Buffer.alloc(0)
  p.tlv(349, (o) => {
    o.u8(ok ? 0 : 4)
      .u16(read.opSpec)
      .u16(words.length / 2)
      .bytes(words)
  })
}

/** CRC-16 of Gen2 (CCITT, start FFFF, inverted) over PC and EPC. */
function epcCrc(epc: Buffer): number {
  const pc = Buffer.alloc(2)
  pc.writeUInt16BE((epc.length / 2) << 11)
  let crc = 0xffff
  for (const byte of Buffer.concat([pc, epc])) {
    crc ^= byte << 8
    for (let i = 0; i < 8; i++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  }
  return ~crc & 0xffff
}

/** Folds reads of one tag at one antenna: highest RSSI, first and last time, count. */
export function fold(into: Map<string, TagRead>, r: TagRead): void {
  const key = `${r.epc}/${r.antenna}`
  const old = into.get(key)
  into.set(
    key,
    old
      ? {
          ...old,
          rssiDbm: Math.max(old.rssiDbm, r.rssiDbm),
          lastUs: r.lastUs,
          count: old.count + r.count,
        }
      : r,
  )
}
