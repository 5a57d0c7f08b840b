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

/**
 * Samples of several tags: whose each is, and the share of the bias that tags have in common, a row a tag. What is a
 * tag's own they never share.
 */
export interface Whose {
  tag: Uint8Array
  tags: number
  common: Float64Array
}

/** e^(−u²/2) at `i / bellSteps`, to 2 in a million when what lies between is drawn straight; no more beyond. */
const bellSteps = 256
const bell = Float64Array.from({ length: 6.5 * bellSteps }, (_, i) =>
  Math.exp(-0.5 * (i / bellSteps) ** 2),
)

/** e^(−u²/2) of `at = u · bellSteps`, which is not negative. */
function bellAt(at: number): number {
  const i = Math.floor(at)
  if (i + 1 >= bell.length) return 0
  const left = bell[i] as number
  return left + (at - i) * ((bell[i + 1] as number) - left)
}

/**
 * Lower Cholesky factor, row by row, of the covariance of samples at these places. `noise` of sample i is divided by
 * `weight[i]` reads. `tilt[i]` is a loading that all samples share one unknown factor of, of variance 1; of tags
 * that have nothing in common, each has its own.
 */
export function factor(
  x: Float64Array,
  weight: Float64Array,
  k: Kernel,
  tilt: Float64Array | null = null,
  whose: Whose | null = null,
): Float64Array {
  const n = x.length
  const l = new Float64Array(n * n)
  const [bias, offset, noise] = [k.sigma ** 2, k.offset ** 2, k.noise ** 2]
  const scale = bellSteps / k.lengthMm
  for (let i = 0; i < n; i++) {
    const at = x[i] as number
    const tilted = tilt ? (tilt[i] as number) : 0
    const mine = whose ? (whose.tag[i] as number) : 0
    for (let j = 0; j <= i; j++) {
      const other = whose ? (whose.tag[j] as number) : 0
      const common =
        mine === other || !whose ? 1 : (whose.common[mine * whose.tags + other] as number)
      let sum = common * bias * bellAt(scale * Math.abs(at - (x[j] as number)))
      if (mine === other) sum += offset
      if (tilt && common > 0) sum += tilted * (tilt[j] as number)
      l[i * n + j] = sum
    }
    l[i * n + i] = (l[i * n + i] as number) + noise / Math.max(1, weight[i] as number) + 1e-9
  }
  cholesky(l, n)
  return l
}

/**
 * Leaves what is new in each of `n` phases, in standard deviations: each is foretold from those before it, and wrapped.
 */
export function freshIn(y: Float64Array, l: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let rest = y[i] as number
    for (let j = 0, o = i * n; j < i; j++) rest -= (l[o + j] as number) * (y[j] as number)
    y[i] = wrap(rest) / (l[i * n + i] as number)
  }
}
