/** The line of cable and reader, measured on whole recordings: every stop has all channels at one place. */
import { waveNumber } from './methods/profile.ts'
import { channelMHz, type Recording } from './recordings.ts'

const step = channelMHz(1) - channelMHz(0)
/** Radians that one metre adds from a channel to the next. */
const stepPerMetre = waveNumber(channelMHz(1)) - waveNumber(channelMHz(0))

/** Radians per megahertz: circular mean of the steps between neighbouring channels, without what the distance adds. */
export function measuredLine(recordings: readonly Recording[]): number {
  let re = 0
  let im = 0
  for (const { cells, truth, apertureMm, depthMm } of recordings) {
    const phases = new Map(cells.map((c) => [`${c.epc}|${c.aperture}|${c.channel}`, c.phase]))
    const places = new Map(truth.map((t) => [t.epc, t.xMm]))
    for (const c of cells) {
      const next = phases.get(`${c.epc}|${c.aperture}|${c.channel + 1}`)
      const xMm = places.get(c.epc) ?? null
      if (next === undefined || xMm === null) continue
      const metres = Math.hypot((apertureMm[c.aperture] as number) - xMm, depthMm) / 1000
      const own = next - c.phase - stepPerMetre * metres
      re += Math.cos(own)
      im += Math.sin(own)
    }
  }
  return Math.atan2(im, re) / step
}
