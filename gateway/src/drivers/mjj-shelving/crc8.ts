/** A CRC of eight bits in the usual parameters (Williams); which of them an MJJ controller uses is not known. Pure. */
export interface Crc8 {
  poly: number
  init: number
  reflectIn: boolean
  reflectOut: boolean
  xorOut: number
}

const reflect = (byte: number): number => {
  let out = 0
  for (let n = 0; n < 8; n++) if (byte & (1 << n)) out |= 0x80 >> n
  return out
}

export function crc8(bytes: Uint8Array, c: Crc8): number {
  let crc = c.init
  for (const byte of bytes) {
    crc ^= c.reflectIn ? reflect(byte) : byte
    for (let n = 0; n < 8; n++) crc = crc & 0x80 ? ((crc << 1) ^ c.poly) & 0xff : crc << 1
  }
  return (c.reflectOut ? reflect(crc) : crc) ^ c.xorOut
}

const plain = { reflectIn: false, reflectOut: false, xorOut: 0 }
const mirrored = { reflectIn: true, reflectOut: true, xorOut: 0 }
/** Those in common use, so that a capture can tell which one fits. */
export const knownCrcs: Readonly<Record<string, Crc8>> = {
  'CRC-8/SMBUS': { poly: 0x07, init: 0, ...plain },
  'CRC-8/ROHC': { poly: 0x07, init: 0xff, ...mirrored },
  'CRC-8/I-432-1': { poly: 0x07, init: 0, ...plain, xorOut: 0x55 },
  'CRC-8/MAXIM-DOW': { poly: 0x31, init: 0, ...mirrored },
  'CRC-8/NRSC-5': { poly: 0x31, init: 0xff, ...plain },
  'CRC-8/CDMA2000': { poly: 0x9b, init: 0xff, ...plain },
  'CRC-8/SAE-J1850': { poly: 0x1d, init: 0xff, ...plain, xorOut: 0xff },
  'CRC-8/DVB-S2': { poly: 0xd5, init: 0, ...plain },
}
