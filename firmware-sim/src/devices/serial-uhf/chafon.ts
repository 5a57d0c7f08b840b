/** Chafon: both kinds share one CRC and put it down in a different order. */
import { type SeenTag, type Speech, type Wish, word } from './speech.ts'

/** Bits enter at the low end; 0x8408 is 0x1021 read backwards. */
function crc(bytes: readonly number[]): number {
  let value = 0xffff
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const next = ((bytes[bit >> 3] as number) >> (bit & 7)) & 1
    value = (value & 1) === next ? value >> 1 : (value >> 1) ^ 0x8408
  }
  return value
}

const address = 0x00
function reader18(command: number, status: number, data: readonly number[] = []): Buffer {
  const body = [data.length + 5, address, command, status, ...data]
  const [high, low] = word(crc(body)) as [number, number]
  return Buffer.from([...body, low, high])
}
const reader18Wishes: Readonly<Record<number, Wish['does']>> = {
  1: 'round',
  33: 'version',
  51: 'beep',
}
function reader18Wish(command: number, data: Buffer): Wish {
  if (command === 0x22) return { does: 'region', region: data.toString('hex') }
  if (command === 0x2f) return { does: 'power', dbm: data[0] as number }
  return { does: reader18Wishes[command] ?? 'other' } as Wish
}
const listOf = (tags: readonly SeenTag[]) => [
  tags.length,
  ...tags.flatMap(({ epc }) => [epc.length, ...epc]),
]
/** So many tags fit into one answer; more follow in the next. */
const tagsAnAnswer = 8

export const chafon: Speech = {
  baud: 57_600,
  maxDbm: 30,
  listen(bytes) {
    if (bytes.length === 0) return null
    const total = (bytes[0] as number) + 1
    if (total < 5 || total > 40) return { used: 1, order: null }
    if (bytes.length < total) return null
    const whole = bytes.subarray(0, total)
    if (crc([...whole.subarray(0, -2)]) !== whole.readUInt16LE(total - 2))
      return { used: 1, order: null }
    if (whole[1] !== 0xff && whole[1] !== address) return { used: total, order: null }
    const code = whole[2] as number
    return { used: total, order: { code, wish: reader18Wish(code, whole.subarray(3, -2)) } }
  },
  done: ({ code, wish }) =>
    reader18(code, 0, wish.does === 'version' ? [3, 1, 0x0c, 3, 0x13, 0x40, 30, 10] : []),
  refused: ({ code }) => reader18(code, 0xff),
  tag: () => Buffer.alloc(0),
  nothing: () => Buffer.alloc(0),
  roundEnd(tags) {
    if (tags.length === 0) return reader18(0x01, 0xfb)
    const answers: Buffer[] = []
    for (let at = 0; at < tags.length; at += tagsAnAnswer) {
      const last = at + tagsAnAnswer >= tags.length
      answers.push(reader18(0x01, last ? 0x01 : 0x03, listOf(tags.slice(at, at + tagsAnAnswer))))
    }
    return Buffer.concat(answers)
  },
  greeting: () => Buffer.alloc(0),
}

function cf(command: number, data: readonly number[]): Buffer {
  const body = [0xcf, 0x00, ...word(command), data.length, ...data]
  return Buffer.from([...body, ...word(crc(body))])
}
const cfWishes: Readonly<Record<number, Wish['does']>> = {
  1: 'start',
  2: 'stop',
  112: 'version',
}

export const cf600: Speech = {
  baud: 115_200,
  maxDbm: 33,
  listen(bytes) {
    const start = bytes.indexOf(0xcf)
    if (start < 0) return bytes.length > 0 ? { used: bytes.length, order: null } : null
    if (bytes.length < start + 5) return null
    const end = start + 7 + (bytes[start + 4] as number)
    if (bytes.length < end) return null
    const whole = bytes.subarray(start, end)
    if (crc([...whole.subarray(0, -2)]) !== whole.readUInt16BE(whole.length - 2))
      return { used: start + 1, order: null }
    const code = whole.readUInt16BE(2)
    const wish: Wish =
      code === 0x0053
        ? { does: 'power', dbm: whole[5] as number }
        : ({ does: cfWishes[code] ?? 'other' } as Wish)
    return { used: end, order: { code, wish } }
  },
  done: ({ code, wish }) => {
    if (wish.does === 'start') return Buffer.alloc(0)
    return cf(code, wish.does === 'version' ? [0, ...Buffer.from('CF600 V1.0')] : [0])
  },
  refused: ({ code }) => cf(code, [0x01]),
  tag: ({ epc, rssiDbm, antenna }) =>
    cf(0x0001, [0, ...word(Math.round(rssiDbm * 10) & 0xffff), antenna, 0, epc.length, ...epc]),
  nothing: () => cf(0x0001, [0x12]),
  roundEnd: () => Buffer.alloc(0),
  greeting: () => Buffer.alloc(0),
}
