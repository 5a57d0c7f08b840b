/**
 * SMURF as published: adaptive per-tag cleaning, Algorithm 1 of Jeffery, Garofalakis and Franklin, “Adaptive Cleaning
 * for RFID Data Streams” (VLDB 2006; UCB/EECS-2006-29). The window grows by two epochs towards the bound of
 * completeness, is halved at a statistically significant transition, and begins anew at one epoch when it is empty.
 */

/** Required completeness is 1 − δ; the paper uses 0.05. */
const delta = 0.05

export interface SmurfOptions {
  /** Looks of the reader in one epoch: the paper's interrogation cycles. */
  cycles: number
}

/** One tag. Feed it the answers of every epoch, zero included; it says whether the tag is there. */
export class SmurfTag {
  readonly #cycles: number
  /** Responses of the last epochs, the newest last. */
  #epochs: number[] = []
  #window = 1

  constructor({ cycles }: SmurfOptions) {
    this.#cycles = cycles
  }

  /** @param answers responses in this epoch */
  epoch(answers: number): boolean {
    this.#epochs.push(answers)
    this.#epochs.splice(0, this.#epochs.length - this.#window)
    const seen = this.#epochs.filter((n) => n > 0)
    const w = this.#epochs.length
    if (seen.length === 0) {
      this.#window = 1
      return false
    }
    const p = seen.reduce((sum, n) => sum + Math.min(1, n / this.#cycles), 0) / seen.length
    const complete = Math.ceil(Math.log(1 / delta) / p)
    if (complete > this.#window) this.#window = Math.max(Math.min(this.#window + 2, complete), 1)
    else if (Math.abs(seen.length - w * p) > 2 * Math.sqrt(w * p * (1 - p)))
      this.#window = Math.max(Math.min(Math.floor(this.#window / 2), complete), 1)
    return true
  }
}
