import type { OdometerConstants } from './constants.ts'

/**
 * What one tag of known place says of the odometer: `ln[i]` is the ln likelihood that the odometer lacks
 * `(i − middle) · stepMm` there. A shelf tag whose reads fit at several places has several hills, and waits for others.
 */
export interface Mark {
  /** As the odometer has it. */
  at: number
  ln: Float64Array
}

/** Piecewise-linear: offset to add to what the odometer says; beyond the outer knots it goes on at the pass's scale. */
export interface Correction {
  knots: Float64Array
  offsets: Float64Array
  /** Millimetres of offset per millimetre walked. */
  scale: number
}

export const offsetCount = (c: OdometerConstants): number =>
  2 * Math.round(c.reachMm / c.stepMm) + 1

/** Weights that sum to one, with a share for a mark that is wrong altogether. */
function weights(ln: Float64Array, c: OdometerConstants): Float64Array {
  const top = ln.reduce((a, b) => Math.max(a, b))
  const w = ln.map((l) => Math.exp(l - top))
  const all = w.reduce((a, b) => a + b)
  return w.map((v) => (1 - c.wild) * (v / all) + c.wild / ln.length)
}

/** One straight line of offsets that suits most marks: [offset in the middle, scale]. */
function straight(
  at: Float64Array,
  marks: readonly Float64Array[],
  middle: number,
  c: OdometerConstants,
): [number, number] {
  const n = offsetCount(c)
  const half = (n - 1) / 2
  const ln = marks.map((w) => w.map(Math.log))
  const lnNone = Math.log(c.wild / n)
  let best: [number, number] = [0, 0]
  let most = Number.NEGATIVE_INFINITY
  for (let scale = -c.mostScale; scale <= c.mostScale; scale += c.scaleStep)
    for (let o = -half; o <= half; o++) {
      let sum = -0.5 * ((scale / c.scaleSigma) ** 2 + ((o * c.stepMm) / c.zeroMm) ** 2)
      for (let i = 0; i < ln.length; i++) {
        const k = half + o + Math.round((scale * ((at[i] as number) - middle)) / c.stepMm)
        sum += ln[i]?.[k] ?? lnNone
      }
      if (sum <= most) continue
      most = sum
      best = [o * c.stepMm, scale]
    }
  return best
}

/** What is left of the straight line, as a walk of slips: forward and backward sums over all offsets. */
function slips(
  at: Float64Array,
  marks: readonly Float64Array[],
  line: (x: number) => number,
  c: OdometerConstants,
): Float64Array {
  const n = offsetCount(c)
  const half = (n - 1) / 2
  const reach = Math.round(c.slipReachMm / c.stepMm)
  const states = 2 * reach + 1
  const seen = marks.map((w, i) =>
    Float64Array.from({ length: states }, (_, s) => {
      const k = half + Math.round(line(at[i] as number) / c.stepMm) + s - reach
      return w[k] ?? c.wild / n
    }),
  )
  const walked = (i: number) => Math.abs((at[i] as number) - (at[i - 1] as number))
  const start = Float64Array.from({ length: states }, (_, s) =>
    Math.exp(-0.5 * (((s - reach) * c.stepMm) / c.startMm) ** 2),
  )
  const forth: Float64Array[] = []
  for (const [i, w] of seen.entries())
    forth.push(scaled(i === 0 ? start : spread(forth[i - 1] as Float64Array, walked(i), c), w))
  const offsets = new Float64Array(marks.length)
  let back = new Float64Array(states).fill(1)
  for (let i = marks.length - 1; i >= 0; i--) {
    const both = scaled(forth[i] as Float64Array, back)
    offsets[i] =
      line(at[i] as number) + c.stepMm * both.reduce((sum, p, s) => sum + p * (s - reach), 0)
    if (i > 0) back = spread(scaled(back, seen[i] as Float64Array), walked(i), c)
  }
  return offsets
}

function scaled(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const out = a.map((v, i) => v * (b[i] as number))
  const all = out.reduce((s, v) => s + v, 0)
  return out.map((v) => v / all)
}

function spread(
  p: Float64Array,
  walkedMm: number,
  c: OdometerConstants,
): Float64Array<ArrayBuffer> {
  const variance = (c.slipMm2PerMm * walkedMm + c.floorMm ** 2) / c.stepMm ** 2
  return Float64Array.from(p, (_, i) => {
    let sum = 0
    for (let j = 0; j < p.length; j++)
      sum += (p[j] as number) * Math.exp((-0.5 * (i - j) ** 2) / variance)
    return sum
  })
}

/** What to add to the odometer of one pass. No marks: nothing. */
export function correctionOf(marks: readonly Mark[], c: OdometerConstants): Correction {
  const sorted = marks.toSorted((a, b) => a.at - b.at)
  const at = Float64Array.from(sorted, (m) => m.at)
  if (at.length === 0) return { knots: at, offsets: at, scale: 0 }
  const w = sorted.map((m) => weights(m.ln, c))
  const middle = ((at[0] as number) + (at[at.length - 1] as number)) / 2
  const [offset, scale] = straight(at, w, middle, c)
  return { knots: at, offsets: slips(at, w, (x) => offset + scale * (x - middle), c), scale }
}

/** The odometer's x as x of the rail. */
export function corrected(x: number, { knots, offsets, scale }: Correction): number {
  const last = knots.length - 1
  if (last < 0) return x
  const first = knots[0] as number
  const end = knots[last] as number
  if (x <= first) return x + (offsets[0] as number) + scale * (x - first)
  if (x >= end) return x + (offsets[last] as number) + scale * (x - end)
  let low = 0
  let high = last
  while (high - low > 1) {
    const mid = (low + high) >> 1
    if ((knots[mid] as number) <= x) low = mid
    else high = mid
  }
  const from = knots[low] as number
  const width = (knots[high] as number) - from
  const share = width > 0 ? (x - from) / width : 0
  return (
    x + (offsets[low] as number) + share * ((offsets[high] as number) - (offsets[low] as number))
  )
}
