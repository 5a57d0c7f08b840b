import { Seeded } from '../../src/field/seeded.ts'

export type Range = readonly [low: number, high: number]

/** What the streams are drawn from. The same seed gives the same stream. */
export class Draw {
  readonly #of: Seeded

  constructor(seed: string) {
    this.#of = new Seeded(seed)
  }
  unit = (): number => this.#of.unit()
  chance = (p: number): boolean => this.#of.unit() < p
  between = ([low, high]: Range): number => low + (high - low) * this.#of.unit()
  /** Even in the logarithm, for what spans more than a decade. */
  decades = ([low, high]: Range): number => Math.exp(this.between([Math.log(low), Math.log(high)]))
  whole = ([low, high]: Range): number => low + this.#of.below(high - low + 1)
  exponential = (mean: number): number => -mean * Math.log(1 - this.#of.unit())
  normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - this.#of.unit())) * Math.cos(2 * Math.PI * this.#of.unit())
  pick = <T>(from: readonly T[]): T => this.#of.pick(from)
}

/** The `n`th tag of a stream. */
export const epcOf = (n: number): string =>
  `3034257BF7194E40${(n + 1).toString(16).toUpperCase().padStart(8, '0')}`
