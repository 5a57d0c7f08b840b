/** Invelion R2000: `A0 length address command data check`. */
import { type Speech, type Wish, word } from './speech.ts'

/** All bytes of a frame together make 0 modulo 256. */
const isWhole = (bytes: Buffer) => (bytes.reduce((a, b) => a + b, 0) & 0xff) === 0
function frame(command: number, data: readonly number[]): Buffer {
  const body = [0xa0, data.length + 3, 0x01, command, ...data]
  return Buffer.from([...body, (256 - (body.reduce((a, b) => a + b, 0) & 0xff)) & 0xff])
}

function wish(command: number, data: Buffer): Wish {
  switch (command) {
    case 0x72:
      return { does: 'version' }
    case 0x78:
      return { does: 'region', region: data.toString('hex') }
    case 0x66:
      return { does: 'power', dbm: data[0] as number }
    case 0x74:
      return { does: 'antenna', antenna: (data[0] as number) + 1 }
    case 0x89:
      return { does: 'round' }
    default:
      return { does: 'other' }
  }
}
const firstKHz = 920_125

export const invelion: Speech = {
  baud: 115_200,
  maxDbm: 33,
  listen(bytes) {
    const start = bytes.indexOf(0xa0)
    if (start < 0) return bytes.length > 0 ? { used: bytes.length, order: null } : null
    if (bytes.length < start + 2) return null
    const end = start + 2 + (bytes[start + 1] as number)
    if (bytes.length < end) return null
    const whole = bytes.subarray(start, end)
    if (whole.length < 5 || !isWhole(whole)) return { used: start + 1, order: null }
    const code = whole[3] as number
    return { used: end, order: { code, wish: wish(code, whole.subarray(4, -1)) } }
  },
  done: ({ code, wish: w }) => frame(code, w.does === 'version' ? [8, 2] : [0x10]),
  refused: ({ code }) => frame(code, [0x48]),
  tag({ epc, pc, rssiDbm, antenna, kHz }) {
    const channel = Math.round((kHz - firstKHz) / 500) & 0x3f
    const rssi = Math.max(0, Math.round(rssiDbm) + 129)
    return frame(0x89, [(channel << 2) | (antenna - 1), ...word(pc), ...epc, rssi])
  },
  nothing: () => Buffer.alloc(0),
  roundEnd: (tags) => frame(0x89, [0, ...word(30), 0, 0, ...word(tags.length)]),
  greeting: () => Buffer.alloc(0),
}
