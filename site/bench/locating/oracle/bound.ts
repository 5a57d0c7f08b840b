/**
 * Cramér and Rao: how exactly a place can be known from given reads, when depth, cable and the statistics of the
 * multipath are known, and its shape and the offset of the tag are not. No wrong minimum, no outlier: nobody is better.
 */
import { correlation, type Kernel, sizeAt } from './kernel.ts'
import type { ResidualTrack } from './residuals.ts'

interface Point {
  antenna: number
  x: number
  /** Radians rms of the field there. */
  size: number
  /** Radians that a metre of the tag's place changes the phase. */
  slope: number
}

const pointsOf = (tracks: readonly ResidualTrack[], kernel: Kernel): Point[] =>
  tracks.flatMap(({ antenna, residuals, tagX, across, k }) =>
    residuals.map(({ x }) => ({
      antenna,
      x,
      size: sizeAt(kernel, x - tagX),
      slope: (k * (tagX - x)) / Math.hypot(x - tagX, across),
    })),
  )

/** Variance of an offset of which nothing is known, rad²; far above that of the field, far below what rounding bears. */
const unknownOffset = 1e4
/** What even one reader adds to every phase, as a share of the variance. */
const floor = 1e-6

function covariance(a: Point, b: Point, kernel: Kernel): number {
  if (a === b) return a.size ** 2 * (1 + floor) + unknownOffset
  const field = a.size * b.size * correlation(kernel, Math.max(floor, Math.abs(a.x - b.x)))
  return a.antenna === b.antenna ? field + unknownOffset : kernel.antennas * field
}

/**
 * Standard deviation of x, metres, from all antennas that heard the tag, each with an offset of its own; infinite when
 * nothing tells it.
 */
export function leastSigma(tracks: readonly ResidualTrack[], kernel: Kernel): number {
  const points = pointsOf(tracks, kernel)
  if (points.length < 2) return Number.POSITIVE_INFINITY
  const lower = cholesky(points.map((a) => points.map((b) => covariance(a, b, kernel))))
  const g = forward(
    lower,
    points.map((p) => p.slope),
  )
  const information = g.reduce((sum, v) => sum + v * v, 0)
  return information > 0 ? 1 / Math.sqrt(information) : Number.POSITIVE_INFINITY
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
