/** Numbers that come again with the same seed. Not for secrets. */
export class Seeded {
  #state: number

  constructor(seed: string | number) {
    // FNV-1a spreads short seeds over the whole word.
    let hash = 0x811c9dc5
    for (const char of String(seed)) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
    this.#state = hash >>> 0
  }
  /** 0 ≤ n < 1; mulberry32. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  /** A whole number, 0 ≤ n < `below`. */
  below(below: number): number {
    return Math.floor(this.unit() * below)
  }
  pick<T>(from: readonly T[]): T {
    const one = from[this.below(from.length)]
    if (one === undefined) throw new Error('nothing to pick from')
    return one
  }
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256))
  }
}
