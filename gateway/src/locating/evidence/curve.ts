import type { BetweenConstants, EvidenceConstants } from '../constants.ts'
import { lnI0 } from './bessel.ts'
import { concentration, lnTogether, meanOf, phaseAt } from './between.ts'
import { factor, type Kernel } from './chain.ts'
import { type Sight, tau, type View, wrap } from './views.ts'

/**
 * ln likelihood of where a tag stands: `ln[i]` at `from + i · step`, against phases that mean nothing and levels that
 * fit as well as is usual.
 */
export interface Curve {
  from: number
  step: number
  ln: Float64Array
}

const lnTau = Math.log(tau)

/** What one view looked like, sample by sample from the left, and what is new in each. */
interface Samples {
  x: Float64Array
  value: Float64Array
  /** Lower factor of the covariance, row by row; its diagonal inverted apart. */
  factor: Float64Array
  inverse: Float64Array
}

function samplesOf(
  view: View,
  value: Float64Array,
  kernel: Kernel,
  tilted: boolean,
): Samples | null {
  const seen = [...view.x.keys()].filter((i) => !Number.isNaN(value[i]))
  if (seen.length === 0) return null
  const of = (column: Float64Array) => Float64Array.from(seen, (i) => column[i] as number)
  const x = of(view.x)
  const l = factor(x, of(view.weight), kernel, tilted ? of(view.tilt) : null)
  const n = seen.length
  const inverse = Float64Array.from(seen, (_, i) => 1 / (l[i * n + i] as number))
  return { x, value: of(value), factor: l, inverse }
}

/**
 * Adds what the phases of one view say. The bias that steel puts on them is smooth along the rail: every phase is
 * foretold from those to its left, and only what is new in it counts (locating 5, table of residuals). A phase may mean
 * nothing, so none counts against a place by more than that. What all of them have in common goes to `vectors`.
 */
function addPhase(
  curve: Curve,
  view: View,
  { looks, offset }: Sight,
  c: EvidenceConstants,
  vectors: Vectors,
) {
  const s = samplesOf(view, view.phase, c.phase, true)
  if (!s) return
  const n = s.x.length
  const { gain, variance } = meanOf(s.factor, n, c.phase.offset)
  const weight = vectors.add(offset, variance)
  const floor = Math.log(c.wildPhase / tau)
  const top = s.inverse.map((inverse) => Math.log(((1 - c.wildPhase) * inverse) / Math.sqrt(tau)))
  const y = new Float64Array(n)
  const middle = (looks.phase.length - 1) / 2
  for (let g = 0; g < curve.ln.length; g++) {
    const at = curve.from + g * curve.step
    let sum = 0
    let mean = -(offset ?? 0)
    for (let i = 0; i < n; i++) {
      let rest = s.value[i] as number
      rest -= phaseAt(looks.phase, ((s.x[i] as number) - at) / looks.stepMm + middle)
      for (let j = 0; j < i; j++) rest -= (s.factor[i * n + j] as number) * (y[j] as number)
      const fresh = wrap(rest) * (s.inverse[i] as number)
      y[i] = fresh
      mean += (gain[i] as number) * fresh
      if (i > 0) sum += Math.max(floor, (top[i] as number) - 0.5 * fresh * fresh) + lnTau
    }
    curve.ln[g] = (curve.ln[g] as number) + sum
    if (weight > 0) vectors.turn(g, weight, mean)
  }
}

/** What the antennas say of a tag's own phase, at every place that is searched (`between.ts`). */
class Vectors {
  readonly #sin: Float64Array
  readonly #cos: Float64Array
  readonly #c: BetweenConstants
  #single = 0
  #antennas = 0

  constructor(places: number, c: BetweenConstants) {
    this.#sin = new Float64Array(places)
    this.#cos = new Float64Array(places)
    this.#c = c
  }

  /** How much one more antenna counts; nothing while its offset is unknown. */
  add(offset: number | null, variance: number): number {
    if (offset === null) return 0
    const weight = concentration(variance, this.#c)
    this.#single += lnI0(weight)
    this.#antennas++
    return weight
  }

  turn(g: number, weight: number, rad: number) {
    this.#sin[g] = (this.#sin[g] as number) + weight * Math.sin(rad)
    this.#cos[g] = (this.#cos[g] as number) + weight * Math.cos(rad)
  }

  ln(): Float64Array {
    if (this.#antennas < 2) return new Float64Array(this.#sin.length)
    return this.#sin.map((s, g) =>
      lnTogether(Math.hypot(s, this.#cos[g] as number), this.#single, this.#c),
    )
  }
}

/** Adds what the levels of one view say: path loss, lobe and steel, a strength of the tag, and a smooth bias. */
function addLevel(curve: Curve, view: View, { looks }: Sight, c: EvidenceConstants) {
  const mean = view.rssi.reduce((a, b) => a + b, 0) / view.rssi.length
  const value = view.rssi.map((r) => r - mean)
  const s = samplesOf(view, value, c.level, false)
  if (!s) return
  const n = s.x.length
  const y = new Float64Array(n)
  const middle = (looks.level.length - 1) / 2
  for (let g = 0; g < curve.ln.length; g++) {
    const at = curve.from + g * curve.step
    let sum = 0
    for (let i = 0; i < n; i++) {
      let rest = s.value[i] as number
      rest -= phaseAt(looks.level, ((s.x[i] as number) - at) / looks.stepMm + middle)
      for (let j = 0; j < i; j++) rest -= (s.factor[i * n + j] as number) * (y[j] as number)
      const fresh = rest * (s.inverse[i] as number)
      y[i] = fresh
      sum += 0.5 - 0.5 * fresh * fresh
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

/**
 * What all antennas say of where one tag stands, around `centre`: each for itself, and, at the same places, `between`
 * them. Sights are by antenna.
 */
export function curveOf(
  views: readonly View[],
  sights: readonly Sight[],
  centre: number,
  c: EvidenceConstants,
): Curve & { between: Float64Array } {
  const n = 2 * Math.round(c.searchMm / c.stepMm) + 1
  const curve: Curve = {
    from: centre - ((n - 1) / 2) * c.stepMm,
    step: c.stepMm,
    ln: new Float64Array(n),
  }
  const vectors = new Vectors(n, c.between)
  addPresence(curve, views, c)
  for (const view of views) {
    const sight = sights[view.antenna] as Sight
    addPhase(curve, view, sight, c, vectors)
    addLevel(curve, view, sight, c)
  }
  for (let g = 0; g < n; g++) curve.ln[g] = c.temper * (curve.ln[g] as number)
  return { ...curve, between: vectors.ln() }
}

/** ln of the mean weight of a curve. */
export function lnMass({ ln }: Curve): number {
  const top = ln.reduce((a, b) => Math.max(a, b))
  return top + Math.log(ln.reduce((sum, l) => sum + Math.exp(l - top), 0) / ln.length)
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
