/**
 * Seeded randomness. Every part of the world forks its own stream by label, so that a change in one part
 * leaves the others as they were and the same seed gives the same bytes.
 */
export class Rng {
  #a: number
  #b: number
  #c: number
  #d: number
  readonly #seed: string

  constructor(seed: string) {
    this.#seed = seed
    const words = [1, 2, 3, 4].map((n) => hash32(`${n}:${seed}`))
    ;[this.#a, this.#b, this.#c, this.#d] = words as [number, number, number, number]
    for (let i = 0; i < 12; i++) this.u32()
  }

  /** An independent stream: depends on seed and label only, not on what was drawn before. */
  fork(label: string): Rng {
    return new Rng(`${this.#seed}/${label}`)
  }

  /** sfc32: small, fast, passes the usual batteries; not for secrets. */
  u32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return t >>> 0
  }

  /** In [0, 1). */
  float(): number {
    return this.u32() / 4_294_967_296
  }

  /** Whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.float() * (high - low + 1))
  }

  chance(p: number): boolean {
    return this.float() < p
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.float() * items.length)] as T
  }

  /** Standard normal (Box–Muller, one of the pair). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float())
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[items[i], items[j]] = [items[j] as T, items[i] as T]
    }
    return items
  }
}

function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h ^= h >>> 15
  }
  return h >>> 0
}
