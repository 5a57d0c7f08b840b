import type { EvidenceConstants } from '../constants.ts'
import { Scratch } from '../scratch.ts'
import { phaseAt } from './between.ts'
import { factor, freshIn } from './chain.ts'
import { columnOf, type Sight, tau, type View } from './views.ts'

/** One tag, as it is laid beside another one of its board: what each antenna saw of it near where it was heard. */
export type Side = readonly Chain[]

/** Phases at one antenna, each foretold from those to its left. */
interface Chain {
  antenna: number
  /** Where the antenna was. */
  x: Float64Array
  phase: Float64Array
  weight: Float64Array
  tilt: Float64Array
  /** Whose each is: 0 for the left tag, 1 for the right one. */
  side: Uint8Array
  /** Lower factor of the covariance, row by row, and ln of the density of a phase as foretold. */
  factor: Float64Array
  top: Float64Array
}

/** Two tags at one antenna: both together, and each for itself. */
export interface Pair {
  together: Chain
  left: Chain
  right: Chain
}

/**
 * Steel and clutter stand still while the antenna passes, so they bend the phases of two tags that stand side by side
 * nearly alike (locating 6.9; correlation at one place of the antenna .6 at 2 cm, .4 at 6, .2 at 10, measured on drawn
 * walks). What they have in common says nothing of their order when each is judged alone; judged together it falls
 * out.
 */
export class Beside {
  readonly #sights: readonly Sight[]
  readonly #c: EvidenceConstants
  /** No phase counts less than one that means nothing; against that. */
  readonly #floor: number

  constructor(sights: readonly Sight[], c: EvidenceConstants) {
    this.#sights = sights
    this.#c = c
    this.#floor = Math.log(c.wildPhase)
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
      return [this.#chain({ antenna, ...own, side: new Uint8Array(near.length) }, 1)]
    })
  }

  #chain(seen: Omit<Chain, 'factor' | 'top'>, common: number): Chain {
    const { x, weight, tilt, side } = seen
    const { phase, wildPhase } = this.#c
    const l = factor(x, weight, phase, tilt, { side, common })
    const n = x.length
    const top = new Float64Array(n)
    for (let i = 0; i < n; i++)
      top[i] = Math.log((1 - wildPhase) / (l[i * n + i] as number)) + 0.5 * lnTau
    return { ...seen, factor: l, top }
  }

  /** Two tags of which the right one stands `apartMm` right of the left one, by antennas that heard both. */
  pairs(left: Side, right: Side, apartMm: number): Pair[] {
    const share = this.#c.beside.common * Math.exp(-apartMm / this.#c.beside.lengthMm)
    return left.flatMap((mine) => {
      const other = right.find((o) => o.antenna === mine.antenna)
      if (!other || mine.x.length + other.x.length < 3) return []
      return [{ together: this.#chain(merged(mine, other), share), left: mine, right: other }]
    })
  }

  /**
   * ln of how much likelier the phases are of two such tags, the left one at about `at`, than of two that have nothing
   * in common. Bounded below: that two tags do not agree is no news.
   */
  ln(pairs: readonly Pair[], at: number, apartMm: number): number {
    if (pairs.length === 0) return 0
    const { stepMm, reachMm, placeMm, trust, nothing } = this.#c.beside
    let [sum, all] = [0, 0]
    for (let off = -reachMm; off <= reachMm; off += stepMm) {
      const w = Math.exp(-0.5 * (off / placeMm) ** 2)
      let ln = 0
      for (const pair of pairs)
        ln += Math.log(
          nothing + (1 - nothing) * Math.exp(trust * this.#gain(pair, at + off, apartMm)),
        )
      sum += w * Math.exp(ln)
      all += w
    }
    return Math.log(sum / all)
  }

  #gain({ together, left, right }: Pair, at: number, apartMm: number): number {
    const apart = this.#ln(left, at, at) + this.#ln(right, at + apartMm, at)
    return this.#ln(together, at, at + apartMm) - apart
  }

  /**
   * ln likelihood of tags at these places, against phases that mean nothing; the first phase of each tag holds its own,
   * which is anything.
   */
  #ln({ antenna, x, phase, side, factor: l, top }: Chain, left: number, right: number): number {
    const { looks } = this.#sights[antenna] as Sight
    const middle = (looks.phase.length - 1) / 2
    const n = x.length
    const fresh = scratch.of(n)
    for (let i = 0; i < n; i++) {
      const aside = (x[i] as number) - (side[i] === 0 ? left : right)
      fresh[i] = (phase[i] as number) - phaseAt(looks.phase, aside / looks.stepMm + middle)
    }
    freshIn(fresh, l, n)
    let sum = 0
    let seen = 0
    for (let i = 0; i < n; i++) {
      const whose = side[i] === 0 ? 1 : 2
      const y = fresh[i] as number
      if (seen & whose) sum += Math.max(this.#floor, (top[i] as number) - 0.5 * y * y)
      seen |= whose
    }
    return sum
  }
}

const lnTau = Math.log(tau)
const scratch = new Scratch()

/** Both tags at one antenna, from left to right. */
function merged(left: Chain, right: Chain): Omit<Chain, 'factor' | 'top'> {
  const n = left.x.length + right.x.length
  const column = () => new Float64Array(n)
  const out = { x: column(), phase: column(), weight: column(), tilt: column() }
  const side = new Uint8Array(n)
  for (let k = 0, i = 0, j = 0; k < n; k++) {
    const isLeft = j >= right.x.length || (left.x[i] as number) <= (right.x[j] as number)
    const [from, at] = isLeft ? [left, i++] : [right, j++]
    out.x[k] = from.x[at] as number
    out.phase[k] = from.phase[at] as number
    out.weight[k] = from.weight[at] as number
    out.tilt[k] = from.tilt[at] as number
    side[k] = isLeft ? 0 : 1
  }
  return { antenna: left.antenna, ...out, side }
}
