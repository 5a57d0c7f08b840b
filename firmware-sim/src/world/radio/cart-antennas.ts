/** The vertical array of the cart, and how loud it was made. */
import type { Rng } from '../rng.ts'
import { type AirAntenna, patternExponent } from './antenna.ts'
import { bandNodesMHz, waveNumber } from './band.ts'
import { between, type Range, wholeBetween } from './range.ts'

export interface AntennaRanges {
  readonly count: Range
  readonly gainDbi: Range
  readonly beamWidthDeg: Range
  readonly backDb: Range
  /** Electrical length of cable and reader: 7.8 m in the recordings. */
  readonly cableMm: Range
  /** What a middling tag straight ahead has over its threshold: whoever set up the cart turned the power to this. */
  readonly marginDb: Range
  /** From the housing to where the wave starts. */
  readonly phaseCentreMm: Range
  /** How far the antennas are out of one line, standard deviation. */
  readonly mountMm: Range
}

/** What one has to know to turn the power right. */
export interface Aimed {
  readonly depthMm: number
  readonly lossDb: number
  readonly thresholdDbm: number
  /** Heights of the lowest and the highest tags. */
  readonly heightsMm: Range
}

export function drawAntennas(ranges: AntennaRanges, aimed: Aimed, rng: Rng): AirAntenna[] {
  const count = wholeBetween(rng, ranges.count)
  const gainDbi = between(rng, ranges.gainDbi)
  const exponent = patternExponent(between(rng, ranges.beamWidthDeg))
  const back = 10 ** (between(rng, ranges.backDb) / 10)
  const free = 20 * Math.log10(2 * waveNumber(bandNodesMHz[1]) * aimed.depthMm)
  const txDbm = between(rng, ranges.marginDb) + aimed.thresholdDbm + aimed.lossDb + free - gainDbi
  const mount = between(rng, ranges.mountMm)
  const phaseCentreMm = between(rng, ranges.phaseCentreMm)
  const [low, high] = aimed.heightsMm
  return Array.from({ length: count }, (_, i) => ({
    antenna: i + 1,
    offsetMm: [
      mount * rng.normal(),
      low + ((i + 0.5) / count) * (high - low) + 2 * mount * rng.normal(),
      mount * rng.normal(),
    ],
    phaseCentreMm,
    gainDbi: gainDbi + 0.3 * rng.normal(),
    exponent,
    back,
    cableMm: between(rng, ranges.cableMm),
    phaseRad: 2 * Math.PI * rng.float(),
    txDbm,
  }))
}
