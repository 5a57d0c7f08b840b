/** Seeded randomness of the benchmark: sfc32 from a text, as the README of the recordings asks. */
import { createHash } from 'node:crypto'

/** Uniform numbers in [0, 1). */
export type Random = () => number

/** sfc32 seeded by the first four little-endian words of SHA-256, eight outputs dropped. */
export function seeded(text: string): Random {
  const digest = createHash('sha256').update(text).digest()
  const s = new Uint32Array([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)))
  const next = () => {
    const [a = 0, b = 0, c = 0, counter = 0] = s
    const t = (a + b + counter) >>> 0
    s.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + t, counter + 1])
    return t / 0x1_0000_0000
  }
  for (let i = 0; i < 8; i++) next()
  return next
}

/** Standard normal by Box and Muller, one number a call. */
export const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Fisher and Yates; the given list is left as it was. */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = out[i] as T
    out[i] = out[j] as T
    out[j] = held
  }
  return out
}
