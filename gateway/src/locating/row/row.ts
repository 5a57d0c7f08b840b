/**
 * Where the tags of one shelf stand, from phase and RSSI alone. Lengths are millimetres of the rail, phases radians.
 * The antenna at x̂ sees a tag at x over hypot(x̂ − x, up, depth − towards); phase = 4π f d / c + offset(tag) + line·f.
 */
import type { RowConstants } from '../constants.ts'
import { simpleFit } from './simple.ts'

/**
 * Samples of one tag on one shelf run, after bursts within 1 cm on one antenna and channel were collapsed.
 * Parallel arrays, in any order.
 */
export interface TagSamples {
  /** The antenna's x, mm of the rail. */
  x: Float64Array
  /** Index into `RowInput.antennas`. */
  antenna: Uint16Array
  pass: Uint16Array
  /** Radians, growing with distance, the channel line still in; NaN where the reader gives none. */
  phase: Float64Array
  mhz: Float64Array
  /** dBm. */
  rssi: Float64Array
  /** Reads behind the sample. */
  weight: Float64Array
}

export interface RowAntenna {
  /** Antenna above the tags' height, signed. */
  upMm: number
  /** Antenna off its rail, towards the shelf. */
  towardsMm: number
  /** Cable and reader: phase a MHz, where calibrated. null: estimated from these reads, where they can show it. */
  lineRadPerMhz: number | null
}

export interface RowInput {
  tags: TagSamples[]
  antennas: RowAntenna[]
  /** From the antennas' rail to the tags' plane; null is unknown. A nuisance either way: it is fitted. */
  depthMm: number | null
  /** No two tags stand closer than this. */
  minGapMm: number
}

/** Two tags near each other: x of `right` minus x of `left`, surer than the two sigmas allow, for much is common. */
export interface RowPair {
  left: number
  right: number
  deltaMm: number
  sigmaMm: number
}

export interface RowFit {
  /** One a tag; NaN where a tag has no sample. */
  xMm: Float64Array
  /** Infinity where x is NaN. */
  sigmaMm: Float64Array
  depthMm: number
  /** left < right in the order found, so `deltaMm` is never below 0. */
  pairs: RowPair[]
  /** Indices of the tags from left to right; those without a sample last. */
  order: Int32Array
}

export const fitRow = (input: RowInput, constants: RowConstants): RowFit =>
  simpleFit(input, constants)
