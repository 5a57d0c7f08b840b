/** One antenna of the cart: a patch that looks at the shelf, and leaks a little behind. */
import type { Point } from './geometry.ts'

export interface AirAntenna {
  readonly antenna: number
  /** From the point of the cart whose x counts: along, up from the floor, towards the shelf. */
  readonly offsetMm: readonly [number, number, number]
  /** The wave starts so far before the housing that somebody measured: fitted depths come out short (locating 5). */
  readonly phaseCentreMm: number
  readonly gainDbi: number
  /** Exponent of the cosine of its power pattern; `patternExponent` of a beam width. */
  readonly exponent: number
  /** Power of the back lobe against the front, as a ratio. */
  readonly back: number
  /** Electrical length of cable and reader. */
  readonly cableMm: number
  readonly phaseRad: number
  readonly txDbm: number
}

/** The exponent whose power has fallen by 3 dB at half the beam width. */
export const patternExponent = (beamWidthDeg: number): number =>
  Math.log(0.5) / Math.log(Math.cos((beamWidthDeg / 2) * (Math.PI / 180)))

/** Amplitude in a direction against boresight; `cosine` is of the angle to boresight. */
export function patternAmplitude(antenna: AirAntenna, cosine: number): number {
  const front = cosine > 0 ? cosine ** antenna.exponent : 0
  return Math.sqrt(antenna.back + (1 - antenna.back) * front)
}

export const antennaPoint = (antenna: AirAntenna, xMm: number, yMm: number): Point => ({
  xMm: xMm + antenna.offsetMm[0],
  yMm: yMm + antenna.offsetMm[2] + antenna.phaseCentreMm,
  zMm: antenna.offsetMm[1],
})
