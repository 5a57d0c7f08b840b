/**
 * Three makers' readers as their tables differ. Ids are deliberately not 0, 1, 2…: a client that uses constants
 * instead of these tables fails here as it does on some real readers (sllurp/sllurp#118). The figures are of the
 * kind that each maker's readers give; none was copied from a device.
 */
import { impinj } from './messages.ts'

export const brandNames = ['impinj', 'zebra', 'thingmagic'] as const
export type BrandName = (typeof brandNames)[number]

export interface Brand {
  readonly manufacturer: number
  readonly model: number
  readonly hopTable: number
  readonly powers: readonly { index: number; dbm: number }[]
  readonly modes: readonly number[]
  readonly inputs: number
  readonly outputs: number
  readonly holds: boolean
  /** Highest version of LLRP: 1 is 1.0.1, 2 is 1.1. */
  readonly version: 1 | 2
  /** Gives tags in session 0 only, as an FX9600 did (sllurp/sllurp#115). */
  readonly sessionZeroOnly: boolean
  readonly maxAccessSpecs: number
}

const powers = (fromDbm: number, count: number, step: number, firstIndex: number) =>
  Array.from({ length: count }, (_, i) => ({
    index: firstIndex + i,
    dbm: Math.round((fromDbm + i * step) * 100) / 100,
  }))

export const brands: Readonly<Record<BrandName, Brand>> = {
  /** Index 1 is 10 dBm, each further one 0.25 dB more. */
  impinj: {
    manufacturer: impinj,
    model: 2_001_002,
    hopTable: 2,
    powers: powers(10, 81, 0.25, 1),
    modes: [1000, 1002, 4],
    inputs: 4,
    outputs: 4,
    holds: true,
    version: 2,
    sessionZeroOnly: false,
    maxAccessSpecs: 8,
  },
  zebra: {
    manufacturer: 161,
    model: 96_004,
    hopTable: 5,
    powers: powers(10, 216, 0.1, 11),
    modes: [9, 21, 33],
    inputs: 4,
    outputs: 4,
    holds: true,
    version: 1,
    sessionZeroOnly: true,
    maxAccessSpecs: 16,
  },
  thingmagic: {
    manufacturer: 26_554,
    model: 7,
    hopTable: 3,
    powers: powers(5, 54, 0.5, 101),
    modes: [2],
    inputs: 2,
    outputs: 2,
    holds: false,
    version: 1,
    sessionZeroOnly: false,
    maxAccessSpecs: 4,
  },
}
