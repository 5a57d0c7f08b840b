import type { RowConstants } from '../constants.ts'
import { Cluster } from './cluster.ts'
import { gripOf, lnBessel } from './grip.ts'
import { meanWaveNumber, type Profile } from './profile.ts'
import { type Normal, pull, tie } from './pulls.ts'
import { Rows } from './residual-rows.ts'
import type { RowAntenna } from './row.ts'

/** mm. */
export interface DepthPrior {
  at: number
  sigma: number
}

/**
 * Where in the vector of unknowns: x of all tags, answer of all tags (re, im), depth, common answer (re, im), and for
 * each antenna the usual level (ln, one way) and phase of a tag.
 */
export interface Layout {
  tags: number
  size: number
  depth: number
  common: number
  level: number
  turn: number
}

export const layoutOf = (tags: number, antennas: number): Layout => ({
  tags,
  size: 3 * tags + 3 + 2 * antennas,
  depth: 3 * tags,
  common: 3 * tags + 1,
  level: 3 * tags + 3,
  turn: 3 * tags + 3 + antennas,
})

/** How many tags are taken to couple. */
export const clusterSize = (tags: number, c: RowConstants): number =>
  tags > c.searchTags ? c.long.clusterTags : Math.min(tags, c.clusterTags)

/**
 * How badly a row of coupled dipoles at given places explains what was heard. Every profile has a phase and a level of
 * its own, which are solved for on the way (variable projection).
 */
export class RowModel {
  readonly layout: Layout
  readonly profiles: readonly Profile[]
  readonly antennas: readonly RowAntenna[]
  readonly #c: RowConstants
  readonly #gapMm: number
  readonly priorDepth: DepthPrior
  readonly #cluster: Cluster
  readonly #rows: Rows
  /** By antenna, since `arrange`: how alike its tags turn the phase, and the cost of that. */
  readonly #grips: Float64Array
  #gripCost = 0

  constructor(
    profiles: readonly Profile[],
    tags: number,
    antennas: readonly RowAntenna[],
    depthMm: number | null,
    gapMm: number,
    c: RowConstants,
  ) {
    this.#gapMm = gapMm
    this.layout = layoutOf(tags, antennas.length)
    this.profiles = profiles
    this.antennas = antennas
    this.#c = c
    this.priorDepth =
      depthMm === null
        ? { at: c.usualDepthMm, sigma: c.usualDepthSigmaMm }
        : { at: depthMm, sigma: c.depthSigmaMm }
    this.#cluster = new Cluster(tags, clusterSize(tags, c), meanWaveNumber(profiles))
    this.#grips = new Float64Array(antennas.length)
    const points = profiles.reduce((n, p) => Math.max(n, p.x.length), 1)
    this.#rows = new Rows(points, 3 * this.#cluster.size + 3)
  }

  /** Chooses who couples with whom and how alike tags are; between two calls the cost is a smooth function. */
  arrange(unknowns: Float64Array) {
    this.#cluster.arrange(unknowns)
    this.#gripCost = 0
    for (const [a, { re, im, n }] of this.#own(unknowns).entries()) {
      const grip = gripOf(Math.hypot(re, im), n, this.#c.grip)
      this.#grips[a] = grip
      this.#gripCost += 2 * n * (lnBessel(grip) - grip)
    }
  }

  /** Sets the usual level and phase of each antenna to what suits the rest of the unknowns. */
  settle(unknowns: Float64Array) {
    for (const [a, { levels, re, im }] of this.#own(unknowns).entries()) {
      levels.sort((p, q) => p - q)
      unknowns[this.layout.level + a] = levels[levels.length >> 1] ?? 0
      unknowns[this.layout.turn + a] = Math.atan2(im, re)
    }
  }

  /** By antenna: levels of the profiles one way (ln), and the sum of their phases as unit vectors. */
  #own(unknowns: Float64Array) {
    const own = this.antennas.map(() => ({ levels: [] as number[], re: 0, im: 0, n: 0 }))
    let tag = -1
    for (const p of this.profiles) {
      if (p.tag !== tag) this.#cluster.solve(p.tag, unknowns, false, tag < 0)
      tag = p.tag
      this.#field(p, unknowns, false)
      const { level, turn } = this.#rows.residuals(p, null, this.#c)
      const mine = own[p.antenna] as (typeof own)[number]
      mine.levels.push(Math.log(level * p.rms))
      if (turn === null) continue
      mine.re += Math.cos(turn)
      mine.im += Math.sin(turn)
      mine.n++
    }
    return own
  }

  /** Sum of squares; `normal` is filled where given. */
  cost(unknowns: Float64Array, normal?: Normal): number {
    if (normal) {
      normal.a.fill(0)
      normal.b.fill(0)
    }
    let cost = this.#prior(unknowns, normal) + this.#gripCost
    let tag = -1
    for (const profile of this.profiles) {
      if (profile.tag !== tag)
        this.#cluster.solve(profile.tag, unknowns, normal !== undefined, tag < 0)
      tag = profile.tag
      cost += this.#profile(profile, unknowns, normal)
    }
    return cost
  }

  #profile(profile: Profile, unknowns: Float64Array, normal?: Normal): number {
    this.#field(profile, unknowns, normal !== undefined)
    const rows = this.#rows
    const usual = {
      level: unknowns[this.layout.level + profile.antenna] as number,
      turn: unknowns[this.layout.turn + profile.antenna] as number,
      grip: this.#grips[profile.antenna] as number,
    }
    const { cost } = rows.residuals(profile, usual, this.#c, normal !== undefined)
    if (normal)
      rows.gather(
        profile,
        this.#cluster.columns(this.layout, profile.antenna),
        this.layout.size,
        normal,
        this.#c.amplitudeTrust,
      )
    return cost
  }

  #field(profile: Profile, unknowns: Float64Array, derivatives: boolean) {
    const { towardsMm, upMm } = this.antennas[profile.antenna] as RowAntenna
    const depth = (unknowns[this.layout.depth] as number) - towardsMm
    this.#cluster.field(profile, depth, upMm, unknowns, this.#rows, derivatives)
  }

  /** Two tags do not stand in one place. */
  #crowd(u: Float64Array, normal?: Normal): number {
    const { tags, size } = this.layout
    const order = this.#cluster.order
    let cost = 0
    for (let n = 1; n < tags; n++)
      for (let m = n - 1; m >= 0; m--) {
        const [i, j] = [order[n] as number, order[m] as number]
        const apart = (u[i] as number) - (u[j] as number)
        const lack = this.#gapMm - Math.abs(apart)
        if (lack <= 0) break
        cost += tie(i, j, lack, apart < 0 ? 1 : -1, this.#c.gapSigmaMm, normal, size)
      }
    return cost
  }

  /** Tags of one row are alike, and like a label with a matched load. */
  #prior(u: Float64Array, normal?: Normal): number {
    const { tags, depth, common, size } = this.layout
    const { at, sigma } = this.priorDepth
    let cost = pull(u, depth, at, sigma, normal, size) + this.#crowd(u, normal)
    for (const part of [0, 1]) {
      const mean = u[common + part] as number
      cost += pull(
        u,
        common + part,
        this.#c.answer[part] as number,
        this.#c.answerSigma,
        normal,
        size,
      )
      for (let i = 0; i < tags; i++)
        cost += tie(
          (part + 1) * tags + i,
          common + part,
          (u[(part + 1) * tags + i] as number) - mean,
          1,
          this.#c.answerSpread,
          normal,
          size,
        )
    }
    return cost
  }
}
