/**
 * Cramér and Rao: how exactly a place can be known from given reads, when depth, cable and the statistics of the
 * multipath are known, and its shape and the offset of the tag are not. No wrong minimum, no outlier: nobody is better.
 */
import { correlation, type Kernel, sizeAt } from './kernel.ts'
import type { ResidualTrack } from './residuals.ts'

/** Standard deviation of x, metres; infinite when nothing tells it. Antennas are taken as independent looks. */
export function leastSigma(tracks: readonly ResidualTrack[], kernel: Kernel): number {
  const information = tracks.reduce((sum, t) => sum + informationOf(t, kernel), 0)
  return information > 0 ? 1 / Math.sqrt(information) : Number.POSITIVE_INFINITY
}

/** Fisher information of one track about x, its own offset unknown. */
function informationOf({ residuals, tagX, across, k }: ResidualTrack, kernel: Kernel): number {
  const xs = residuals.map((r) => r.x)
  const n = xs.length
  if (n < 2) return 0
  const sizes = xs.map((x) => sizeAt(kernel, x - tagX))
  const c = xs.map((a, i) =>
    xs.map((b, j) => {
      const size = (sizes[i] as number) * (sizes[j] as number)
      return (
        size *
        (correlation(kernel, i === j ? 0 : Math.max(1e-6, Math.abs(a - b))) + (i === j ? 1e-6 : 0))
      )
    }),
  )
  const slope = xs.map((x) => (k * (tagX - x)) / Math.hypot(x - tagX, across))
  const lower = cholesky(c)
  const g = forward(lower, slope)
  const one = forward(lower, Array<number>(n).fill(1))
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
  return dot(g, g) - dot(g, one) ** 2 / dot(one, one)
}

/** Lower triangle L of a positive definite matrix, L·Lᵀ. */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0))
  for (const [i, row] of matrix.entries())
    for (let j = 0; j <= i; j++) {
      const [li, lj] = [lower[i] as number[], lower[j] as number[]]
      let sum = row[j] as number
      for (let m = 0; m < j; m++) sum -= (li[m] as number) * (lj[m] as number)
      li[j] = i === j ? Math.sqrt(Math.max(1e-12, sum)) : sum / (lj[j] as number)
    }
  return lower
}

/** Solves L·y = v. */
function forward(lower: readonly (readonly number[])[], v: readonly number[]): number[] {
  const y: number[] = []
  for (const [i, row] of lower.entries()) {
    let sum = v[i] as number
    for (let j = 0; j < i; j++) sum -= (row[j] as number) * (y[j] as number)
    y.push(sum / (row[i] as number))
  }
  return y
}
