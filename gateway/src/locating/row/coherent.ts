import type { RowConstants } from '../constants.ts'
import { Alike } from './alike.ts'
import { coupling } from './coupling.ts'
import { eliminate } from './eliminate.ts'
import { clusterSize, type DepthPrior } from './model.ts'
import { meanWaveNumber, type Profile } from './profile.ts'
import type { RowAntenna } from './row.ts'

/**
 * A quick judge for the search: tags of one common answer at given places, and for each profile how much of what was
 * heard is not coherent with what is predicted. No derivatives, no whitening; one trial of one tag's place costs a few
 * microseconds. A trial touches only the tags that couple with the one that moves.
 */
export class CoherentRow {
  readonly tags: number
  readonly x: Float64Array
  depth: number
  /** Of all tags in common. */
  answer: readonly [re: number, im: number]
  /** Of all profiles together. */
  score = 0
  readonly #profiles: readonly Profile[]
  readonly #antennas: readonly RowAntenna[]
  readonly #prior: DepthPrior
  readonly #c: RowConstants
  readonly #from: Int32Array
  readonly #reach: number
  /** The reader's own field at every point of every profile, tag by tag. */
  readonly #re: Float64Array[]
  readonly #im: Float64Array[]
  readonly #scores: Float64Array
  readonly #usual: Alike
  readonly #heard: Float64Array
  readonly #members: Int32Array[]
  readonly #near: boolean[][]
  readonly #wre: Float64Array
  readonly #wim: Float64Array
  readonly #g = new Float64Array(4)
  /** Wave number of the coupling: a band of UHF is narrow. */
  readonly k: number

  constructor(
    profiles: readonly Profile[],
    tags: number,
    antennas: readonly RowAntenna[],
    x: Float64Array,
    depth: number,
    prior: DepthPrior,
    c: RowConstants,
  ) {
    this.tags = tags
    this.x = x.slice()
    this.depth = depth
    this.answer = c.answer as readonly [number, number]
    this.#prior = prior
    this.#profiles = profiles
    this.#antennas = antennas
    this.#c = c
    this.k = meanWaveNumber(profiles)
    this.#reach = clusterSize(tags, c)
    this.#from = new Int32Array(profiles.length + 1)
    for (const [i, p] of profiles.entries())
      this.#from[i + 1] = (this.#from[i] as number) + p.x.length
    const points = this.#from[profiles.length] as number
    this.#re = Array.from({ length: tags }, () => new Float64Array(points))
    this.#im = Array.from({ length: tags }, () => new Float64Array(points))
    this.#scores = new Float64Array(profiles.length)
    this.#usual = new Alike(profiles, antennas.length, c)
    this.#heard = Float64Array.from(profiles, (p) =>
      p.re.reduce((sum, a, s) => sum + a * a + (p.im[s] as number) ** 2, 0),
    )
    this.#members = Array.from({ length: tags }, () => new Int32Array(this.#reach))
    this.#near = Array.from({ length: tags }, () => new Array<boolean>(tags).fill(false))
    this.#wre = new Float64Array(2 * this.#reach * this.#reach)
    this.#wim = new Float64Array(2 * this.#reach * this.#reach)
    this.renew()
  }

  /** After places, depth or answer were set from outside. */
  renew() {
    this.#arrange()
    for (let tag = 0; tag < this.tags; tag++) this.#illuminate(tag)
    this.score = this.#unusual()
    this.#together()
    for (let i = 0; i < this.#profiles.length; i++) {
      this.#scores[i] = this.#judge(i)
      this.score += this.#scores[i] as number
    }
    this.#usual.keep()
    this.score += this.#usual.cost()
  }

  #unusual(): number {
    const depth = (this.depth - this.#prior.at) / this.#prior.sigma
    const [re, im] = this.answer
    const [usualRe, usualIm] = this.#c.answer as readonly [number, number]
    const off = Math.hypot(re - usualRe, im - usualIm)
    return depth ** 2 + (off / this.#c.answerSigma) ** 2
  }

  /** Score if the tag stood there. */
  trial(tag: number, x: number): number {
    const was = this.x[tag] as number
    this.x[tag] = x
    this.#illuminate(tag)
    this.#together()
    let score = this.score - this.#usual.cost()
    for (let i = 0; i < this.#profiles.length; i++)
      if (this.#touches(i, tag)) score += this.#judge(i) - (this.#scores[i] as number)
    score += this.#usual.cost()
    this.#usual.restore()
    this.x[tag] = was
    return score
  }

  /** Puts the tag there. */
  put(tag: number, x: number) {
    this.x[tag] = x
    this.#illuminate(tag)
    this.#together()
    this.score -= this.#usual.cost()
    for (let i = 0; i < this.#profiles.length; i++) {
      if (!this.#touches(i, tag)) continue
      const score = this.#judge(i)
      this.score += score - (this.#scores[i] as number)
      this.#scores[i] = score
    }
    this.#usual.keep()
    this.score += this.#usual.cost()
  }

  #touches(profile: number, tag: number): boolean {
    return (this.#near[(this.#profiles[profile] as Profile).tag] as boolean[])[tag] as boolean
  }

  #arrange() {
    const order = [...this.x.keys()].sort(
      (a, b) => (this.x[a] as number) - (this.x[b] as number) || a - b,
    )
    for (const [n, tag] of order.entries()) {
      const from = Math.max(0, Math.min(n - (this.#reach >> 1), this.tags - this.#reach))
      const near = (this.#near[tag] as boolean[]).fill(false)
      const members = this.#members[tag] as Int32Array
      for (let i = 0; i < this.#reach; i++) {
        members[i] = order[from + i] as number
        near[members[i] as number] = true
      }
    }
  }

  #illuminate(tag: number) {
    const [re, im] = [this.#re[tag] as Float64Array, this.#im[tag] as Float64Array]
    const x = this.x[tag] as number
    for (const [i, p] of this.#profiles.entries()) {
      if (!this.#touches(i, tag)) continue
      const antenna = this.#antennas[p.antenna] as RowAntenna
      const near = (this.depth - antenna.towardsMm) ** 2 + antenna.upMm ** 2
      const front = Math.sqrt(near)
      let o = this.#from[i] as number
      for (let s = 0; s < p.x.length; s++, o++) {
        const dx = (p.x[s] as number) - x
        const d = Math.sqrt(dx * dx + near)
        const q = front / d
        const loud = q * Math.sqrt(q)
        const turn = (p.k[s] as number) * d
        re[o] = loud * Math.cos(turn)
        im[o] = loud * Math.sin(turn)
      }
    }
  }

  #judge(i: number): number {
    const p = this.#profiles[i] as Profile
    const members = this.#members[p.tag] as Int32Array
    const n = this.#reach
    const alone = n < this.tags
    if (alone) this.#mixture(p.tag, members)
    // One row of (I − G)⁻¹: the last column of the work space, or a row of the whole.
    const first = alone ? n : members.indexOf(p.tag) * 2 * n + n
    const step = alone ? n + 1 : 1
    const base = this.#from[i] as number
    let [qre, qim, power] = [0, 0, 0]
    for (let s = 0; s < p.x.length; s++) {
      let [hr, hi] = [0, 0]
      for (let j = 0; j < n; j++) {
        const m = members[j] as number
        const mr = this.#wre[first + j * step] as number
        const mi = this.#wim[first + j * step] as number
        const ar = (this.#re[m] as Float64Array)[base + s] as number
        const ai = (this.#im[m] as Float64Array)[base + s] as number
        hr += mr * ar - mi * ai
        hi += mr * ai + mi * ar
      }
      const square = hr * hr + hi * hi
      const size = Math.sqrt(square) + 1e-9
      const [wr, wi] = [(hr * hr - hi * hi) / size, (2 * hr * hi) / size]
      const [re, im] = [p.re[s] as number, p.im[s] as number]
      qre += wr * re + wi * im
      qim += wr * im - wi * re
      power += square
    }
    const heard = this.#heard[i] as number
    this.#usual.set(i, qre, qim, power)
    if (heard === 0 || power === 0) return 0
    const lost = Math.max(0, 1 - (qre * qre + qim * qim) / (power * heard))
    return this.#c.looks * Math.log(1 + lost / this.#c.lostUsual)
  }

  /** Where the whole row is one cluster, (I − G)⁻¹ is one for all tags. */
  #together() {
    const n = this.#reach
    if (n < this.tags) return
    this.#coupled(this.#members[0] as Int32Array, 2 * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        this.#wre[i * 2 * n + n + j] = i === j ? 1 : 0
        this.#wim[i * 2 * n + n + j] = 0
      }
    eliminate(this.#wre, this.#wim, n, 2 * n)
  }

  /** This tag's row of (I − G)⁻¹, by the transposed system. */
  #mixture(tag: number, members: Int32Array) {
    const n = this.#reach
    this.#coupled(members, n + 1)
    for (let i = 0; i < n; i++) {
      this.#wre[i * (n + 1) + n] = members[i] === tag ? 1 : 0
      this.#wim[i * (n + 1) + n] = 0
    }
    eliminate(this.#wre, this.#wim, n, n + 1)
  }

  /** I − G, which is symmetric where all tags answer alike. */
  #coupled(members: Int32Array, wide: number) {
    const [re, im] = [this.#wre, this.#wim]
    const [ar, ai] = this.answer
    for (let i = 0; i < this.#reach; i++) {
      const x = this.x[members[i] as number] as number
      re[i * wide + i] = 1
      im[i * wide + i] = 0
      for (let j = 0; j < i; j++) {
        coupling(Math.abs(x - (this.x[members[j] as number] as number)), this.k, this.#g)
        const gr = this.#g[0] as number
        const gi = this.#g[1] as number
        re[i * wide + j] = re[j * wide + i] = -(gr * ar - gi * ai)
        im[i * wide + j] = im[j * wide + i] = -(gr * ai + gi * ar)
      }
    }
  }
}
