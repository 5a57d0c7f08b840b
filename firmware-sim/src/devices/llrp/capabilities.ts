/**
 * What this reader can do. Ids are deliberately not 0, 1, 2…: a client that uses constants instead of these
 * tables fails here as it does on some real readers (sllurp/sllurp#118).
 */
import { channelsKHz } from '../../world/radio.ts'
import type { ByteWriter } from './bytes.ts'
import { impinj } from './messages.ts'

export const hopTableId = 2
/** Index 1 is 10 dBm, each further one 0.25 dB more. */
export const powerTable = Array.from({ length: 81 }, (_, i) => ({ index: i + 1, dbm: 10 + i / 4 }))
export const rfModes = [1000, 1002, 4] as const

export interface ReaderModel {
  readonly antennas: number
  readonly model: number
  readonly firmware: string
}

export function generalCapabilities(w: ByteWriter, r: ReaderModel): void {
  const canSetAntenna = 1 << 15
  const hasUtc = 1 << 14
  w.tlv(137, (p) => {
    p.u16(r.antennas).u16(canSetAntenna | hasUtc)
    p.u32(impinj).u32(r.model).text(r.firmware)
    p.tlv(139, (s) => s.u16(1).u16(80))
    p.tlv(141, (s) => s.u16(4).u16(4))
    for (let a = 1; a <= r.antennas; a++) p.tlv(140, (s) => s.u16(a).u16(1).u8(1))
  })
}

export function llrpCapabilities(w: ByteWriter): void {
  const bufferWarning = 1 << 6
  const holding = 1 << 3
  w.tlv(142, (p) =>
    p
      .u8(bufferWarning | holding)
      .u8(1)
      .u16(0)
      .u32(4)
      .u32(4)
      .u32(1)
      .u32(8)
      .u32(4),
  )
}

export function regulatoryCapabilities(w: ByteWriter): void {
  const china = 156
  w.tlv(143, (p) => {
    p.u16(china).u16(0)
    p.tlv(144, (band) => {
      for (const { index, dbm } of powerTable) band.tlv(145, (e) => e.u16(index).i16(dbm * 100))
      band.tlv(146, (f) => {
        f.u8(0x80)
        f.tlv(147, (t) => {
          t.u8(hopTableId).u8(0).u16(channelsKHz.length)
          for (const kHz of channelsKHz) t.u32(kHz)
        })
      })
      band.tlv(328, (t) => {
        for (const mode of rfModes) t.tlv(329, (e) => rfMode(e, mode))
      })
    })
  })
}

/** Divide ratio 64/3, Miller 4, PR-ASK, dense mask; rates in bit/s, PIE ×1000, Tari in ns. */
function rfMode(e: ByteWriter, mode: number): void {
  e.u32(mode).u8(0x80).u8(2).u8(0).u8(3)
  e.u32(250_000).u32(1500).u32(20_000).u32(20_000).u32(0)
}

export const airProtocolCapabilities = (w: ByteWriter) => {
  w.tlv(327, (p) => p.u8(0).u16(2))
}
