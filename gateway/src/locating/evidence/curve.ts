import { packed } from '../cholesky.ts'
import type { BetweenConstants, EvidenceConstants } from '../constants.ts'
import { numbers, Scratch } from '../scratch.ts'
import { lnI0 } from './bessel.ts'
import { concentration, lnTogether, meanOf } from './between.ts'
import { factor } from './chain.ts'
import { phasedOf, type Sight, tau, type View, wrap } from './views.ts'

/**
 * ln likelihood of where a tag stands: `ln[i]` at `from + i · step`, against phases that mean nothing and levels that
 * fit as well as is usual.
 */
export interface Curve {
  from: number
  step: number
  ln: Float64Array
}

const scratch = new Scratch()
const factors = new Scratch()

/**
 * What is left of every sample at `x` were the tag at every place that is searched, sample by sample: the column is
 * moved along by as many of its steps from one place to the next. Good until the next call.
 */
function restsOf(
  x: Float64Array,
  value: Float64Array,
  { from, step, ln }: Curve,
  column: Float64Array,
  stepMm: number,
): Float64Array {
  const places = ln.length
  const rests = scratch.of(x.length * places)
  // So many steps of the column, whole ones: all places lie equally far between two of them.
  const by = Math.round(step / stepMm)
  const middle = (column.length - 1) / 2
  for (let i = 0; i < x.length; i++) {
    const at = ((x[i] as number) - from) / stepMm + middle
    const first = Math.floor(at)
    const right = at - first
    const left = 1 - right
    const own = value[i] as number
    const o = i * places
    for (let g = 0, low = first; g < places; g++, low -= by)
      rests[o + g] = own - left * (column[low] as number) - right * (column[low + 1] as number)
  }
  return rests
}

/**
 * Takes off sample i, at every place, what is foretold by the samples before it, which hold what was new in them.
 * `row` is where its row of the factor begins.
 */
function foretell(rests: Float64Array, l: Float64Array, row: number, i: number, places: number) {
  const mine = i * places
  let j = 0
  // Four at once: most of the time goes into moving numbers.
  for (; j + 3 < i; j += 4) {
    const l0 = l[row + j] as number
    const l1 = l[row + j + 1] as number
    const l2 = l[row + j + 2] as number
    const l3 = l[row + j + 3] as number
    const o0 = j * places
    const o1 = o0 + places
    const o2 = o1 + places
    const o3 = o2 + places
    for (let g = 0; g < places; g++)
      rests[mine + g] =
        (rests[mine + g] as number) -
        l0 * (rests[o0 + g] as number) -
        l1 * (rests[o1 + g] as number) -
        l2 * (rests[o2 + g] as number) -
        l3 * (rests[o3 + g] as number)
  }
  for (; j + 1 < i; j += 2) {
    const l0 = l[row + j] as number
    const l1 = l[row + j + 1] as number
    const o0 = j * places
    const o1 = o0 + places
    for (let g = 0; g < places; g++)
      rests[mine + g] =
        (rests[mine + g] as number) -
        l0 * (rests[o0 + g] as number) -
        l1 * (rests[o1 + g] as number)
  }
  if (j < i) {
    const by = l[row + j] as number
    const o = j * places
    for (let g = 0; g < places; g++)
      rests[mine + g] = (rests[mine + g] as number) - by * (rests[o + g] as number)
  }
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
  const { ln } = curve
  const seen = phasedOf(view)
  const n = seen.x.length
  if (n === 0) return
  const places = ln.length
  const l = factor(seen, c.phase, factors.of(packed(n)))
  const { gain, variance } = meanOf(l, n, c.phase.offset)
  const mean = vectors.add(offset, variance)
  const floor = Math.log(c.wildPhase)
  const rests = restsOf(seen.x, seen.phase, curve, looks.phase, looks.stepMm)
  for (let i = 0, row = 0; i < n; row += ++i) {
    foretell(rests, l, row, i, places)
    const inverse = 1 / (l[row + i] as number)
    const share = gain[i] as number
    const top = Math.log((1 - c.wildPhase) * inverse * Math.sqrt(tau))
    const o = i * places
    for (let g = 0; g < places; g++) rests[o + g] = wrap(rests[o + g] as number) * inverse
    for (let g = 0; mean && g < places; g++)
      mean[g] = (mean[g] as number) + share * (rests[o + g] as number)
    // The first holds the tag's own phase, which is anything.
    if (i === 0) continue
    for (let g = 0; g < places; g++) {
      const fresh = rests[o + g] as number
      ln[g] = (ln[g] as number) + Math.max(floor, top - 0.5 * fresh * fresh)
    }
  }
  if (mean) vectors.turn(mean)
}

/** What the antennas say of a tag's own phase, at every place that is searched (`between.ts`). */
class Vectors {
  readonly #sin: Float64Array
  readonly #cos: Float64Array
  readonly #mean: Float64Array
  readonly #c: BetweenConstants
  #weight = 0
  #single = 0
  #antennas = 0

  constructor(places: number, c: BetweenConstants) {
    this.#sin = numbers(places)
    this.#cos = numbers(places)
    this.#mean = numbers(places)
    this.#c = c
  }

  /** One more antenna: where its mean phase at every place is to be summed; null while its offset is unknown. */
  add(offset: number | null, variance: number): Float64Array | null {
    if (offset === null) return null
    this.#weight = concentration(variance, this.#c)
    this.#single += lnI0(this.#weight)
    this.#antennas++
    return this.#mean.fill(-offset)
  }

  turn(mean: Float64Array) {
    for (let g = 0; g < mean.length; g++) {
      const rad = mean[g] as number
      this.#sin[g] = (this.#sin[g] as number) + this.#weight * Math.sin(rad)
      this.#cos[g] = (this.#cos[g] as number) + this.#weight * Math.cos(rad)
    }
  }

  ln(): Float64Array {
    const out = numbers(this.#sin.length)
    if (this.#antennas < 2) return out
    for (let g = 0; g < out.length; g++) {
      const [s, k] = [this.#sin[g] as number, this.#cos[g] as number]
      out[g] = lnTogether(Math.sqrt(s * s + k ** 2), this.#single, this.#c)
    }
    return out
  }
}

/** Adds what the levels of one view say: path loss, lobe and steel, a strength of the tag, and a smooth bias. */
function addLevel(curve: Curve, view: View, { looks }: Sight, c: EvidenceConstants) {
  const { x, rssi, weight } = view
  const n = x.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += rssi[i] as number
  const value = numbers(n)
  for (let i = 0; i < n; i++) value[i] = (rssi[i] as number) - sum / n
  const { ln } = curve
  const places = ln.length
  const l = factor({ x, weight, tilt: null }, c.level, factors.of(packed(n)))
  const rests = restsOf(x, value, curve, looks.level, looks.stepMm)
  for (let i = 0, row = 0; i < n; row += ++i) {
    foretell(rests, l, row, i, places)
    const inverse = 1 / (l[row + i] as number)
    for (let g = 0, o = i * places; g < places; g++, o++) {
      const fresh = (rests[o] as number) * inverse
      rests[o] = fresh
      ln[g] = (ln[g] as number) + 0.5 - 0.5 * fresh * fresh
    }
  }
}

/** Adds that reads come from around the tag, in bunches: places nearer than a look are one. Returns how many there are. */
function addPresence(curve: Curve, views: readonly View[], c: EvidenceConstants): number {
  // Sums of squares about any place, from the three moments of the looks.
  let [all, first, second] = [0, 0, 0]
  for (const { x } of views)
    for (let i = 0; i < x.length; i++) {
      const at = (x[i] as number) - curve.from
      const share = i === 0 ? 1 : Math.min(1, (at + curve.from - (x[i - 1] as number)) / c.lookMm)
      all += share
      first += share * at
      second += share * at * at
    }
  const scale = (-0.5 * c.presence) / c.spreadMm ** 2
  for (let g = 0; g < curve.ln.length; g++) {
    const at = g * curve.step
    const squares = second - 2 * at * first + at * at * all
    curve.ln[g] = (curve.ln[g] as number) + scale * squares
  }
  return all
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
    ln: numbers(n),
  }
  const vectors = new Vectors(n, c.between)
  const looks = addPresence(curve, views, c)
  for (const view of views) {
    const sight = sights[view.antenna] as Sight
    addPhase(curve, view, sight, c, vectors)
    addLevel(curve, view, sight, c)
  }
  const independent = Math.min(1, c.independent.most / (looks + c.independent.half))
  for (let g = 0; g < n; g++) curve.ln[g] = independent * (curve.ln[g] as number)
  return { ...curve, between: vectors.ln() }
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
