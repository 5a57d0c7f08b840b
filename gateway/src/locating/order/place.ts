import type { Curve, Mode } from '../evidence/curve.ts'
import { numbers } from '../scratch.ts'
import { weightsOf } from '../weights.ts'
import type { Grid } from './gaps.ts'

/** Where one tag may stand by radio alone: a density along the rail, per mm. */
export interface Place {
  /** At `from + i · step`; linear between, and beyond them `doubt` alone. */
  from: number
  step: number
  density: Float64Array
  /** Normals about where it was heard, for reads that fit nowhere near the tag; weights sum to less than one. */
  doubt: readonly Mode[]
}

const rootTau = Math.sqrt(2 * Math.PI)
/** So little that it decides nothing, and keeps sums from being none. */
const leastDensity = 1e-30

const doubtAt = (doubt: readonly Mode[], at: number): number => {
  let sum = leastDensity
  for (const { x, sigma, weight } of doubt)
    sum += (weight / (sigma * rootTau)) * Math.exp(-0.5 * ((at - x) / sigma) ** 2)
  return sum
}

/** What the curve says, but for the share of the doubts. */
export function placeOf(
  curve: Curve,
  doubt: readonly Mode[],
  { weight, all } = weightsOf(curve.ln),
): Place {
  const { from, step } = curve
  const density = numbers(weight.length)
  const sure = doubt.reduce((rest, d) => rest - d.weight, 1)
  const scale = sure / (step * all)
  for (let i = 0; i < density.length; i++)
    density[i] = (weight[i] as number) * scale + doubtAt(doubt, from + i * step)
  return { from, step, density, doubt }
}

export function densityAt({ from, step, density, doubt }: Place, at: number): number {
  const u = (at - from) / step
  const i = Math.floor(u)
  if (i < 0 || i + 1 >= density.length) return doubtAt(doubt, at)
  const left = density[i] as number
  return left + (u - i) * ((density[i + 1] as number) - left)
}

/** The density at every place of a grid, each moved by `by` mm and by what reads drift there. */
export function sampled(
  place: Place,
  { from, step, n }: Grid,
  drift: Float64Array,
  by: number,
): Float64Array {
  const out = numbers(n)
  const { density } = place
  const last = density.length - 2
  const scale = 1 / place.step
  const begin = (from + by - place.from) * scale
  for (let e = 0; e < n; e++) {
    const u = begin + (e * step + (drift[e] as number)) * scale
    const i = Math.floor(u)
    if (i < 0 || i > last) {
      out[e] = doubtAt(place.doubt, place.from + u * place.step)
      continue
    }
    const left = density[i] as number
    out[e] = left + (u - i) * ((density[i + 1] as number) - left)
  }
  return out
}
