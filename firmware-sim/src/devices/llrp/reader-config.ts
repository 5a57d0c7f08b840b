/** GET_READER_CONFIG: what the reader is set to, part by part or all. */
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { ReaderModel } from './capabilities.ts'
import { BadField } from './specs.ts'

const readerMac = Buffer.from('0016250000000001', 'hex')
const last = 11
const inputLow = 0

export interface ReaderState {
  readonly model: ReaderModel
  readonly outputs: readonly boolean[]
  readonly rospecs: number
  readonly keepaliveMs: number
  readonly holds: boolean
}

/** Antenna, input and output 0 are all of them. */
export function readConfig(w: ByteWriter, b: ByteReader, state: ReaderState): void {
  const [antenna, requested, input, output] = [b.u16(), b.u8(), b.u16(), b.u16()]
  if (requested > last) throw new BadField(`RequestedData ${requested}`)
  const wants = (n: number) => requested === 0 || requested === n
  const { model, outputs, rospecs, keepaliveMs, holds } = state
  const ports = (count: number, only: number) =>
    Array.from({ length: count }, (_, i) => i + 1).filter((n) => only === 0 || n === only)
  if (wants(1)) w.tlv(218, (p) => p.u8(0).u16(8).bytes(readerMac))
  if (wants(2))
    for (const a of ports(model.antennas, antenna)) w.tlv(221, (p) => p.u8(0x80).u16(a).i16(600))
  if (wants(7)) w.tlv(217, (p) => p.u32(rospecs))
  if (wants(8)) w.tlv(220, (p) => p.u8(keepaliveMs > 0 ? 1 : 0).u32(keepaliveMs))
  if (wants(9))
    for (const n of ports(model.brand.inputs, input))
      w.tlv(225, (p) => p.u16(n).u8(0x80).u8(inputLow))
  if (wants(10))
    for (const n of ports(outputs.length, output))
      w.tlv(219, (p) => p.u16(n).u8(outputs[n - 1] ? 0x80 : 0))
  if (wants(11)) w.tlv(226, (p) => p.u8(holds ? 0x80 : 0))
}

/** ReaderEventNotificationSpec (244): which types of event the client wants, and which no more. */
export const readNotices = (spec: ByteReader): { type: number; on: boolean }[] =>
  spec
    .parameters()
    .filter((p) => p.type === 245)
    .map(({ body }) => ({ type: body.u16(), on: (body.u8() & 0x80) !== 0 }))
