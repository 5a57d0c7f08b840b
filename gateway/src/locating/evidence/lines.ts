import type { LineConstants } from '../constants.ts'
import type { Profiles } from '../profiles.ts'
import { radPerMhzMm, wrap } from './views.ts'

/** Phase a megahertz of one antenna's cable and reader, and its standard deviation. */
export interface Line {
  radPerMhz: number
  sigma: number
}

/** A tag about whose place enough is known to take its way through the air off. */
export interface Stander {
  tag: number
  x: number
  /** By antenna: square of the distance straight in front, mm². */
  across2: Float64Array
}

interface Step {
  mhz: number
  rad: number
  variance: number
  /** What the greatest density of a normal of this variance is one over. */
  breadth: number
}

/** Phase steps of one antenna: one tag, two places near each other, two channels (locating 5, lesson 4). */
function stepsOf(
  p: Profiles,
  mhz: readonly number[],
  antenna: number,
  standers: readonly Stander[],
  c: LineConstants,
): Step[] {
  const steps: Step[] = []
  for (const { tag, x, across2 } of standers) {
    if (steps.length >= c.enoughSteps) break
    const mine: number[] = []
    for (let i = p.start[tag] as number; i < (p.start[tag + 1] as number); i++)
      if (p.antenna[i] === antenna && !Number.isNaN(p.phase[i])) mine.push(i)
    mine.sort((a, b) => (p.x[a] as number) - (p.x[b] as number))
    const air = (i: number, f: number) =>
      radPerMhzMm * f * Math.sqrt(((p.x[i] as number) - x) ** 2 + (across2[antenna] as number))
    for (let n = 1; n < mine.length; n++) {
      const [i, j] = [mine[n - 1] as number, mine[n] as number]
      const apart = (p.x[j] as number) - (p.x[i] as number)
      if (p.channel[i] === p.channel[j] || p.pass[i] !== p.pass[j] || apart > c.nearMm) continue
      const from = mhz[p.channel[i] as number] as number
      const to = mhz[p.channel[j] as number] as number
      const variance = c.noiseRad ** 2 + (c.driftRadPerMm * apart) ** 2
      steps.push({
        mhz: to - from,
        rad: (p.phase[j] as number) - air(j, to) - ((p.phase[i] as number) - air(i, from)),
        variance,
        breadth: Math.sqrt(2 * Math.PI * variance),
      })
    }
  }
  return steps
}

/** ln likelihood of a line: wrapped normals about it, and a share of steps that mean nothing. */
function lnLine(steps: readonly Step[], line: number, c: LineConstants): number {
  let sum = -0.5 * ((line - c.usualRadPerMhz) / c.usualSigma) ** 2
  // A logarithm takes as long as all the rest, so there is one for many.
  let product = 1
  for (const { mhz, rad, variance, breadth } of steps) {
    const off = wrap(rad - line * mhz)
    const normal = Math.exp((-0.5 * off * off) / variance) / breadth
    product *= c.wild / (2 * Math.PI) + (1 - c.wild) * normal
    if (product > 1e-200 && product < 1e200) continue
    sum += Math.log(product)
    product = 1
  }
  return sum + Math.log(product)
}

/**
 * The line of every antenna: what cables of carts usually have, drawn to the steps between channels that this walk
 * shows. With one channel, or without phases, it stays the usual one.
 */
export function linesOf(
  p: Profiles,
  mhz: readonly number[],
  antennas: number,
  standers: readonly Stander[],
  c: LineConstants,
): Line[] {
  return Array.from({ length: antennas }, (_, a) => {
    const steps = mhz.length < 2 ? [] : stepsOf(p, mhz, a, standers, c)
    const lines: number[] = []
    for (let l = c.fromRadPerMhz; l <= c.toRadPerMhz; l += c.stepRadPerMhz) lines.push(l)
    const ln = lines.map((l) => lnLine(steps, l, c))
    const top = Math.max(...ln)
    const weight = ln.map((v) => Math.exp(v - top))
    const all = weight.reduce((s, w) => s + w, 0)
    const mean = lines.reduce((s, l, i) => s + l * (weight[i] as number), 0) / all
    const best = lines[ln.indexOf(top)] as number
    const spread = lines.reduce((s, l, i) => s + (l - best) ** 2 * (weight[i] as number), 0) / all
    // Of several hills the highest is taken; how wide all of them are is how unsure it is.
    const radPerMhz = Math.sqrt(spread) > c.sureSigma ? mean : best
    return { radPerMhz, sigma: Math.max(c.leastSigma, Math.sqrt(spread)) }
  })
}
