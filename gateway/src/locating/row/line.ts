import type { RowConstants } from '../constants.ts'
import type { RowInput, TagSamples } from './row.ts'

/** rad·MHz⁻¹ that a millimetre of way, there and back, adds. */
const wayPerMm = (4 * Math.PI) / 299_792.458

interface Step {
  mhz: number
  phase: number
}

/**
 * Phase a megahertz of cable and reader, by antenna: as calibrated, or from tags heard on two channels at one place.
 * NaN where these reads cannot show it.
 */
export function linesOf(input: RowInput, c: RowConstants): Float64Array {
  return Float64Array.from(input.antennas, ({ lineRadPerMhz }, antenna) => {
    if (lineRadPerMhz !== null) return lineRadPerMhz
    return lineOf(
      input.tags.flatMap((tag) => stepsOf(tag, antenna, c)),
      c,
    )
  })
}

/** Differences between channels heard within one centimetre. */
function stepsOf(s: TagSamples, antenna: number, c: RowConstants): Step[] {
  const at = (i: number) => s.x[i] as number
  const mine = [...s.x.keys()]
    .filter((i) => s.antenna[i] === antenna && Number.isFinite(s.phase[i]))
    .sort((a, b) => at(a) - at(b) || (s.mhz[a] as number) - (s.mhz[b] as number))
  const steps: Step[] = []
  for (let n = 1; n < mine.length; n++) {
    const [a, b] = [mine[n - 1] as number, mine[n] as number]
    const mhz = (s.mhz[b] as number) - (s.mhz[a] as number)
    if (at(b) - at(a) > c.samePlaceMm || Math.abs(mhz) < 0.1) continue
    steps.push({ mhz, phase: (s.phase[b] as number) - (s.phase[a] as number) })
  }
  return steps
}

function lineOf(steps: Step[], c: RowConstants): number {
  if (steps.length < c.leastSteps) return Number.NaN
  let best = { line: Number.NaN, fit: c.leastStepFit * steps.length }
  for (let line = -c.steepestLine; line <= c.steepestLine; line += c.lineStep) {
    const fit = agreement(steps, line)
    if (fit > best.fit) best = { line, fit }
  }
  const [a, b, d] = [-1, 0, 1].map((n) => agreement(steps, best.line + n * c.lineStep)) as [
    number,
    number,
    number,
  ]
  const bend = 2 * b - a - d
  const off = bend > 0 ? (0.5 * (d - a)) / bend : 0
  return best.line + off * c.lineStep - wayPerMm * c.usualDepthMm
}

function agreement(steps: Step[], line: number): number {
  let [re, im] = [0, 0]
  for (const { mhz, phase } of steps) {
    re += Math.cos(phase - line * mhz)
    im += Math.sin(phase - line * mhz)
  }
  return Math.hypot(re, im)
}
