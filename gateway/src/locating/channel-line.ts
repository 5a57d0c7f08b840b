import type { LineConstants } from './constants.ts'
import type { Profiles } from './profiles.ts'

/** rad·MHz⁻¹·mm⁻¹ of way there and back. */
const perMhzMm = (4 * Math.PI) / 299_792.458

interface Step {
  mhz: number
  rad: number
}

/** Phase steps of one antenna: one tag, one place, two channels (locating 5, lesson 4). */
function stepsOf(p: Profiles, mhz: readonly number[], antenna: number, c: LineConstants): Step[] {
  const steps: Step[] = []
  for (let t = 0; t + 1 < p.start.length && steps.length < c.enoughSteps; t++) {
    const mine: number[] = []
    for (let i = p.start[t] as number; i < (p.start[t + 1] as number); i++)
      if (p.antenna[i] === antenna && !Number.isNaN(p.phase[i])) mine.push(i)
    mine.sort((a, b) => (p.x[a] as number) - (p.x[b] as number))
    for (const [n, i] of mine.entries())
      for (const j of mine.slice(n + 1)) {
        if ((p.x[j] as number) - (p.x[i] as number) > c.samePlaceMm) break
        if (p.channel[i] === p.channel[j] || p.pass[i] !== p.pass[j]) continue
        steps.push({
          mhz: (mhz[p.channel[j] as number] as number) - (mhz[p.channel[i] as number] as number),
          rad: (p.phase[j] as number) - (p.phase[i] as number),
        })
      }
  }
  return steps
}

const agreement = (steps: readonly Step[], line: number): number =>
  steps.reduce((sum, s) => sum + Math.cos(s.rad - line * s.mhz), 0) / steps.length

/**
 * Phase a megahertz of cable and reader, per antenna of the scene; null where no tag was seen on two channels at one
 * place often enough to tell, or where the steps do not agree. The way through the air at `distanceMm` is taken off.
 */
export function channelLines(
  p: Profiles,
  mhz: readonly number[],
  antennas: number,
  distanceMm: number,
  c: LineConstants,
): (number | null)[] {
  return Array.from({ length: antennas }, (_, a) => {
    if (mhz.length < 2) return null
    const steps = stepsOf(p, mhz, a, c)
    if (steps.length < c.leastSteps) return null
    let best = Number.NaN
    let bestAgreement = c.leastAgreement
    for (let line = c.fromRadPerMhz; line <= c.toRadPerMhz; line += c.stepRadPerMhz) {
      const here = agreement(steps, line)
      if (here > bestAgreement) {
        best = line
        bestAgreement = here
      }
    }
    return Number.isNaN(best) ? null : best - perMhzMm * distanceMm
  })
}
