/** A client's side of LLRP for tests: the messages it sends, and a plain look at what comes back. */
import type { Brand } from '../devices/llrp/brands.ts'
import { ByteWriter } from '../devices/llrp/bytes.ts'
import { encodeMessage, impinj, type Message, m } from '../devices/llrp/messages.ts'

export interface SpecWish {
  id?: number
  antennas?: number[]
  hopTable?: number
  mode?: number
  power?: number
  session?: number
  /** Report after this many tags; 0 at the end of the round. */
  n?: number
  /** Rounds of this length instead of reading for ever. */
  roundMs?: number
  /** Rounds by the clock, which end when no new tag came for `quietMs`, at the latest after `timeoutMs`. */
  periodic?: { offsetMs: number; periodMs: number; quietMs: number; timeoutMs: number }
  /** Impinj: phase and fine RSSI. */
  phase?: boolean
  /** Impinj: serialised TID. */
  tid?: boolean
  content?: number
}

/** A wish that fits this brand's tables. */
export const tablesOf = ({ hopTable, modes, powers }: Brand): SpecWish => ({
  hopTable,
  mode: modes[0] ?? 0,
  power: powers.at(-1)?.index ?? 0,
})

export function addRospec(wish: SpecWish = {}): Buffer {
  const w = new ByteWriter().tlv(177, (spec) => {
    spec
      .u32(wish.id ?? 7)
      .u8(0)
      .u8(0)
    spec.tlv(178, (b) => {
      b.tlv(179, (s) => startTrigger(s, wish))
      b.tlv(182, (s) => s.u8(0).u32(0))
    })
    spec.tlv(183, (ai) => aiSpec(ai, wish))
    spec.tlv(237, (r) => reportSpec(r, wish))
  })
  return encodeMessage(m.addRospec, 20, w.done())
}

function startTrigger(s: ByteWriter, { periodic }: SpecWish): void {
  s.u8(periodic ? 2 : 1)
  if (periodic) s.tlv(180, (p) => p.u32(periodic.offsetMs).u32(periodic.periodMs))
}

function stopTrigger(s: ByteWriter, { periodic, roundMs }: SpecWish): void {
  if (!periodic) s.u8(roundMs ? 1 : 0).u32(roundMs ?? 0)
  else {
    const { quietMs, timeoutMs } = periodic
    s.u8(3).u32(0)
    s.tlv(185, (o) => o.u8(1).u8(0).u16(0).u16(0).u16(quietMs).u32(timeoutMs))
  }
}

function aiSpec(ai: ByteWriter, wish: SpecWish): void {
  const antennas = wish.antennas ?? [0]
  ai.u16(antennas.length)
  for (const a of antennas) ai.u16(a)
  ai.tlv(184, (s) => stopTrigger(s, wish))
  ai.tlv(186, (i) => {
    i.u16(3).u8(1)
    i.tlv(222, (c) => {
      c.u16(0)
      c.tlv(224, (t) =>
        t
          .u16(wish.hopTable ?? 2)
          .u16(1)
          .u16(wish.power ?? 81),
      )
      c.tlv(330, (g) => {
        g.u8(0)
        g.tlv(335, (f) => f.u16(wish.mode ?? 1000).u16(0))
        g.tlv(336, (s) =>
          s
            .u8((wish.session ?? 0) << 6)
            .u16(32)
            .u32(0),
        )
      })
    })
  })
}

function reportSpec(r: ByteWriter, wish: SpecWish): void {
  r.u8(2).u16(wish.n ?? 1)
  r.tlv(238, (c) => {
    c.u16(wish.content ?? 0xffc0)
    c.tlv(348, (e) => e.u8(0x40))
  })
  const vendor = [...(wish.tid ? [51] : []), ...(wish.phase ? [52, 53] : [])]
  if (vendor.length === 0) return
  r.custom(impinj, 50, (c) => {
    for (const subtype of vendor) c.custom(impinj, subtype, (s) => s.u16(1))
  })
}

/** A message whose body is one ROSpec or AccessSpec id. */
export const withId = (type: number, id: number): Buffer =>
  encodeMessage(type, 30, new ByteWriter().u32(id).done())

export const enableExtensions = (): Buffer =>
  encodeMessage(m.custom, 31, new ByteWriter().u32(impinj).u8(21).u32(0).done())

/** `notices`: the types of event that are wanted. */
export const setConfig = (
  keepaliveMs: number,
  hold: boolean,
  notices: readonly number[] = [],
): Buffer =>
  encodeMessage(
    m.setConfig,
    32,
    new ByteWriter()
      .u8(0)
      .tlv(244, (spec) => {
        for (const type of notices) spec.tlv(245, (p) => p.u16(type).u8(0x80))
      })
      .tlv(220, (p) => p.u8(keepaliveMs > 0 ? 1 : 0).u32(keepaliveMs))
      .tlv(226, (p) => p.u8(hold ? 0x80 : 0))
      .done(),
  )

export const getCapabilities = (): Buffer => encodeMessage(m.getCapabilities, 33, Buffer.from([0]))
export const plain = (type: number): Buffer => encodeMessage(type, 34)

/** Status code of a response: LLRPStatus is its first parameter. */
export function statusOf(message: Message): number {
  const at = message.type === m.custom ? 5 : 0
  if (message.body.readUInt16BE(at) !== 287) throw new Error('no LLRPStatus')
  return message.body.readUInt16BE(at + 4)
}

/** EPC and antenna of each tag of a report, found by their TV types (13 and 1). */
export function tagsOf(message: Message): { epc: string; antenna: number }[] {
  const tags: { epc: string; antenna: number }[] = []
  let at = 0
  while (at < message.body.length) {
    const length = message.body.readUInt16BE(at + 2)
    const tag = message.body.subarray(at + 4, at + length)
    if (tag[0] !== 0x8d) throw new Error('EPC-96 expected first')
    const epc = tag.subarray(1, 13).toString('hex').toUpperCase()
    tags.push({ epc, antenna: antennaOf(tag.subarray(13)) })
    at += length
  }
  return tags
}

/** Fields before the antenna: ROSpecID (9, u32), SpecIndex (14, u16), InventorySpecID (10, u16). */
function antennaOf(fields: Buffer): number {
  const size: Record<number, number> = { 9: 4, 14: 2, 10: 2 }
  let at = 0
  while (at < fields.length) {
    const type = (fields[at] as number) & 0x7f
    if (type === 1) return fields.readUInt16BE(at + 1)
    at += 1 + (size[type] ?? fields.length)
  }
  return 0
}
