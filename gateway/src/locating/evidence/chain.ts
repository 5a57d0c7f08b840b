/** A smooth random bias along the rail: squared-exponential covariance, and white noise of every sample. */
export interface Kernel {
  sigma: number
  noise: number
  /** Correlation falls to 0.61 at this distance, mm. */
  lengthMm: number
  /** Standard deviation of what all samples have in common. */
  offset: number
}

/**
 * Lower Cholesky factor, row by row, of the covariance of samples at these places. `noise` of sample i is divided by
 * `weight[i]` reads. `tilt[i]` is a loading that all samples share one unknown factor of, of variance 1.
 */
export function factor(
  x: Float64Array,
  weight: Float64Array,
  k: Kernel,
  tilt: Float64Array | null = null,
): Float64Array {
  const n = x.length
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const d = ((x[i] as number) - (x[j] as number)) / k.lengthMm
      let sum = k.sigma ** 2 * Math.exp(-0.5 * d * d) + k.offset ** 2
      if (tilt) sum += (tilt[i] as number) * (tilt[j] as number)
      if (i === j) sum += k.noise ** 2 / Math.max(1, weight[i] as number) + 1e-9
      for (let m = 0; m < j; m++) sum -= (l[i * n + m] as number) * (l[j * n + m] as number)
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (l[j * n + j] as number)
    }
  return l
}
