/** Which channel is in use when: pseudo-random permutations of the band, at most two seconds each (locating 3). */
import type { Rng } from '../rng.ts'
import { channelsMHz } from './band.ts'

export class Hopping {
  readonly #rng: Rng
  readonly #dwellUs: number
  readonly #order: number[] = []

  constructor(dwellUs: number, rng: Rng) {
    this.#dwellUs = dwellUs
    this.#rng = rng
  }

  /** Index of the channel at a time after the start. */
  channelAt(us: number): number {
    const n = Math.floor(us / this.#dwellUs)
    while (this.#order.length <= n) this.#order.push(...this.#rng.shuffle([...channelsMHz.keys()]))
    return this.#order[n] as number
  }

  /** When the channel in use at this time is left. */
  untilUs(us: number): number {
    return (Math.floor(us / this.#dwellUs) + 1) * this.#dwellUs
  }
}
