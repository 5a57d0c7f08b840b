import type { EvidenceConstants } from '../constants.ts'
import { factor } from './chain.ts'
import { shapeAt } from './shape.ts'
import { radPerMhzMm, type Sight, type View, wrap } from './views.ts'

/** ln likelihood of where a tag stands: `ln[i]` at `from + i · step`; its zero is arbitrary. */
export interface Curve {
  from: number
  step: number
  ln: Float64Array
}

/** ln density of a wrapped normal of this standard deviation, with a share of phases that mean nothing. */
function lnWrapped(innovation: number, sigma: number, wild: number): number {
  let density = Math.exp(-0.5 * (innovation / sigma) ** 2)
  if (sigma > 0.8)
    for (const turn of [-2 * Math.PI, 2 * Math.PI])
      density += Math.exp(-0.5 * ((innovation + turn) / sigma) ** 2)
  const normal = density / (sigma * Math.sqrt(2 * Math.PI))
  return Math.log(wild / (2 * Math.PI) + (1 - wild) * normal)
}

/**
 * Adds what the phases of one view say. The bias that steel puts on them is smooth along the rail: every phase is
 * foretold from those to its left, and only what is new in it counts (locating 5, table of residuals).
 */
function addPhase(curve: Curve, view: View, sight: Sight, k: number, c: EvidenceConstants) {
  const seen = [...view.x.keys()].filter((i) => !Number.isNaN(view.phase[i]))
  const n = seen.length
  if (n < 2) return
  const x = Float64Array.from(seen, (i) => view.x[i] as number)
  const phase = Float64Array.from(seen, (i) => view.phase[i] as number)
  const weight = Float64Array.from(seen, (i) => view.weight[i] as number)
  const tilt = Float64Array.from(seen, (i) => view.tilt[i] as number)
  const l = factor(x, weight, c.phase, tilt)
  const y = new Float64Array(n)
  const { shape } = sight
  for (let g = 0; g < curve.ln.length; g++) {
    const at = curve.from + g * curve.step
    let sum = 0
    for (let i = 0; i < n; i++) {
      const aside = (x[i] as number) - at
      let foretold = 0
      for (let j = 0; j < i; j++) foretold += (l[i * n + j] as number) * (y[j] as number)
      const sigma = l[i * n + i] as number
      const way = k * Math.sqrt(aside * aside + sight.across2)
      const bent = shape ? shapeAt(shape.phase, shape.stepMm, aside) : 0
      const bare = (phase[i] as number) - way - bent
      const innovation = wrap(bare - foretold)
      y[i] = innovation / sigma
      if (i > 0) sum += lnWrapped(innovation, sigma, c.wildPhase)
    }
    curve.ln[g] = (curve.ln[g] as number) + sum
  }
}

/** dB of one read `aside` mm from straight in front, below one straight in front. */
export const asideDb = (aside: number, across2: number, lobe: number): number => {
  const ratio = (aside * aside) / across2
  return -(20 + lobe) * Math.log10(1 + ratio)
}

/** Adds what the levels of one view say: path loss and lobe, a strength of the tag, and a smooth bias. */
function addLevel(curve: Curve, view: View, sight: Sight, c: EvidenceConstants) {
  const n = view.x.length
  const l = factor(view.x, view.weight, c.level)
  const y = new Float64Array(n)
  const { shape } = sight
  const mean = view.rssi.reduce((a, b) => a + b, 0) / n
  for (let g = 0; g < curve.ln.length; g++) {
    const at = curve.from + g * curve.step
    let sum = 0
    for (let i = 0; i < n; i++) {
      const aside = (view.x[i] as number) - at
      const bent = shape ? shapeAt(shape.level, shape.stepMm, aside) : 0
      let rest = (view.rssi[i] as number) - mean - asideDb(aside, sight.across2, c.lobe) - bent
      for (let j = 0; j < i; j++) rest -= (l[i * n + j] as number) * (y[j] as number)
      const innovation = rest / (l[i * n + i] as number)
      y[i] = innovation
      sum -= 0.5 * innovation * innovation
    }
    curve.ln[g] = (curve.ln[g] as number) + sum
  }
}

/** Adds that reads come from around the tag, in bunches: places 10 cm apart are one look. */
function addPresence(curve: Curve, views: readonly View[], c: EvidenceConstants) {
  for (const view of views)
    for (let g = 0; g < curve.ln.length; g++) {
      const at = curve.from + g * curve.step
      let sum = 0
      let last = Number.NEGATIVE_INFINITY
      for (const x of view.x) {
        const share = Math.min(1, (x - last) / c.lookMm)
        last = x
        sum -= 0.5 * share * ((x - at) / c.spreadMm) ** 2
      }
      curve.ln[g] = (curve.ln[g] as number) + c.presence * sum
    }
}

/** What all antennas say of where one tag stands, around `centre`. Sights are by antenna. */
export function curveOf(
  views: readonly View[],
  sights: readonly Sight[],
  centre: number,
  referenceMhz: number,
  c: EvidenceConstants,
): Curve {
  const n = 2 * Math.round(c.searchMm / c.stepMm) + 1
  const curve: Curve = {
    from: centre - ((n - 1) / 2) * c.stepMm,
    step: c.stepMm,
    ln: new Float64Array(n),
  }
  addPresence(curve, views, c)
  for (const view of views) {
    const sight = sights[view.antenna] as Sight
    addPhase(curve, view, sight, radPerMhzMm * referenceMhz, c)
    addLevel(curve, view, sight, c)
  }
  for (let g = 0; g < n; g++) curve.ln[g] = c.temper * (curve.ln[g] as number)
  return curve
}

/** ln of the whole weight of a curve. */
export function lnMass({ ln, step }: Curve): number {
  const top = ln.reduce((a, b) => Math.max(a, b))
  return top + Math.log(step * ln.reduce((sum, l) => sum + Math.exp(l - top), 0))
}

/** One place where a tag may stand. */
export interface Mode {
  x: number
  sigma: number
  weight: number
}

/** The curve as a few normals: one for every hill that holds more than `least` of the whole; weights sum to one. */
export function modesOf({ from, step, ln }: Curve, least: number): Mode[] {
  const top = ln.reduce((a, b) => Math.max(a, b))
  const density = ln.map((l) => Math.exp(l - top))
  const all = density.reduce((a, b) => a + b)
  const modes: Mode[] = []
  let begin = 0
  for (let i = 1; i <= ln.length; i++) {
    const valley =
      i === ln.length ||
      (i + 1 < ln.length &&
        (ln[i] as number) <= (ln[i - 1] as number) &&
        (ln[i] as number) < (ln[i + 1] as number))
    if (!valley) continue
    const mode = hill(density, begin, i, from, step)
    if (mode.weight > least * all) modes.push(mode)
    begin = i
  }
  const kept = modes.reduce((s, m) => s + m.weight, 0)
  return modes.map((m) => ({ ...m, weight: m.weight / kept })).sort((a, b) => b.weight - a.weight)
}

function hill(density: Float64Array, begin: number, end: number, from: number, step: number): Mode {
  let weight = 0
  let x = 0
  for (let i = begin; i < end; i++) {
    weight += density[i] as number
    x += (density[i] as number) * (from + i * step)
  }
  x /= weight
  let variance = 0
  for (let i = begin; i < end; i++) variance += (density[i] as number) * (from + i * step - x) ** 2
  return { x, sigma: Math.sqrt(variance / weight + (step * step) / 12), weight }
}
