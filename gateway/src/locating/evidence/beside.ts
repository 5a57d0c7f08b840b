import type { EvidenceConstants } from '../constants.ts'
import { Scratch } from '../scratch.ts'
import { phaseAt } from './between.ts'
import { factor, freshIn } from './chain.ts'
import { columnOf, type Sight, tau, type View } from './views.ts'

/** One tag, as it is laid beside others of its board: what each antenna saw of it near where it was heard. */
export type Side = readonly Chain[]

/** Phases at one antenna, each foretold from those to its left. */
interface Chain {
  antenna: number
  /** Where the antenna was. */
  x: Float64Array
  phase: Float64Array
  weight: Float64Array
  tilt: Float64Array
  /** Whose each is, by the order of the tags. */
  tag: Uint8Array
  /** Lower factor of the covariance, row by row, and ln of the density of a phase as foretold. */
  factor: Float64Array
  top: Float64Array
}

/** Tags that one antenna heard, as if they stood side by side: all together, and each for itself. */
interface Heard {
  together: Chain
  alone: { chain: Chain; tag: number }[]
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
    return views.flatMap(({ antenna, ...v }) => {
      const near: number[] = []
      for (let i = 0; i < v.x.length; i++)
        if (Math.abs((v.x[i] as number) - centre) <= heardMm && !Number.isNaN(v.phase[i]))
          near.push(i)
      if (near.length === 0) return []
      const of = (column: Float64Array) => columnOf(column, near)
      const own = { x: of(v.x), phase: of(v.phase), weight: of(v.weight), tilt: of(v.tilt) }
      return [this.#chain({ antenna, ...own, tag: new Uint8Array(near.length) }, 1, oneself)]
    })
  }

  #chain(seen: Omit<Chain, 'factor' | 'top'>, tags: number, common: Float64Array): Chain {
    const { x, weight, tilt, tag } = seen
    const { phase } = this.#c
    const { wildPhase } = this.#c.beside
    const l = factor(x, weight, phase, tilt, { tag, tags, common })
    const n = x.length
    const top = new Float64Array(n)
    for (let i = 0; i < n; i++)
      top[i] = Math.log((1 - wildPhase) / (l[i * n + i] as number)) + 0.5 * lnTau
    return { ...seen, factor: l, top }
  }

  /** Tags from left to right, each so many mm right of some place. */
  group(sides: readonly Side[], mm: readonly number[]): Group {
    const { common: most, lengthMm } = this.#c.beside
    const n = sides.length
    const common = new Float64Array(n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const apart = Math.abs((mm[i] as number) - (mm[j] as number))
        common[i * n + j] = most * Math.exp(-apart / lengthMm)
      }
    const heard = this.#sights.flatMap((_, antenna): Heard[] => {
      const alone = sides.flatMap((side, tag) => {
        const chain = side.find((s) => s.antenna === antenna)
        return chain ? [{ chain, tag }] : []
      })
      if (alone.length < 2) return []
      return [{ together: this.#chain(merged(antenna, alone), n, common), alone }]
    })
    return { mm, heard }
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
    for (const { chain, tag } of alone) gain -= this.#ln(chain, at + (mm[tag] as number), here)
    return gain
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
const oneself = Float64Array.of(1)
const lnTau = Math.log(tau)
const scratch = new Scratch()

/** All tags at one antenna, from left to right of its way. */
function merged(
  antenna: number,
  alone: readonly { chain: Chain; tag: number }[],
): Omit<Chain, 'factor' | 'top'> {
  const n = alone.reduce((sum, { chain }) => sum + chain.x.length, 0)
  const column = () => new Float64Array(n)
  const out = { antenna, x: column(), phase: column(), weight: column(), tilt: column() }
  const whose = new Uint8Array(n)
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
    const { chain, tag } = alone[first] as { chain: Chain; tag: number }
    const i = next[first] as number
    next[first] = i + 1
    out.x[k] = least
    out.phase[k] = chain.phase[i] as number
    out.weight[k] = chain.weight[i] as number
    out.tilt[k] = chain.tilt[i] as number
    whose[k] = tag
  }
  return { ...out, tag: whose }
}
