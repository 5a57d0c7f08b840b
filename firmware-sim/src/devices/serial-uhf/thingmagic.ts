/** ThingMagic M6e: `FF length opcode [status] data CRC`. */
import { type Speech, tagCrc, type Wish, word } from './speech.ts'

/**
 * The register of the module starts at FFFF and takes the message bit by bit at its low end, so that the last two
 * bytes never pass through: no CRC-CCITT of a textbook.
 */
function crc(bytes: readonly number[]): number {
  let register = 0xffff
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      const out = register & 0x8000
      register = ((register << 1) & 0xffff) | ((byte >> bit) & 1)
      if (out) register ^= 0x1021
    }
  return register
}

function reply(opcode: number, status: number, data: readonly number[] = []): Buffer {
  const body = [data.length, opcode, ...word(status), ...data]
  return Buffer.from([0xff, ...body, ...word(crc(body))])
}

function wish(opcode: number, data: Buffer): Wish {
  switch (opcode) {
    case 0x03:
      return { does: 'version' }
    case 0x2f:
      return { does: data[2] === 0x02 ? 'stop' : 'start' }
    case 0x97:
      return { does: 'region', region: data.toString('hex') }
    case 0x92:
      return { does: 'power', dbm: data.readUInt16BE(0) / 100 }
    case 0x91:
      return { does: 'antenna', antenna: data.length === 2 ? (data[0] as number) : (data[1] ?? 1) }
    default:
      return { does: 'other' }
  }
}
const version = [0x14, 0x12, 0x08, 0x00, 0x30, 0x00, 0x00, 0x02, 0x20, 0x16, 0x10, 0x03]
const versionRest = [0x01, 0x0b, 0x01, 0x7d, 0x00, 0x00, 0x00, 0x10]
const metadata = [0x10, 0x00, 0x1b, 0x01, 0xff, 0x01, 0x01]

export const thingmagic: Speech = {
  baud: 115_200,
  maxDbm: 31.5,
  listen(bytes) {
    const start = bytes.indexOf(0xff)
    if (start < 0) return bytes.length > 0 ? { used: bytes.length, order: null } : null
    if (bytes.length < start + 3) return null
    const end = start + 5 + (bytes[start + 1] as number)
    if (bytes.length < end) return null
    const whole = bytes.subarray(start, end)
    if (crc([...whole.subarray(1, -2)]) !== whole.readUInt16BE(whole.length - 2))
      return { used: start + 1, order: null }
    const code = whole[2] as number
    return { used: end, order: { code, wish: wish(code, whole.subarray(3, -2)) } }
  },
  done: ({ code, wish: w }) =>
    reply(code, 0, w.does === 'version' ? [...version, ...versionRest] : []),
  refused: ({ code }) => reply(code, 0x0105),
  tag({ epc, pc, rssiDbm, antenna, kHz }) {
    const heard = Buffer.from([...word(pc), ...epc])
    const frequency = [kHz >> 16, ...word(kHz & 0xffff)]
    return reply(0x22, 0, [
      ...metadata,
      Math.round(rssiDbm) & 0xff,
      (antenna << 4) | antenna,
      ...frequency,
      ...[0, 0, 0x01, 0x27],
      ...[0, 0],
      0x05,
      ...[0, 0],
      0x0f,
      ...word((heard.length + 2) * 8),
      ...heard,
      ...word(tagCrc(heard)),
    ])
  },
  nothing: () => reply(0x22, 0x0400),
  roundEnd: () => Buffer.alloc(0),
  greeting: () => Buffer.alloc(0),
}
