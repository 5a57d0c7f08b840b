import type { EvidenceConstants } from '../constants.ts'
import { phaseAt } from './between.ts'
import { factor, freshIn } from './chain.ts'
import { type Sight, tau, type View } from './views.ts'

/** One tag, as it is laid beside another one of its board. */
export interface Side {
  views: readonly View[]
  /** Where along the rail it was heard. */
  centre: number
}

/** Phases of two tags at one antenna, from left to right; what each would show were it alone is apart. */
interface Pair {
  antenna: number
  /** Where the antenna was. */
  x: Float64Array
  phase: Float64Array
  /** 0 for the left tag, 1 for the right one. */
  side: Uint8Array
  /** Lower factors of the covariance, row by row: of both together, and of each for itself. */
  together: Float64Array
  apart: Float64Array
}

const lnTau = Math.log(tau)

/**
 * Steel and clutter stand still while the antenna passes, so they bend the phases of two tags that stand side by side
 * nearly alike (locating 6.9; correlation at one place of the antenna .6 at 2 cm, .4 at 6, .2 at 10, measured on drawn
 * walks). What they have in common says nothing of their order when each is judged alone; judged together it falls
 * out.
 */
export class Beside {
  readonly #sights: readonly Sight[]
  readonly #c: EvidenceConstants

  constructor(sights: readonly Sight[], c: EvidenceConstants) {
    this.#sights = sights
    this.#c = c
  }

  /**
   * ln of how much likelier the phases are of two tags of which the right one stands `apartMm` right of the left one,
   * which stands about `at`, than of two that have nothing in common. Bounded below: that two tags do not agree is no
   * news.
   */
  ln(left: Side, right: Side, at: number, apartMm: number): number {
    const { stepMm, reachMm, trust, nothing } = this.#c.beside
    const pairs = this.#pairs(left, right, apartMm)
    if (pairs.length === 0) return 0
    let [sum, all] = [0, 0]
    for (let off = -reachMm; off <= reachMm; off += stepMm) {
      const x = at + off
      const w = Math.exp(-0.5 * (off / this.#c.beside.placeMm) ** 2)
      let ln = 0
      for (const pair of pairs)
        ln += Math.log(nothing + (1 - nothing) * Math.exp(trust * this.#gain(pair, x, apartMm)))
      sum += w * Math.exp(ln)
      all += w
    }
    return Math.log(sum / all)
  }

  #pairs(left: Side, right: Side, apartMm: number): Pair[] {
    const share = this.#c.beside.common * Math.exp(-apartMm / this.#c.beside.lengthMm)
    return left.views.flatMap((mine) => {
      const other = right.views.find((v) => v.antenna === mine.antenna)
      return (other && this.#pair(mine, left.centre, other, right.centre, share)) ?? []
    })
  }

  #pair(left: View, leftAt: number, right: View, rightAt: number, share: number): Pair | null {
    const { heardMm } = this.#c.beside
    const places = [left, right].flatMap((view, side) =>
      [...view.x.keys()].flatMap((i) => {
        const x = view.x[i] as number
        const near = Math.abs(x - (side === 0 ? leftAt : rightAt)) <= heardMm
        const [phase, weight] = [view.phase[i] as number, view.weight[i] as number]
        return near && !Number.isNaN(phase)
          ? [{ x, phase, weight, side, tilt: view.tilt[i] as number }]
          : []
      }),
    )
    const first = places[0]?.side
    if (places.length < 3 || places.every((p) => p.side === first)) return null
    places.sort((a, b) => a.x - b.x)
    const of = (value: (p: (typeof places)[number]) => number) => Float64Array.from(places, value)
    const [x, weight, tilt] = [of((p) => p.x), of((p) => p.weight), of((p) => p.tilt)]
    const side = Uint8Array.from(places, (p) => p.side)
    const sharing = (common: number) => factor(x, weight, this.#c.phase, tilt, { side, common })
    const [together, apart] = [sharing(share), sharing(0)]
    return { antenna: left.antenna, x, phase: of((p) => p.phase), side, together, apart }
  }

  #gain(pair: Pair, at: number, apartMm: number): number {
    const { looks } = this.#sights[pair.antenna] as Sight
    const middle = (looks.phase.length - 1) / 2
    const beyond = pair.phase.map((phase, i) => {
      const stands = at + (pair.side[i] as number) * apartMm
      return phase - phaseAt(looks.phase, ((pair.x[i] as number) - stands) / looks.stepMm + middle)
    })
    return this.#ln(pair, beyond, pair.together) - this.#ln(pair, beyond, pair.apart)
  }

  /** ln likelihood against phases that mean nothing; the first of each tag holds its own phase, which is anything. */
  #ln({ side }: Pair, beyond: Float64Array, l: Float64Array): number {
    const wild = this.#c.wildPhase
    const floor = Math.log(wild / tau)
    const n = beyond.length
    const seen = [false, false]
    let sum = 0
    for (const [i, fresh] of freshIn(beyond, l).entries()) {
      const sigma = l[i * n + i] as number
      const s = side[i] as number
      if (seen[s])
        sum +=
          Math.max(floor, Math.log((1 - wild) / sigma) - 0.5 * lnTau - 0.5 * fresh * fresh) + lnTau
      seen[s] = true
    }
    return sum
  }
}
