import type { BetweenConstants, EvidenceConstants } from '../constants.ts'
import { numbers } from '../scratch.ts'
import { lnI0 } from './bessel.ts'
import { factor, freshIn } from './chain.ts'
import { phasedOf, type Sight, type View, wrap } from './views.ts'

/**
 * A tag has one phase of its own, whichever antenna hears it. So what one antenna sees of a tag beyond its way, less
 * what is that antenna's own, is the same for all of them: antennas above each other tell boards apart, as the ways
 * from a board to them differ by tenths of a metre.
 */
export interface Seen {
  antenna: number
  /** Mean phase beyond the way, rad; only its place on the circle means something. */
  rad: number
  /** Of what steel adds to it, rad². */
  variance: number
}

/** How the mean of one view comes out of what is new in its samples: `gain · y`. */
export interface Mean {
  gain: Float64Array
  variance: number
}

/** `l` is the lower factor of the samples' covariance, packed row by row, with `offset` in common. */
export function meanOf(l: Float64Array, n: number, offset: number): Mean {
  const gain = numbers(n)
  let squares = 0
  for (let i = 0, o = 0; i < n; i++, o++) {
    let rest = 1
    for (let j = 0; j < i; j++, o++) rest -= (l[o] as number) * (gain[j] as number)
    const own = rest / (l[o] as number)
    gain[i] = own
    squares += own ** 2
  }
  const common = offset ** 2
  for (let i = 0; i < n; i++) gain[i] = common * (gain[i] as number)
  return { gain, variance: common - common ** 2 * squares }
}

/** What is new in every phase of one view, from left to right, were its tag at `at`; and its mean beyond the way. */
export interface Fresh extends Seen {
  /** In standard deviations; the first holds what is the tag's own, and is anything. */
  y: Float64Array
}

/** null where the view has no phases. */
export function freshOf(
  view: View,
  { looks }: Sight,
  at: number,
  c: EvidenceConstants,
): Fresh | null {
  const seen = phasedOf(view)
  const { x, phase } = seen
  const n = x.length
  if (n === 0) return null
  const l = factor(seen, c.phase)
  const { gain, variance } = meanOf(l, n, c.phase.offset)
  const middle = (looks.phase.length - 1) / 2
  const y = numbers(n)
  for (let i = 0; i < n; i++)
    y[i] =
      (phase[i] as number) - phaseAt(looks.phase, ((x[i] as number) - at) / looks.stepMm + middle)
  freshIn(y, l, n)
  let rad = 0
  for (let i = 0; i < n; i++) rad += (gain[i] as number) * (y[i] as number)
  return { antenna: view.antenna, y, rad: wrap(rad), variance }
}

/** What is expected between two points of a column of looks. */
export function phaseAt(column: Float64Array, place: number): number {
  const i = Math.max(0, Math.min(column.length - 2, Math.floor(place)))
  const here = column[i] as number
  return here + (place - i) * ((column[i + 1] as number) - here)
}

/** How sure one view's mean is, as von Mises counts it. */
export const concentration = (variance: number, c: BetweenConstants): number =>
  1 / (variance + c.sigma ** 2)

/**
 * ln likelihood of phases whose weighted vectors sum to one of length `sum`, against phases that mean nothing: each is
 * von Mises about what is the tag's own, and that is anything. `single` is the sum of ln I₀ of their concentrations.
 */
export const lnTogether = (sum: number, single: number, c: BetweenConstants): number =>
  Math.log(c.wild + (1 - c.wild) * Math.exp(lnI0(sum) - single))

/**
 * What is each antenna's own before one tier (cable, reader, and what steel does to the tier as a whole), by antenna;
 * of all of them together it is anything. From tags whose place is known. null where too few tell.
 */
export function antennaOffsets(
  tags: readonly (readonly Seen[])[],
  antennas: number,
  c: BetweenConstants,
): (number | null)[] {
  const told = tags.filter((t) => t.length > 1)
  const count = new Int32Array(antennas)
  for (const { antenna } of told.flat()) count[antenna] = (count[antenna] as number) + 1
  const known = Array.from(count, (n) => n >= c.leastTags)
  const offset = fromPairs(told, antennas, c)
  for (let round = 0; round < c.rounds; round++) refine(told, offset, c)
  return Array.from(offset, (o, a) => (known[a] ? o : null))
}

/** Starts from the antenna heard most, then whichever is heard most together with those that are known. */
function fromPairs(tags: readonly (readonly Seen[])[], antennas: number, c: BetweenConstants) {
  const [sin, cos] = [new Float64Array(antennas ** 2), new Float64Array(antennas ** 2)]
  for (const seen of tags)
    for (const a of seen)
      for (const b of seen) {
        if (a.antenna === b.antenna) continue
        const w = 1 / (a.variance + b.variance + 2 * c.sigma ** 2)
        const i = a.antenna * antennas + b.antenna
        sin[i] = (sin[i] as number) + w * Math.sin(a.rad - b.rad)
        cos[i] = (cos[i] as number) + w * Math.cos(a.rad - b.rad)
      }
  const strength = (a: number, b: number) =>
    Math.hypot(sin[a * antennas + b] as number, cos[a * antennas + b] as number)
  const offset = new Float64Array(antennas)
  const open = new Set(offset.keys())
  const known: number[] = []
  while (open.size > 0) {
    let best: [number, number, number] = [-1, -1, -1]
    for (const a of open)
      for (const b of known.length > 0 ? known : offset.keys())
        if (strength(a, b) > best[2]) best = [a, b, strength(a, b)]
    const [a, b] = best
    if (known.length > 0) {
      const i = a * antennas + b
      offset[a] = (offset[b] as number) + Math.atan2(sin[i] as number, cos[i] as number)
    }
    open.delete(a)
    known.push(a)
  }
  return offset
}

/** Every antenna against what the others of the same tag say. */
function refine(tags: readonly (readonly Seen[])[], offset: Float64Array, c: BetweenConstants) {
  const [sin, cos] = [new Float64Array(offset.length), new Float64Array(offset.length)]
  for (const seen of tags)
    for (const { antenna, rad, variance } of seen) {
      const [s, k] = sumOf(
        seen.filter((o) => o.antenna !== antenna),
        offset,
        c,
      )
      const others = Math.hypot(s, k)
      const w = concentration(variance, c) / (1 + concentration(variance, c) / others)
      const off = rad - Math.atan2(s, k)
      sin[antenna] = (sin[antenna] as number) + w * Math.sin(off)
      cos[antenna] = (cos[antenna] as number) + w * Math.cos(off)
    }
  for (const a of offset.keys())
    if (sin[a] !== 0 || cos[a] !== 0) offset[a] = Math.atan2(sin[a] as number, cos[a] as number)
}

/** Vectors of what the antennas say of a tag's own phase, by their concentrations. */
function sumOf(
  seen: readonly Seen[],
  offset: Float64Array,
  c: BetweenConstants,
): [sin: number, cos: number] {
  let [s, k] = [0, 0]
  for (const { antenna, rad, variance } of seen) {
    const w = concentration(variance, c)
    s += w * Math.sin(rad - (offset[antenna] as number))
    k += w * Math.cos(rad - (offset[antenna] as number))
  }
  return [s, k]
}
