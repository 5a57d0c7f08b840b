import type { RowConstants } from '../constants.ts'
import { Cluster } from './cluster.ts'
import { meanWaveNumber, type Profile } from './profile.ts'
import type { RowAntenna } from './row.ts'

/** mm. */
export interface DepthPrior {
  at: number
  sigma: number
}

/** Where in the vector of unknowns: x of all tags, answer of all tags (re, im), depth, common answer (re, im). */
export interface Layout {
  tags: number
  size: number
  depth: number
  common: number
}

export const layoutOf = (tags: number): Layout => ({
  tags,
  size: 3 * tags + 3,
  depth: 3 * tags,
  common: 3 * tags + 1,
})

/** How many tags are taken to couple. */
export const clusterSize = (tags: number, c: RowConstants): number =>
  tags > c.searchTags ? c.long.clusterTags : Math.min(tags, c.clusterTags)

/** Sum of squares and, where asked for, its Gauss–Newton form: JᵀJ (row by row) and Jᵀr. */
export interface Normal {
  a: Float64Array
  b: Float64Array
}

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

  constructor(
    profiles: readonly Profile[],
    tags: number,
    antennas: readonly RowAntenna[],
    depthMm: number | null,
    gapMm: number,
    c: RowConstants,
  ) {
    this.#gapMm = gapMm
    this.layout = layoutOf(tags)
    this.profiles = profiles
    this.antennas = antennas
    this.#c = c
    this.priorDepth =
      depthMm === null
        ? { at: c.usualDepthMm, sigma: c.usualDepthSigmaMm }
        : { at: depthMm, sigma: c.depthSigmaMm }
    this.#cluster = new Cluster(tags, clusterSize(tags, c), meanWaveNumber(profiles))
    const points = profiles.reduce((n, p) => Math.max(n, p.x.length), 1)
    this.#rows = new Rows(points, 3 * this.#cluster.size + 1)
  }

  /** Chooses who couples with whom; between two calls the cost is a smooth function. */
  arrange(unknowns: Float64Array) {
    this.#cluster.arrange(unknowns)
  }

  /** Sum of squares; `normal` is filled where given. */
  cost(unknowns: Float64Array, normal?: Normal): number {
    if (normal) {
      normal.a.fill(0)
      normal.b.fill(0)
    }
    let cost = this.#prior(unknowns, normal)
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
    const antenna = this.antennas[profile.antenna] as RowAntenna
    const depth = (unknowns[this.layout.depth] as number) - antenna.towardsMm
    const rows = this.#rows
    this.#cluster.field(profile, depth, antenna.upMm, unknowns, rows, normal !== undefined)
    const cost = rows.residuals(profile, this.#c, normal !== undefined)
    if (normal)
      rows.gather(
        profile,
        this.#cluster.columns(this.layout),
        this.layout.size,
        normal,
        this.#c.amplitudeTrust,
      )
    return cost
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
        cost += pushApart(i, j, lack, apart < 0 ? -1 : 1, this.#c.gapSigmaMm, normal, size)
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
        cost += pullTogether(
          u,
          (part + 1) * tags + i,
          common + part,
          mean,
          this.#c.answerSpread,
          normal,
          size,
        )
    }
    return cost
  }
}

function pull(
  u: Float64Array,
  i: number,
  to: number,
  sigma: number,
  normal: Normal | undefined,
  size: number,
) {
  const r = ((u[i] as number) - to) / sigma
  if (normal) {
    normal.a[i * size + i] = (normal.a[i * size + i] as number) + 1 / (sigma * sigma)
    normal.b[i] = (normal.b[i] as number) + r / sigma
  }
  return r * r
}

function pushApart(
  i: number,
  j: number,
  lack: number,
  sign: number,
  sigma: number,
  normal: Normal | undefined,
  size: number,
) {
  const r = lack / sigma
  if (normal) {
    const w = 1 / (sigma * sigma)
    const { a, b } = normal
    a[i * size + i] = (a[i * size + i] as number) + w
    a[j * size + j] = (a[j * size + j] as number) + w
    a[i * size + j] = (a[i * size + j] as number) - w
    a[j * size + i] = (a[j * size + i] as number) - w
    b[i] = (b[i] as number) - (sign * r) / sigma
    b[j] = (b[j] as number) + (sign * r) / sigma
  }
  return r * r
}

function pullTogether(
  u: Float64Array,
  i: number,
  j: number,
  mean: number,
  sigma: number,
  normal: Normal | undefined,
  size: number,
) {
  const r = ((u[i] as number) - mean) / sigma
  if (normal) {
    const w = 1 / (sigma * sigma)
    const { a, b } = normal
    a[i * size + i] = (a[i * size + i] as number) + w
    a[j * size + j] = (a[j * size + j] as number) + w
    a[i * size + j] = (a[i * size + j] as number) - w
    a[j * size + i] = (a[j * size + i] as number) - w
    b[i] = (b[i] as number) + r / sigma
    b[j] = (b[j] as number) - r / sigma
  }
  return r * r
}

/** The field of one profile, its residuals and their derivatives; buffers are reused. */
export class Rows {
  /** Predicted field of the tag at every point, and its size. */
  readonly hre: Float64Array
  readonly him: Float64Array
  readonly size: Float64Array
  /** Derivative of the field by each column, column by column. */
  readonly dre: Float64Array
  readonly dim: Float64Array
  readonly stride: number
  readonly columns: number
  #n = 0
  readonly #phase: Float64Array
  readonly #level: Float64Array
  /** Along and across the predicted field. */
  readonly #along: Float64Array
  readonly #cos: Float64Array
  readonly #sin: Float64Array
  readonly #ownAcross: Float64Array
  readonly #ownAlong: Float64Array
  readonly #ownLevel: Float64Array

  constructor(points: number, columns: number) {
    this.stride = points
    this.columns = columns
    this.hre = new Float64Array(points)
    this.him = new Float64Array(points)
    this.size = new Float64Array(points)
    this.dre = new Float64Array(points * columns)
    this.dim = new Float64Array(points * columns)
    this.#phase = new Float64Array(points)
    this.#level = new Float64Array(points)
    this.#along = new Float64Array(points)
    this.#cos = new Float64Array(points)
    this.#sin = new Float64Array(points)
    this.#ownAcross = new Float64Array(points)
    this.#ownAlong = new Float64Array(points)
    this.#ownLevel = new Float64Array(points)
  }

  /**
   * Whitened residuals of phase (across) and amplitude (along), with the profile's own phase and level solved for.
   * Turns the derivatives of the field into derivatives of the residuals.
   */
  residuals(p: Profile, c: RowConstants, derivatives: boolean): number {
    const n = p.x.length
    this.#n = n
    let qre = 0
    let qim = 0
    for (let s = 0; s < n; s++) {
      const [a, b] = [this.hre[s] as number, this.him[s] as number]
      const size = Math.sqrt(a * a + b * b) + 1e-9
      this.size[s] = size
      this.#cos[s] = a / size
      this.#sin[s] = b / size
      const [wre, wim] = [(a * a - b * b) / size, (2 * a * b) / size]
      qre += wre * (p.re[s] as number) + wim * (p.im[s] as number)
      qim += wre * (p.im[s] as number) - wim * (p.re[s] as number)
    }
    const q = Math.hypot(qre, qim)
    let [tre, tim] = q > 0 ? [qre / q, qim / q] : [1, 0]
    let level = 1
    for (let round = 0; round < 3; round++) {
      this.#turn(p, tre, tim)
      level = this.#levelOf(p)
      if (derivatives && round === 2) this.#chain(p, level, c)
      this.#whiten(p, level, c)
      if (round === 2) break
      const turn = this.#turnLeft()
      const [a, b] = [Math.cos(turn), Math.sin(turn)]
      ;[tre, tim] = [tre * a - tim * b, tre * b + tim * a]
    }
    let cost = 0
    for (let s = 0; s < n; s++)
      cost += (this.#phase[s] as number) ** 2 + (this.#level[s] as number) ** 2
    return cost
  }

  /** What was heard in the frame of what is predicted: along and across, before whitening. */
  #turn(p: Profile, tre: number, tim: number) {
    for (let s = 0; s < this.#n; s++) {
      if (!p.hasPhase[s]) {
        this.#along[s] = p.amplitude[s] as number
        this.#phase[s] = 0
        continue
      }
      const [a, b] = [this.#cos[s] as number, this.#sin[s] as number]
      const [ure, uim] = [a * a - b * b, 2 * a * b]
      const [fre, fim] = [ure * tre - uim * tim, ure * tim + uim * tre]
      const [re, im] = [p.re[s] as number, p.im[s] as number]
      this.#along[s] = re * fre + im * fim
      this.#phase[s] = im * fre - re * fim
    }
  }

  /** One Gauss–Newton step of the profile's own phase. */
  #turnLeft(): number {
    let top = 0
    let bottom = 0
    for (let s = 0; s < this.#n; s++) {
      const [a, b] = [this.#ownAcross[s] as number, this.#ownAlong[s] as number]
      top += a * (this.#phase[s] as number) + b * (this.#level[s] as number)
      bottom += a * a + b * b
    }
    const turn = bottom > 0 ? -top / bottom : 0
    return Math.max(-0.5, Math.min(0.5, turn))
  }

  #levelOf(p: Profile): number {
    let top = 0
    let bottom = 0
    const white = p.white.amplitude
    for (let i = 0, o = 0; i < this.#n; i++) {
      let r = 0
      let d = 0
      for (let j = 0; j <= i; j++, o++) {
        const w = white[o] as number
        r += w * (this.#along[j] as number)
        d += w * (this.size[j] as number)
      }
      top += r * d
      bottom += d * d
    }
    return Math.max(0.05, top / bottom)
  }

  /** From the field to the residuals across and along; near a zero of the field the phase bends at most so fast. */
  #chain(p: Profile, level: number, c: RowConstants) {
    const n = this.#n
    for (let s = 0; s < n; s++) {
      const [a, b] = [this.#cos[s] as number, this.#sin[s] as number]
      const size = Math.max(this.size[s] as number, c.leastField)
      const across = p.hasPhase[s] ? (-2 * (this.#along[s] as number)) / size : 0
      const back = p.hasPhase[s] ? (2 * (this.#phase[s] as number)) / size : 0
      for (let m = 0, o = s; m < this.columns; m++, o += this.stride) {
        const [x, y] = [this.dre[o] as number, this.dim[o] as number]
        const turn = y * a - x * b
        this.dre[o] = across * turn
        this.dim[o] = back * turn - level * (x * a + y * b)
      }
    }
  }

  /** Residuals of phase and level, and what the profile's own phase and level do to them. */
  #whiten(p: Profile, level: number, c: RowConstants) {
    const n = this.#n
    for (let s = 0; s < n; s++) {
      const size = this.size[s] as number
      this.#ownAcross[s] = p.hasPhase[s] ? -(this.#along[s] as number) : 0
      this.#ownAlong[s] = p.hasPhase[s] ? (this.#phase[s] as number) : 0
      this.#ownLevel[s] = size
      this.#level[s] = (this.#along[s] as number) - level * size
    }
    const { phase, amplitude } = p.white
    triangle(phase, this.#phase, 0, n, 1)
    triangle(amplitude, this.#level, 0, n, c.amplitudeTrust)
    triangle(phase, this.#ownAcross, 0, n, 1)
    triangle(amplitude, this.#ownAlong, 0, n, c.amplitudeTrust)
    triangle(amplitude, this.#ownLevel, 0, n, c.amplitudeTrust)
    const part =
      dot(this.#ownAlong, 0, this.#ownLevel, n) / dot(this.#ownLevel, 0, this.#ownLevel, n)
    for (let s = 0; s < n; s++)
      this.#ownAlong[s] = (this.#ownAlong[s] as number) - part * (this.#ownLevel[s] as number)
  }

  /** Adds this profile's part of JᵀJ and Jᵀr; `columns` says which unknown each column is. */
  gather(p: Profile, columns: Int32Array, width: number, { a, b }: Normal, trust: number) {
    const n = this.#n
    const used = columns.length
    for (let m = 0; m < used; m++) {
      triangle(p.white.phase, this.dre, m * this.stride, n, 1)
      triangle(p.white.amplitude, this.dim, m * this.stride, n, trust)
      this.#project(m * this.stride)
    }
    for (let m = 0; m < used; m++) {
      const i = columns[m] as number
      const o = m * this.stride
      let g = 0
      for (let s = 0; s < n; s++)
        g +=
          (this.dre[o + s] as number) * (this.#phase[s] as number) +
          (this.dim[o + s] as number) * (this.#level[s] as number)
      b[i] = (b[i] as number) + g
      for (let l = 0; l <= m; l++) {
        const q = l * this.stride
        let sum = 0
        for (let s = 0; s < n; s++)
          sum +=
            (this.dre[o + s] as number) * (this.dre[q + s] as number) +
            (this.dim[o + s] as number) * (this.dim[q + s] as number)
        const j = columns[l] as number
        a[i * width + j] = (a[i * width + j] as number) + sum
        if (i !== j) a[j * width + i] = (a[j * width + i] as number) + sum
      }
    }
  }

  /** Takes out of a column what the profile's own phase and level can do as well. */
  #project(o: number) {
    const n = this.#n
    const [across, along, level] = [this.#ownAcross, this.#ownAlong, this.#ownLevel]
    const one = dot(level, 0, level, n)
    const two = dot(across, 0, across, n) + dot(along, 0, along, n)
    const p = one > 0 ? dot(this.dim, o, level, n) / one : 0
    const q = two > 0 ? (dot(this.dre, o, across, n) + dot(this.dim, o, along, n)) / two : 0
    for (let s = 0; s < n; s++) {
      this.dre[o + s] = (this.dre[o + s] as number) - q * (across[s] as number)
      this.dim[o + s] =
        (this.dim[o + s] as number) - p * (level[s] as number) - q * (along[s] as number)
    }
  }
}

/** Of n values from `o` on. */
function dot(a: Float64Array, o: number, b: Float64Array, n: number): number {
  let sum = 0
  for (let s = 0; s < n; s++) sum += (a[o + s] as number) * (b[s] as number)
  return sum
}

/** v ← scale · lower triangle · v, from `o` on. */
function triangle(lower: Float64Array, v: Float64Array, o: number, n: number, scale: number) {
  for (let i = n - 1; i >= 0; i--) {
    let sum = 0
    let at = (i * (i + 1)) / 2
    for (let j = 0; j <= i; j++) sum += (lower[at++] as number) * (v[o + j] as number)
    v[o + i] = scale * sum
  }
}
