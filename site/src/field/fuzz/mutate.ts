import type { Seeded } from '../seeded.ts'

/** Bytes on which length fields, signs and text parsers turn. */
const edges = [0x00, 0x01, 0x03, 0x0a, 0x0d, 0x20, 0x22, 0x2d, 0x5b, 0x7b, 0x7f, 0x80, 0xfe, 0xff]
const words = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-0',
  'null',
  '9007199254740993',
  '__proto__',
  '\n',
  ': ',
  '- ',
  '&a ',
  '*a',
  '<<: ',
  '!!binary ',
  '|',
  '{}',
  '[]',
  '""',
  '0x',
  '\u0000',
  '\uFFFD',
  '%',
  '\t',
].map((w) => Buffer.from(w))
const longest = 4096
const mostSteps = 6

/** One input from good ones: the same seed and number give the same bytes. Pure. */
export function mutate(rng: Seeded, corpus: readonly Uint8Array[]): Uint8Array {
  if (rng.below(50) === 0) return rng.bytes(rng.below(300))
  let bytes: Uint8Array = Uint8Array.from(rng.pick(corpus))
  const steps = rng.below(mostSteps)
  for (let n = 0; n < steps; n++) bytes = rng.pick(ways)(bytes, rng, corpus).slice(0, longest)
  return bytes
}

type Way = (b: Uint8Array, rng: Seeded, corpus: readonly Uint8Array[]) => Uint8Array

const set = (b: Uint8Array, at: number, value: number) => {
  const out = Uint8Array.from(b)
  if (out.length > 0) out[at] = value
  return out
}
const spot = (b: Uint8Array, rng: Seeded) => rng.below(Math.max(1, b.length))
const put = (b: Uint8Array, at: number, piece: Uint8Array) =>
  Buffer.concat([b.subarray(0, at), piece, b.subarray(at)])

const ways: readonly Way[] = [
  (b, rng) => {
    const at = spot(b, rng)
    return set(b, at, (b[at] ?? 0) ^ (1 << rng.below(8)))
  },
  (b, rng) => set(b, spot(b, rng), rng.below(256)),
  (b, rng) => set(b, spot(b, rng), rng.pick(edges)),
  // Two or four bytes at once: a length or a count.
  (b, rng) => {
    const width = rng.pick([2, 4])
    const at = spot(b, rng)
    const value = rng.pick(edges)
    return b.map((byte, i) => (i >= at && i < at + width ? value : byte))
  },
  (b, rng) => b.slice(0, spot(b, rng)),
  (b, rng) => b.slice(spot(b, rng)),
  (b, rng) => put(b, spot(b, rng), rng.bytes(1 + rng.below(16))),
  (b, rng) => put(b, spot(b, rng), rng.pick(words)),
  (b, rng) => {
    const at = spot(b, rng)
    return Buffer.concat([b.subarray(0, at), b.subarray(at + 1 + rng.below(8))])
  },
  // A piece of itself again, now and then many times: nesting and repetition.
  (b, rng) => {
    const at = spot(b, rng)
    const piece = b.subarray(at, at + 1 + rng.below(64))
    const times = rng.below(20) === 0 ? 200 : 1 + rng.below(3)
    return put(b, at, Buffer.concat(Array.from({ length: times }, () => piece)))
  },
  (b, rng, corpus) => Buffer.concat([b, rng.pick(corpus)]),
  (b, rng, corpus) => {
    const other = rng.pick(corpus)
    return Buffer.concat([b.subarray(0, spot(b, rng)), other.subarray(spot(other, rng))])
  },
]

/** The same bytes in pieces. */
export function splitUp(rng: Seeded, bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + rng.below(rng.pick([1, 4, 32, 1024])))
    pieces.push(bytes.slice(at, end))
    at = end
  }
  return pieces
}
