import { factor as cholesky } from '../cholesky.ts'
import { wrap } from './views.ts'

/** A smooth random bias along the rail: squared-exponential covariance, and white noise of every sample. */
export interface Kernel {
  sigma: number
  noise: number
  /** Correlation falls to 0.61 at this distance, mm. */
  lengthMm: number
  /** Standard deviation of what all samples have in common. */
  offset: number
}

/** Samples of two tags: whose each is, and the share of the bias that both have. What is a tag's own they never share. */
export interface Two {
  side: Uint8Array
  common: number
}

/**
 * Lower Cholesky factor, row by row, of the covariance of samples at these places. `noise` of sample i is divided by
 * `weight[i]` reads. `tilt[i]` is a loading that all samples share one unknown factor of, of variance 1; of two tags
 * that have nothing in common, each has its own.
 */
export function factor(
  x: Float64Array,
  weight: Float64Array,
  k: Kernel,
  tilt: Float64Array | null = null,
  two: Two | null = null,
): Float64Array {
  const n = x.length
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const same = !two || two.side[i] === two.side[j]
      const common = same ? 1 : two.common
      const d = ((x[i] as number) - (x[j] as number)) / k.lengthMm
      let sum = common * k.sigma ** 2 * Math.exp(-0.5 * d * d)
      if (same) sum += k.offset ** 2
      if (tilt && common > 0) sum += (tilt[i] as number) * (tilt[j] as number)
      if (i === j) sum += k.noise ** 2 / Math.max(1, weight[i] as number) + 1e-9
      l[i * n + j] = sum
    }
  cholesky(l, n)
  return l
}

/** What is new in every phase, in standard deviations: each is foretold from those before it, and wrapped. */
export function freshIn(beyond: Float64Array, l: Float64Array): Float64Array {
  const n = beyond.length
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let rest = beyond[i] as number
    for (let j = 0; j < i; j++) rest -= (l[i * n + j] as number) * (y[j] as number)
    y[i] = wrap(rest) / (l[i * n + i] as number)
  }
  return y
}
