import { factorPacked, packed } from '../cholesky.ts'
import { numbers } from '../scratch.ts'
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
 * Samples of several tags: whose each is, and the share of the bias that tags have in common, a row a tag; each has all
 * of its own. What is a tag's own they never share.
 */
export interface Whose {
  tag: Uint8Array
  tags: number
  common: Float64Array
}

/** Samples from left to right; `noise` of sample i is divided by `weight[i]` reads. */
export interface Sampled {
  x: Float64Array
  weight: Float64Array
  /** A loading that all samples share one unknown factor of, of variance 1; null for none. */
  tilt: Float64Array | null
}

/** e^(−u²/2) at `i / bellSteps`, to 2 in a million when what lies between is drawn straight; no more beyond. */
const bellSteps = 256
const bell = Float64Array.from({ length: 6.5 * bellSteps }, (_, i) =>
  Math.exp(-0.5 * (i / bellSteps) ** 2),
)
const bellEnd = bell.length - 1

/** e^(−u²/2) of `at = u · bellSteps`, which is not negative. */
function bellAt(at: number): number {
  if (at >= bellEnd) return 0
  const i = at | 0
  const left = bell[i] as number
  return left + (at - i) * ((bell[i + 1] as number) - left)
}

/** Lower Cholesky factor, packed row by row, of the covariance of samples; into `l`, where that is given. */
export function factor(
  samples: Sampled,
  k: Kernel,
  l = numbers(packed(samples.x.length)),
): Float64Array {
  const { x, tilt } = samples
  const bias = k.sigma ** 2
  const offset = k.offset ** 2
  const scale = bellSteps / k.lengthMm
  for (let i = 0, o = 0; i < x.length; i++) {
    const at = x[i] as number
    for (let j = 0; j <= i; j++, o++)
      l[o] = bias * bellAt(scale * Math.abs(at - (x[j] as number))) + offset
  }
  if (tilt) addTilt(l, tilt)
  return factored(l, samples, k)
}

function addTilt(l: Float64Array, tilt: Float64Array) {
  for (let i = 0, o = 0; i < tilt.length; i++) {
    const mine = tilt[i] as number
    for (let j = 0; j <= i; j++, o++) l[o] = (l[o] as number) + mine * (tilt[j] as number)
  }
}

function factored(l: Float64Array, { x, weight }: Sampled, { noise }: Kernel): Float64Array {
  const own = noise ** 2
  for (let i = 0, o = 0; i < x.length; i++, o += i + 1)
    l[o] = (l[o] as number) + own / Math.max(1, weight[i] as number) + 1e-9
  factorPacked(l, x.length)
  return l
}

/** The same of samples of several tags; of tags that have nothing in common, each has a tilt of its own. */
export function factorTogether(
  samples: Sampled & { tilt: Float64Array },
  { tag, tags, common }: Whose,
  k: Kernel,
): Float64Array {
  const { x, tilt } = samples
  const l = numbers(packed(x.length))
  const bias = k.sigma ** 2
  const offset = k.offset ** 2
  const scale = bellSteps / k.lengthMm
  for (let i = 0, o = 0; i < x.length; i++) {
    const at = x[i] as number
    const tilted = tilt[i] as number
    const mine = tag[i] as number
    for (let j = 0; j <= i; j++, o++) {
      const other = tag[j] as number
      const share = common[mine * tags + other] as number
      if (share === 0) continue
      const bent = share * bias * bellAt(scale * Math.abs(at - (x[j] as number)))
      l[o] = (mine === other ? bent + offset : bent) + tilted * (tilt[j] as number)
    }
  }
  return factored(l, samples, k)
}

/**
 * Leaves what is new in each of `n` phases, in standard deviations: each is foretold from those before it, and wrapped.
 */
export function freshIn(y: Float64Array, l: Float64Array, n: number): void {
  let o = 0
  let i = 0
  // Two at once: one alone waits for each of its terms.
  for (; i + 1 < n; i += 2) {
    const next = o + i + 1
    let rest = y[i] as number
    let nextRest = y[i + 1] as number
    for (let j = 0; j < i; j++) {
      const known = y[j] as number
      rest -= (l[o + j] as number) * known
      nextRest -= (l[next + j] as number) * known
    }
    const fresh = wrap(rest) / (l[o + i] as number)
    y[i] = fresh
    nextRest -= (l[next + i] as number) * fresh
    y[i + 1] = wrap(nextRest) / (l[next + i + 1] as number)
    o = next + i + 2
  }
  if (i === n) return
  let rest = y[i] as number
  for (let j = 0; j < i; j++) rest -= (l[o + j] as number) * (y[j] as number)
  y[i] = wrap(rest) / (l[o + i] as number)
}
