/** A row of tags in empty space, as a recording would hold it: for tests, where every method must be right. */
import { waveNumber } from './methods/profile.ts'
import { type Cell, channelMHz, type Recording, recordedShelf } from './recordings.ts'

const stops = 50
const channels = 8
/** Cable: radians a megahertz. */
export const freeSpaceLine = 0.2

const epcOf = (i: number) => `E2${String(i).padStart(22, '0')}`
const offsetOf = (i: number) => 1.7 * i

function cellOf(i: number, xMm: number, depthMm: number, aperture: number, channel: number): Cell {
  const mhz = channelMHz(channel)
  const metres = Math.hypot(20 * (aperture + 1) - xMm, depthMm) / 1000
  const phase = waveNumber(mhz) * metres + freeSpaceLine * mhz + offsetOf(i)
  return {
    epc: epcOf(i),
    ...{ channel, aperture, reads: 80, resultant: 1, rssi: -50 - 40 * Math.log10(metres / 0.5) },
    phase: Math.atan2(Math.sin(phase), Math.cos(phase)),
  }
}

/** Tags at `xsMm`, from left to right, before a rail of one metre. */
export function freeSpaceRow(xsMm: readonly number[], depthMm: number): Recording {
  const grid = Array.from({ length: stops * channels }, (_, n) => n)
  const cells = xsMm.flatMap((x, i) =>
    grid.map((n) => cellOf(i, x, depthMm, Math.floor(n / channels), n % channels)),
  )
  return {
    set: 'D2',
    run: 'free-space',
    cells: cells.sort((a, b) => a.aperture - b.aperture),
    apertureMm: Array.from({ length: stops }, (_, i) => 20 * (i + 1)),
    truth: xsMm.map((xMm, i) => ({
      ...{ epc: epcOf(i), shelf: recordedShelf, xMm },
      ...{ scored: true, moved: false, dead: false },
    })),
    spacingMm: 80,
    depthMm,
  }
}
