/** M100: `BB type command length16 data sum 7E`. */
import { type Order, type Speech, tagCrc, type Wish, word } from './speech.ts'

const sum = (bytes: readonly number[]) => bytes.reduce((a, b) => a + b, 0) & 0xff
function frame(type: number, command: number, data: readonly number[]): Buffer {
  const middle = [type, command, ...word(data.length), ...data]
  return Buffer.from([0xbb, ...middle, sum(middle), 0x7e])
}
const version = [0x00, ...Buffer.from('M100 V1.0')]

function wish(command: number, data: Buffer): Wish {
  switch (command) {
    case 0x03:
      return { does: 'version' }
    case 0x28:
      return { does: 'stop' }
    case 0x27:
      return { does: 'start' }
    case 0x07:
      return { does: 'region', region: data.toString('hex') }
    case 0xb6:
      return { does: 'power', dbm: data.readUInt16BE(0) / 100 }
    default:
      return { does: 'other' }
  }
}

export const m100: Speech = {
  baud: 115_200,
  maxDbm: 26,
  listen(bytes) {
    const start = bytes.indexOf(0xbb)
    if (start < 0) return bytes.length > 0 ? { used: bytes.length, order: null } : null
    if (bytes.length < start + 5) return null
    const length = bytes.readUInt16BE(start + 3)
    if (length > 64) return { used: start + 1, order: null }
    const end = start + 7 + length
    if (bytes.length < end) return null
    const whole = bytes.subarray(start, end)
    const good = whole.at(-1) === 0x7e && whole.at(-2) === sum([...whole.subarray(1, -2)])
    if (!good || whole[1] !== 0) return { used: start + 1, order: null }
    const code = whole[2] as number
    return { used: end, order: { code, wish: wish(code, whole.subarray(5, -2)) } }
  },
  done: ({ code, wish: w }: Order) => {
    if (w.does === 'start') return Buffer.alloc(0)
    return frame(1, code, w.does === 'version' ? version : [0])
  },
  refused: () => frame(1, 0xff, [0x0e]),
  tag({ epc, pc, rssiDbm }) {
    const heard = Buffer.from([...word(pc), ...epc])
    return frame(2, 0x22, [Math.round(rssiDbm) & 0xff, ...heard, ...word(tagCrc(heard))])
  },
  nothing: () => frame(1, 0xff, [0x15]),
  roundEnd: () => Buffer.alloc(0),
  greeting: () => frame(1, 0x03, version),
}
