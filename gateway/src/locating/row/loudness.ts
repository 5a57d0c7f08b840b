import { factor, solveFactored } from '../cholesky.ts'
import type { TagSamples } from './row.ts'

/** Where a tag was loudest, by power. NaN without samples. */
export function loudestOf({ x, rssi, weight }: TagSamples): number {
  const top = rssi.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  let sum = 0
  let at = 0
  for (let i = 0; i < x.length; i++) {
    const w = (weight[i] as number) * 10 ** (((rssi[i] as number) - top) / 10)
    sum += w
    at += w * (x[i] as number)
  }
  return at / sum
}

/**
 * Top of the least-squares parabola through RSSI (locating 6.2), for readers that tell no phase; where it has no top
 * inside the samples, the loudest place.
 */
export function parabolaTop(samples: TagSamples): number {
  const { x, rssi, weight } = samples
  const middle = loudestOf(samples)
  const a = new Float64Array(9)
  const b = new Float64Array(3)
  for (let i = 0; i < x.length; i++) {
    const u = ((x[i] as number) - middle) / 100
    const powers = [1, u, u * u]
    for (const [m, p] of powers.entries()) {
      b[m] = (b[m] as number) + (weight[i] as number) * p * (rssi[i] as number)
      for (const [n, q] of powers.entries())
        a[3 * m + n] = (a[3 * m + n] as number) + (weight[i] as number) * p * q
    }
  }
  for (const m of [0, 4, 8]) a[m] = (a[m] as number) + 1e-6
  factor(a, 3)
  solveFactored(a, 3, b)
  const top = middle - (100 * (b[1] as number)) / (2 * (b[2] as number))
  const [from, to] = [x.reduce((p, q) => Math.min(p, q)), x.reduce((p, q) => Math.max(p, q))]
  return (b[2] as number) < 0 && top > from && top < to ? top : middle
}
