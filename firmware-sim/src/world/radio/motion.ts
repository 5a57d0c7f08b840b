/**
 * How a person pushes the cart along the face: a speed that wanders within a fifth, a line that is not quite straight;
 * and what its wheel says about it: a scale that is off, slips, a zero that was set by eye. Time is in microseconds.
 */
import type { Rng } from '../rng.ts'
import type { Cart } from './link.ts'
import { between, type Range } from './range.ts'

export interface MotionRanges {
  readonly speedMPerS: Range
  /** Scale error of the wheel, either sign. */
  readonly odometerScale: Range
  /** Slips per metre, and how far one goes. */
  readonly slipsPerM: Range
  readonly slipMm: Range
  /** Error of the zero at the start of a pass, standard deviation. */
  readonly zeroMm: Range
  /** How far the cart wanders from its rail, standard deviation. */
  readonly wanderMm: Range
}

const stepUs = 5000
/** Speed stays within a fifth of what the person means to walk (locating 3). */
const band = 0.2
/** Forgets by a tenth in a step of 50 ms. */
const memory = 0.99
const kick = Math.sqrt(1 - memory ** 2)

/** One pass, as it was and as the wheel tells it. */
export class Motion {
  readonly startUs: number
  readonly endUs: number
  readonly #x: Float64Array
  readonly #y: Float64Array
  readonly #wheel: Float64Array

  constructor(startUs: number, x: Float64Array, y: Float64Array, wheel: Float64Array) {
    this.startUs = startUs
    this.endUs = startUs + (x.length - 1) * stepUs
    this.#x = x
    this.#y = y
    this.#wheel = wheel
  }

  cart(atUs: number): Cart {
    return { xMm: this.#at(this.#x, atUs), yMm: this.#at(this.#y, atUs) }
  }

  /** x as the odometer counts it. */
  wheel(atUs: number): number {
    return this.#at(this.#wheel, atUs)
  }

  #at(values: Float64Array, atUs: number): number {
    const u = Math.min(Math.max(0, (atUs - this.startUs) / stepUs), values.length - 1)
    const i = Math.min(Math.floor(u), values.length - 2)
    const low = values[i] as number
    return low + (u - i) * ((values[i + 1] as number) - low)
  }
}

/** What stays the same over all passes of one walk. */
export interface CartNature {
  readonly speedMmPerUs: number
  readonly scale: number
  readonly slipsPerMm: number
  readonly slipMm: Range
  readonly zeroMm: number
  readonly wanderMm: number
}

export function drawNature(ranges: MotionRanges, rng: Rng): CartNature {
  return {
    speedMmPerUs: between(rng, ranges.speedMPerS) / 1000,
    scale: 1 + between(rng, ranges.odometerScale) * (rng.chance(0.5) ? 1 : -1),
    slipsPerMm: between(rng, ranges.slipsPerM) / 1000,
    slipMm: ranges.slipMm,
    zeroMm: between(rng, ranges.zeroMm),
    wanderMm: between(rng, ranges.wanderMm),
  }
}

/** Walks from one x to another, either way. */
export function walkPass(
  nature: CartNature,
  fromMm: number,
  toMm: number,
  startUs: number,
  rng: Rng,
): Motion {
  const way = Math.sign(toMm - fromMm)
  const x = [fromMm]
  const y = [nature.wanderMm * rng.normal()]
  const wheel = [fromMm + nature.zeroMm * rng.normal()]
  let hurry = rng.normal()
  for (let at = fromMm; way * (toMm - at) > 0; ) {
    hurry = memory * hurry + kick * rng.normal()
    const speed = nature.speedMmPerUs * (1 + Math.max(-band, Math.min(band, (band / 2) * hurry)))
    const step = way * speed * stepUs
    const slip = rng.chance(Math.abs(step) * nature.slipsPerMm) ? between(rng, nature.slipMm) : 0
    at += step
    x.push(at)
    y.push(memory * (y.at(-1) as number) + kick * nature.wanderMm * rng.normal())
    wheel.push((wheel.at(-1) as number) + step * nature.scale + way * slip)
  }
  return new Motion(startUs, Float64Array.from(x), Float64Array.from(y), Float64Array.from(wheel))
}
