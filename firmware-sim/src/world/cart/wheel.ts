/** The wheel that an odometer counts on: it has not quite the diameter that is believed, and now and then it slips. */
import { Rng } from '../rng.ts'

export interface WheelFaults {
  /** The wheel counts `1 + scaleError` times the way. */
  readonly scaleError: number
  /** Mean way between two slips; 0: it never slips. */
  readonly slipEveryMm: number
  /** The most that is lost in one. */
  readonly slipMm: number
}

/** An encoder whose disc is not quite round counts a little unevenly within each turn. */
const turnMm = 400
const eccentricityMm = 0.4

export class Wheel {
  readonly #faults: WheelFaults
  readonly #rng: Rng
  #xMm: number | null = null
  #countedMm = 0
  #slipAfterMm: number
  /** Way that was not counted, for tests. */
  lostMm = 0

  constructor(seed: string, faults: WheelFaults) {
    this.#faults = faults
    this.#rng = new Rng(`${seed}/wheel`)
    this.#slipAfterMm = this.#nextSlip()
  }

  /** The cart is at `xMm`; gives the way that the wheel has counted since it was made, signed. */
  rollTo(xMm: number): number {
    const moved = xMm - (this.#xMm ?? xMm)
    this.#xMm = xMm
    this.#slipAfterMm -= Math.abs(moved)
    this.#countedMm += moved * (1 + this.#faults.scaleError)
    if (this.#slipAfterMm <= 0) this.#slip(moved)
    const wobble = eccentricityMm * Math.sin((2 * Math.PI * this.#countedMm) / turnMm)
    return this.#countedMm + wobble
  }

  /** The cart is lifted somewhere else: nothing rolls. */
  lift(): void {
    this.#xMm = null
  }

  #slip(moved: number): void {
    const lost = this.#rng.float() * this.#faults.slipMm * Math.sign(moved)
    this.#countedMm -= lost
    this.lostMm += lost
    this.#slipAfterMm = this.#nextSlip()
  }

  #nextSlip(): number {
    const { slipEveryMm } = this.#faults
    return slipEveryMm > 0 ? slipEveryMm * (0.5 + this.#rng.float()) : Number.POSITIVE_INFINITY
  }
}
