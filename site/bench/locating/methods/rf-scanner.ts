/** RF-Scanner (INFOCOM 2017, locating 6.5): a hyperbola through the unwrapped phase by Levenberg and Marquardt. */
import { loudest, merged, type Profile, type Sample, unwrap } from './profile.ts'
import { coarsePlace, powerCentroid } from './rssi.ts'

const nominalDepth = 0.65
const leastSamples = 4
const rounds = 60

interface Hyperbola {
  x: number
  y: number
  c: number
}

function costOf(samples: readonly Sample[], phases: readonly number[], h: Hyperbola): number {
  let sum = 0
  for (const [i, s] of samples.entries())
    sum += ((phases[i] as number) - h.c - s.k * Math.hypot(s.x - h.x, h.y)) ** 2
  return sum
}

/** One step: normal equations of θ = c + K·d in (x, y, c), damped by λ of the diagonal. */
function step(samples: readonly Sample[], phases: readonly number[], h: Hyperbola, lambda: number) {
  const a = [0, 0, 0, 0, 0, 0]
  const g = [0, 0, 0]
  for (const [i, s] of samples.entries()) {
    const d = Math.hypot(s.x - h.x, h.y)
    const r = (phases[i] as number) - h.c - s.k * d
    const jx = (-s.k * (s.x - h.x)) / d
    const jy = (s.k * h.y) / d
    const products = [jx * jx, jx * jy, jx, jy * jy, jy, 1]
    for (const [p, value] of products.entries()) a[p] = (a[p] as number) + value
    for (const [p, j] of [jx, jy, 1].entries()) g[p] = (g[p] as number) + j * r
  }
  const [xx, xy, xc, yy, yc, cc] = a as [number, number, number, number, number, number]
  const m = 1 + lambda
  return solve3(xx * m, xy, xc, yy * m, yc, cc * m, g as [number, number, number])
}

/** Symmetric 3 × 3 by Cramer's rule; null when singular. */
function solve3(
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  [u, v, w]: readonly [number, number, number],
): [number, number, number] | null {
  const det = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d)
  if (Math.abs(det) < 1e-12) return null
  const x = u * (d * f - e * e) - b * (v * f - e * w) + c * (v * e - d * w)
  const y = a * (v * f - e * w) - u * (b * f - c * e) + c * (b * w - v * c)
  const z = a * (d * w - v * e) - b * (b * w - v * c) + u * (b * e - c * d)
  return [x / det, y / det, z / det]
}

export function hyperbola(samples: readonly Sample[], phases: readonly number[], x0: number) {
  const offset = (h: Hyperbola) =>
    samples.reduce((a, s, i) => a + (phases[i] as number) - s.k * Math.hypot(s.x - h.x, h.y), 0) /
    samples.length
  let best: Hyperbola = { x: x0, y: nominalDepth, c: 0 }
  best.c = offset(best)
  let cost = costOf(samples, phases, best)
  let lambda = 1e-2
  for (let i = 0; i < rounds; i++) {
    const d = step(samples, phases, best, lambda)
    const next = d && { x: best.x + d[0], y: Math.abs(best.y + d[1]), c: best.c + d[2] }
    const reached = next ? costOf(samples, phases, next) : Number.POSITIVE_INFINITY
    if (next && reached < cost) {
      best = next
      cost = reached
      lambda /= 3
    } else lambda *= 4
    if (lambda > 1e8) break
  }
  return best
}

/** Metres along the rail; from signal strength where there are too few samples. null when never heard. */
export function rfScanner(profile: Profile): number | null {
  const samples = merged(loudest(profile)?.samples ?? [], 0.01).filter(
    (s) => !Number.isNaN(s.phase),
  )
  const start = coarsePlace(profile)
  if (start === null || samples.length < leastSamples) return start
  const { x } = hyperbola(samples, unwrap(samples.map((s) => s.phase)), start)
  const from = (samples[0] as Sample).x
  const to = (samples.at(-1) as Sample).x
  return x >= from - 0.1 && x <= to + 0.1 ? x : powerCentroid(samples)
}
