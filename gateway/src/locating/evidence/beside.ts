import type { EvidenceConstants } from '../constants.ts'
import { numbers, Scratch } from '../scratch.ts'
import { phaseAt } from './between.ts'
import { factor, factorTogether, freshIn } from './chain.ts'
import { kept, type Sight, tau, type View } from './views.ts'

/** One tag, as it is laid beside others of its board: what each antenna saw of it near where it was heard. */
export type Side = readonly Own[]

/** Phases at one antenna, each foretold from those to its left. */
interface Chain {
  antenna: number
  /** Where the antenna was. */
  x: Float64Array
  phase: Float64Array
  /** Whose each is, by the order of the tags. */
  tag: Uint8Array
  /** Lower factor of the covariance, packed row by row, and ln of the density of a phase as foretold. */
  factor: Float64Array
  top: Float64Array
}

/** Phases of one tag, and what they said for themselves when they were last asked. */
interface Own extends Chain {
  weight: Float64Array
  tilt: Float64Array
  last: { at: number; ln: number }
}

/** Tags that one antenna heard, as if they stood side by side: all together, and each for itself. */
interface Heard {
  together: Chain
  alone: { chain: Own; tag: number }[]
}

/** Tags side by side, by antennas that heard several; mm is where each stands, right of some place. */
export interface Group {
  mm: readonly number[]
  heard: Heard[]
}

/**
 * Steel and clutter stand still while the antenna passes, so they bend the phases of two tags that stand side by side
 * nearly alike (locating 6.9). What they have in common says nothing of their order when each is judged alone; judged
 * together it falls out.
 */
export class Beside {
  readonly #sights: readonly Sight[]
  readonly #c: EvidenceConstants
  /** No phase counts less than one that means nothing; against that. */
  readonly #floor: number

  constructor(sights: readonly Sight[], c: EvidenceConstants) {
    this.#sights = sights
    this.#c = c
    this.#floor = Math.log(c.beside.wildPhase)
  }

  /** `centre` is where along the rail the tag was heard. */
  side(views: readonly View[], centre: number): Side {
    const { heardMm } = this.#c.beside
    const side: Own[] = []
    for (const view of views) {
      const near = (x: number): boolean => Math.abs(x - centre) <= heardMm
      const seen = kept(view, (i) => near(view.x[i] as number) && !Number.isNaN(view.phase[i]))
      const n = seen.x.length
      if (n === 0) continue
      const l = factor(seen, this.#c.phase)
      const own = { tag: new Uint8Array(n), factor: l, top: this.#topOf(l, n), last: nowhere }
      side.push({ ...seen, ...own })
    }
    return side
  }

  /** ln of the density of every phase as foretold. */
  #topOf(l: Float64Array, n: number): Float64Array {
    const { wildPhase } = this.#c.beside
    const top = numbers(n)
    for (let i = 0, o = 0; i < n; i++, o += i + 1)
      top[i] = Math.log((1 - wildPhase) / (l[o] as number)) + 0.5 * lnTau
    return top
  }

  /** Tags from left to right, each so many mm right of some place. */
  group(sides: readonly Side[], mm: readonly number[]): Group {
    const common = this.#commonOf(mm)
    const heard: Heard[] = []
    for (let antenna = 0; antenna < this.#sights.length; antenna++) {
      const alone = aloneAt(antenna, sides)
      if (alone.length < 2) continue
      heard.push({ together: this.#together(antenna, alone, sides.length, common), alone })
    }
    return { mm, heard }
  }

  #together(antenna: number, alone: Heard['alone'], tags: number, common: Float64Array): Chain {
    const { x, phase, tag, weight, tilt } = merged(alone)
    const l = factorTogether({ x, weight, tilt }, { tag, tags, common }, this.#c.phase)
    return { antenna, x, phase, tag, factor: l, top: this.#topOf(l, x.length) }
  }

  /** Share of the bias that tags so many mm right of some place have in common, a row a tag. */
  #commonOf(mm: readonly number[]): Float64Array {
    const { common: most, lengthMm } = this.#c.beside
    const n = mm.length
    const common = numbers(n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const apart = Math.abs((mm[i] as number) - (mm[j] as number))
        common[i * n + j] = i === j ? 1 : most * Math.exp(-apart / lengthMm)
      }
    return common
  }

  /**
   * ln of how much likelier the phases are of tags that stand so about `at`, than if one of them had nothing in common
   * with the others, which then stood as `others`; without these, than if all had nothing in common.
   */
  ln(group: Group, at: number, others: Group | null = null): number {
    if (group.heard.length === 0) return 0
    const { stepMm, reachMm, placeMm } = this.#c.beside
    let [sum, weights] = [0, 0]
    for (let off = -reachMm; off <= reachMm; off += stepMm) {
      const w = Math.exp(-0.5 * (off / placeMm) ** 2)
      const less = others ? this.#gains(others, at + off) : 0
      sum += w * Math.exp(this.#gains(group, at + off) - less)
      weights += w
    }
    return Math.log(sum / weights)
  }

  #gains({ heard, mm }: Group, at: number): number {
    const { trust, nothing } = this.#c.beside
    let sum = 0
    for (const one of heard)
      sum += Math.log(nothing + (1 - nothing) * Math.exp(trust * this.#gain(one, at, mm)))
    return sum
  }

  #gain({ together, alone }: Heard, at: number, mm: readonly number[]): number {
    let gain = this.#ln(together, at, mm)
    for (const { chain, tag } of alone) gain -= this.#lnAlone(chain, at + (mm[tag] as number))
    return gain
  }

  /** Asked of one place twice: in one company, then in the other. */
  #lnAlone(chain: Own, at: number): number {
    if (chain.last.at !== at) chain.last = { at, ln: this.#ln(chain, at, here) }
    return chain.last.ln
  }

  /**
   * ln likelihood of tags at these places, against phases that mean nothing; the first phase of each tag holds its own,
   * which is anything.
   */
  #ln(
    { antenna, x, phase, tag, factor: l, top }: Chain,
    at: number,
    mm: readonly number[],
  ): number {
    const { looks } = this.#sights[antenna] as Sight
    const middle = (looks.phase.length - 1) / 2
    const n = x.length
    const fresh = scratch.of(n)
    for (let i = 0; i < n; i++) {
      const aside = (x[i] as number) - at - (mm[tag[i] as number] as number)
      fresh[i] = (phase[i] as number) - phaseAt(looks.phase, aside / looks.stepMm + middle)
    }
    freshIn(fresh, l, n)
    let sum = 0
    let seen = 0
    for (let i = 0; i < n; i++) {
      const whose = 1 << (tag[i] as number)
      const y = fresh[i] as number
      if (seen & whose) sum += Math.max(this.#floor, (top[i] as number) - 0.5 * y * y)
      seen |= whose
    }
    return sum
  }
}

const here = [0]
const nowhere = { at: Number.NaN, ln: 0 }
const lnTau = Math.log(tau)
const scratch = new Scratch()
const weights = new Scratch()
const tilts = new Scratch()

/** The chains of one antenna, each for itself. */
function aloneAt(antenna: number, sides: readonly Side[]): Heard['alone'] {
  const alone: Heard['alone'] = []
  for (let tag = 0; tag < sides.length; tag++)
    for (const chain of sides[tag] as Side)
      if (chain.antenna === antenna) alone.push({ chain, tag })
  return alone
}

/** All tags at one antenna, from left to right of its way; weight and tilt are good until the next call. */
function merged(alone: Heard['alone']) {
  let n = 0
  for (const { chain } of alone) n += chain.x.length
  const out = {
    x: numbers(n),
    phase: numbers(n),
    weight: weights.of(n),
    tilt: tilts.of(n),
    tag: new Uint8Array(n),
  }
  const next = new Uint16Array(alone.length)
  for (let k = 0; k < n; k++) {
    let first = -1
    let least = Number.POSITIVE_INFINITY
    for (let a = 0; a < alone.length; a++) {
      const x = alone[a]?.chain.x[next[a] as number] ?? Number.POSITIVE_INFINITY
      if (x >= least) continue
      least = x
      first = a
    }
    const { chain, tag } = alone[first] as Heard['alone'][number]
    const i = next[first] as number
    next[first] = i + 1
    out.x[k] = least
    out.phase[k] = chain.phase[i] as number
    out.weight[k] = chain.weight[i] as number
    out.tilt[k] = chain.tilt[i] as number
    out.tag[k] = tag
  }
  return out
}
