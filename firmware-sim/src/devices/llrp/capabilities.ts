/** What this reader says that it can do, from the tables of its brand. */
import { channelsKHz } from '../../world/radio.ts'
import type { Brand } from './brands.ts'
import type { ByteWriter } from './bytes.ts'

export interface ReaderModel {
  readonly brand: Brand
  readonly antennas: number
  readonly firmware: string
}

export function generalCapabilities(w: ByteWriter, r: ReaderModel, version: number): void {
  const canSetAntenna = 1 << 15
  const hasUtc = 1 << 14
  const { manufacturer, model, inputs, outputs } = r.brand
  w.tlv(137, (p) => {
    p.u16(r.antennas).u16(canSetAntenna | hasUtc)
    p.u32(manufacturer).u32(model).text(r.firmware)
    p.tlv(139, (s) => s.u16(1).u16(80))
    p.tlv(141, (s) => s.u16(inputs).u16(outputs))
    for (let a = 1; a <= r.antennas; a++) p.tlv(140, (s) => s.u16(a).u16(1).u8(1))
    // New in LLRP 1.1: the sensitivity that index 1 stands for, in dBm.
    if (version > 1) p.tlv(363, (s) => s.i16(-84))
  })
}

export function llrpCapabilities(w: ByteWriter, { holds, maxAccessSpecs }: Brand): void {
  const bufferWarning = 1 << 6
  const holding = 1 << 3
  const limits = { priority: 1, timeout: 0, rospecs: 4, specs: 4, inventory: 1, operations: 4 }
  w.tlv(142, (p) => {
    p.u8(bufferWarning | (holds ? holding : 0))
    p.u8(limits.priority).u16(limits.timeout)
    p.u32(limits.rospecs).u32(limits.specs).u32(limits.inventory)
    p.u32(maxAccessSpecs).u32(limits.operations)
  })
}

export function regulatoryCapabilities(w: ByteWriter, brand: Brand): void {
  const china = 156
  w.tlv(143, (p) => {
    p.u16(china).u16(0)
    p.tlv(144, (band) => {
      for (const { index, dbm } of brand.powers)
        band.tlv(145, (e) => e.u16(index).i16(Math.round(dbm * 100)))
      band.tlv(146, (f) => {
        f.u8(0x80)
        f.tlv(147, (t) => {
          t.u8(brand.hopTable).u8(0).u16(channelsKHz.length)
          for (const kHz of channelsKHz) t.u32(kHz)
        })
      })
      band.tlv(328, (t) => {
        for (const mode of brand.modes) t.tlv(329, (e) => rfMode(e, mode))
      })
    })
  })
}

/** Divide ratio 64/3, Miller 4, PR-ASK, dense mask; rates in bit/s, PIE ×1000, Tari in ns. */
function rfMode(e: ByteWriter, mode: number): void {
  e.u32(mode).u8(0x80).u8(2).u8(0).u8(3)
  e.u32(250_000).u32(1500).u32(20_000).u32(20_000).u32(0)
}

export const airProtocolCapabilities = (w: ByteWriter, version: number) => {
  const canXpc = 1 << 2
  w.tlv(327, (p) => p.u8(version > 1 ? canXpc : 0).u16(2))
}
