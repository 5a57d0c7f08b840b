import type { RowConstants } from '../constants.ts'
import type { RowFit, RowInput, RowPair, TagSamples } from './row.ts'

/** rad·MHz⁻¹·mm⁻¹ of way there and back. */
const k = (4 * Math.PI) / 299_792.458
const tau = 2 * Math.PI
const wrap = (a: number): number => a - tau * Math.round(a / tau)

/** Robust fit with one depth a row (locating 6.8). */
export function simpleFit(input: RowInput, c: RowConstants): RowFit {
  const depths = range(c.depthFromMm, c.depthToMm, c.depthStepMm)
  const seen = input.tags.map((t, i) => (t.x.length > 0 ? i : -1)).filter((i) => i >= 0)
  const tags = seen.map((i) => gate(input.tags[i] as TagSamples, c))
  const byDepth = depths.map((depth) => tags.map((t) => scan(t, input, depth, c)))
  const costs = byDepth.map((fits) => fits.reduce((s, f) => s + Math.min(f.cost, c.tagCostCap), 0))
  const best = costs.indexOf(Math.min(...costs))
  const fits = byDepth[best] ?? []
  const xMm = new Float64Array(input.tags.length).fill(Number.NaN)
  const sigmaMm = new Float64Array(input.tags.length).fill(Number.POSITIVE_INFINITY)
  for (const [n, i] of seen.entries()) {
    xMm[i] = fits[n]?.x ?? Number.NaN
    sigmaMm[i] = fits[n]?.sigma ?? Number.POSITIVE_INFINITY
  }
  const order = orderOf(xMm)
  return {
    xMm,
    sigmaMm,
    depthMm: depths[best] ?? c.depthFromMm,
    pairs: pairsOf(order, xMm, sigmaMm),
    order,
  }
}

interface Gated {
  samples: TagSamples
  at: number
  inside: number[]
}

/** Samples within the window of the power-weighted centroid. */
function gate(samples: TagSamples, c: RowConstants): Gated {
  const loudest = samples.rssi.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  let sum = 0
  let at = 0
  for (let i = 0; i < samples.x.length; i++) {
    const w = 10 ** (((samples.rssi[i] as number) - loudest) / 10)
    sum += w
    at += w * (samples.x[i] as number)
  }
  at /= sum
  const inside = [...samples.x.keys()].filter(
    (i) =>
      Math.abs((samples.x[i] as number) - at) <= c.windowMm && Number.isFinite(samples.phase[i]),
  )
  return { samples, at, inside }
}

function scan({ samples: s, at, inside }: Gated, input: RowInput, depth: number, c: RowConstants) {
  if (inside.length === 0) return { x: at, cost: c.tagCostCap, sigma: c.windowMm / 2 }
  const xs = range(at - c.windowMm, at + c.windowMm, c.xStepMm)
  const costs = xs.map((x) => costAt(s, inside, input, depth, x, c.kneeRad))
  const n = costs.indexOf(Math.min(...costs))
  const [a, b, d] = [costs[n - 1] ?? Infinity, costs[n] as number, costs[n + 1] ?? Infinity]
  const bend = a + d - 2 * b
  const shift = Number.isFinite(bend) && bend > 0 ? (0.5 * (a - d)) / bend : 0
  const looks = Math.min(inside.length, (2 * c.windowMm) / c.lookMm)
  const curvature = (bend / c.xStepMm ** 2) * looks
  const sigma =
    Number.isFinite(curvature) && curvature > 0
      ? Math.max(b, 0.05) / Math.sqrt(curvature)
      : c.windowMm / 2
  return {
    x: (xs[n] as number) + shift * c.xStepMm,
    cost: b,
    sigma: Math.max(5, Math.min(sigma, c.windowMm / 2)),
  }
}

function costAt(
  s: TagSamples,
  inside: number[],
  input: RowInput,
  depth: number,
  x: number,
  knee: number,
) {
  let re = 0
  let im = 0
  const rest = inside.map((i) => {
    const antenna = input.antennas[s.antenna[i] as number]
    const d = Math.hypot(
      (s.x[i] as number) - x,
      antenna?.upMm ?? 0,
      depth - (antenna?.towardsMm ?? 0),
    )
    const r =
      (s.phase[i] as number) - (k * d + (antenna?.lineRadPerMhz ?? 0)) * (s.mhz[i] as number)
    re += Math.cos(r)
    im += Math.sin(r)
    return r
  })
  const offset = Math.atan2(im, re)
  let cost = 0
  for (const r of rest) {
    const a = Math.abs(wrap(r - offset))
    cost += a <= knee ? 0.5 * a * a : knee * (a - 0.5 * knee)
  }
  return cost / rest.length
}

const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)

const orderOf = (x: Float64Array) =>
  Int32Array.from(
    [...x.keys()].sort((a, b) => {
      const [p, q] = [x[a] as number, x[b] as number]
      return Number.isNaN(p) ? 1 : Number.isNaN(q) ? -1 : p - q
    }),
  )

function pairsOf(order: Int32Array, x: Float64Array, sigma: Float64Array): RowPair[] {
  const pairs: RowPair[] = []
  for (let i = 1; i < order.length; i++) {
    const [left, right] = [order[i - 1] as number, order[i] as number]
    const delta = (x[right] as number) - (x[left] as number)
    if (!Number.isFinite(delta)) continue
    pairs.push({
      left,
      right,
      deltaMm: delta,
      sigmaMm: Math.hypot(sigma[left] as number, sigma[right] as number),
    })
  }
  return pairs
}
