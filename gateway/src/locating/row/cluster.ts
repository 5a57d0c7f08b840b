import { coupling } from './coupling.ts'
import { eliminate } from './eliminate.ts'
import type { Layout } from './model.ts'
import type { Profile } from './profile.ts'
import type { Rows } from './residual-rows.ts'

/**
 * A tag and the tags nearest to it, as coupled dipoles: fields h = (I − G)⁻¹ a, where a is the reader's own field
 * and G[i][j] the coupling at |x_i − x_j| times the answer of tag j. The way back is the way there (reciprocity), so
 * a reader hears h² of the tag that speaks.
 */
export class Cluster {
  readonly size: number
  /** Tags from left to right as last arranged. */
  order: number[] = []
  readonly #tags: number
  readonly #members: Int32Array
  #me = 0
  /** Members of the tag that is solved for, and its own place among them. */
  readonly #now: Int32Array
  readonly #mre: Float64Array
  readonly #mim: Float64Array
  readonly #gre: Float64Array
  readonly #gim: Float64Array
  readonly #dre: Float64Array
  readonly #dim: Float64Array
  readonly #work: { re: Float64Array; im: Float64Array }
  readonly #bre: Float64Array
  readonly #bim: Float64Array
  readonly #qre: Float64Array
  readonly #qim: Float64Array
  readonly #are: Float64Array
  readonly #aim: Float64Array
  readonly #fre: Float64Array
  readonly #fim: Float64Array
  readonly #xre: Float64Array
  readonly #xim: Float64Array
  readonly #columns: Int32Array
  readonly #g = new Float64Array(4)

  /** Wave number of the coupling: a band of UHF is narrow. */
  readonly #k: number

  constructor(tags: number, size: number, k: number) {
    this.#k = k
    this.#tags = tags
    this.size = size
    this.#members = new Int32Array(tags * size)
    this.#now = new Int32Array(size)
    const square = () => new Float64Array(size * size)
    const line = () => new Float64Array(size)
    this.#mre = square()
    this.#mim = square()
    this.#gre = square()
    this.#gim = square()
    this.#dre = square()
    this.#dim = square()
    this.#work = { re: new Float64Array(2 * size * size), im: new Float64Array(2 * size * size) }
    this.#bre = line()
    this.#bim = line()
    this.#qre = line()
    this.#qim = line()
    this.#are = line()
    this.#aim = line()
    this.#fre = line()
    this.#fim = line()
    this.#xre = line()
    this.#xim = line()
    this.#columns = new Int32Array(3 * size + 3)
  }

  /** The nearest tags of every tag, itself among them. */
  arrange(unknowns: Float64Array) {
    this.order = [...unknowns.subarray(0, this.#tags).keys()].sort(
      (a, b) => (unknowns[a] as number) - (unknowns[b] as number) || a - b,
    )
    const order = this.order
    const x = (n: number) => unknowns[order[n] as number] as number
    for (const [n, tag] of order.entries()) {
      let from = n
      let to = n
      while (to - from + 1 < this.size) {
        const left = from > 0 ? x(n) - x(from - 1) : Number.POSITIVE_INFINITY
        const right = to + 1 < this.#tags ? x(to + 1) - x(n) : Number.POSITIVE_INFINITY
        if (left <= right) from--
        else to++
      }
      for (let i = 0; i < this.size; i++)
        this.#members[tag * this.size + i] = order[from + i] as number
    }
  }

  /** Prepares for the profiles of one tag. A row that is one cluster is solved once: `fresh` after a change. */
  solve(tag: number, u: Float64Array, derivatives: boolean, fresh: boolean) {
    const n = this.size
    for (let i = 0; i < n; i++) {
      this.#now[i] = this.#members[tag * n + i] as number
      if (this.#now[i] === tag) this.#me = i
    }
    if (this.size < this.#tags || fresh) {
      this.#couple(u, derivatives)
      this.#invert()
    }
    if (derivatives) this.#byTag()
  }

  /** Which unknown each column of the derivatives is. */
  columns({ tags, depth, level, turn }: Layout, antenna: number): Int32Array {
    const n = this.size
    for (let m = 0; m < n; m++) {
      const tag = this.#now[m] as number
      this.#columns[m] = tag
      this.#columns[n + m] = tags + tag
      this.#columns[2 * n + m] = 2 * tags + tag
    }
    this.#columns[3 * n] = depth
    this.#columns[3 * n + 1] = level + antenna
    this.#columns[3 * n + 2] = turn + antenna
    return this.#columns
  }

  #couple(u: Float64Array, derivatives: boolean) {
    const n = this.size
    const k = this.#k
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const apart = (u[this.#now[i] as number] as number) - (u[this.#now[j] as number] as number)
        const [p, q] = [i * n + j, j * n + i]
        if (i === j) {
          this.#gre[p] = this.#gim[p] = this.#dre[p] = this.#dim[p] = 0
          continue
        }
        coupling(Math.abs(apart), k, this.#g)
        this.#gre[p] = this.#gre[q] = this.#g[0] as number
        this.#gim[p] = this.#gim[q] = this.#g[1] as number
        if (!derivatives) continue
        const sign = apart < 0 ? -1 : 1
        this.#dre[p] = sign * (this.#g[2] as number)
        this.#dim[p] = sign * (this.#g[3] as number)
        this.#dre[q] = -(this.#dre[p] as number)
        this.#dim[q] = -(this.#dim[p] as number)
      }
    }
    this.#answers(u)
  }

  #answers(u: Float64Array) {
    for (let i = 0; i < this.size; i++) {
      this.#xre[i] = u[this.#tags + (this.#now[i] as number)] as number
      this.#xim[i] = u[2 * this.#tags + (this.#now[i] as number)] as number
    }
  }

  /** (I − G)⁻¹. */
  #invert() {
    const n = this.size
    const wide = 2 * n
    const { re, im } = this.#work
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const gr = this.#gre[i * n + j] as number
        const gi = this.#gim[i * n + j] as number
        const ar = this.#xre[j] as number
        const ai = this.#xim[j] as number
        re[i * wide + j] = (i === j ? 1 : 0) - (gr * ar - gi * ai)
        im[i * wide + j] = -(gr * ai + gi * ar)
        re[i * wide + n + j] = i === j ? 1 : 0
        im[i * wide + n + j] = 0
      }
    eliminate(re, im, n, wide)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        this.#mre[i * n + j] = re[i * wide + n + j] as number
        this.#mim[i * n + j] = im[i * wide + n + j] as number
      }
  }

  /** How this tag's field bends with another tag's place (b) and answer (q), apart from that tag's own field. */
  #byTag() {
    const n = this.size
    for (let m = 0; m < n; m++) {
      let [br, bi, qr, qi] = [0, 0, 0, 0]
      for (let l = 0; l < n; l++) {
        const [mr, mi] = [
          this.#mre[this.#me * n + l] as number,
          this.#mim[this.#me * n + l] as number,
        ]
        const [dr, di] = [this.#dre[l * n + m] as number, this.#dim[l * n + m] as number]
        const [gr, gi] = [this.#gre[l * n + m] as number, this.#gim[l * n + m] as number]
        br -= mr * dr - mi * di
        bi -= mr * di + mi * dr
        qr += mr * gr - mi * gi
        qi += mr * gi + mi * gr
      }
      const [ar, ai] = [this.#xre[m] as number, this.#xim[m] as number]
      this.#bre[m] = br * ar - bi * ai
      this.#bim[m] = br * ai + bi * ar
      this.#qre[m] = qr
      this.#qim[m] = qi
    }
  }

  /** Field of the tag at the points of one of its profiles, and its derivatives. */
  field(p: Profile, depth: number, up: number, u: Float64Array, out: Rows, derivatives: boolean) {
    for (let s = 0; s < p.x.length; s++) {
      const k = p.k[s] as number
      if (derivatives) this.#bent(p.x[s] as number, k, depth, up, u, out, s)
      else this.#plain(p.x[s] as number, k, depth, up, u, out, s)
    }
  }

  #plain(x: number, k: number, depth: number, up: number, u: Float64Array, out: Rows, s: number) {
    const n = this.size
    const near = depth * depth + up * up
    const row = this.#me * n
    let [hr, hi] = [0, 0]
    for (let j = 0; j < n; j++) {
      const dx = x - (u[this.#now[j] as number] as number)
      const d = Math.sqrt(dx * dx + near)
      const q = Math.sqrt(near) / d
      const loud = q * Math.sqrt(q)
      const [ar, ai] = [loud * Math.cos(k * d), loud * Math.sin(k * d)]
      const [mr, mi] = [this.#mre[row + j] as number, this.#mim[row + j] as number]
      hr += mr * ar - mi * ai
      hi += mr * ai + mi * ar
    }
    out.hre[s] = hr
    out.him[s] = hi
  }

  #bent(x: number, k: number, depth: number, up: number, u: Float64Array, out: Rows, s: number) {
    const n = this.size
    const near = depth * depth + up * up
    const row = this.#me * n
    const step = out.stride
    let [yr, yi] = [0, 0]
    for (let j = 0; j < n; j++) {
      const dx = x - (u[this.#now[j] as number] as number)
      const square = dx * dx + near
      const d = Math.sqrt(square)
      const q = Math.sqrt(near) / d
      const loud = q * Math.sqrt(q)
      const [ar, ai] = [loud * Math.cos(k * d), loud * Math.sin(k * d)]
      this.#are[j] = ar
      this.#aim[j] = ai
      const [mr, mi] = [this.#mre[row + j] as number, this.#mim[row + j] as number]
      // By depth: the way grows, and the loudness is 1 right in front whatever the depth.
      const [pr, pi] = [1.5 * depth * (1 / near - 1 / square), (k * depth) / d]
      const [er, ei] = [ar * pr - ai * pi, ar * pi + ai * pr]
      yr += mr * er - mi * ei
      yi += mr * ei + mi * er
      // By the tag's own place, kept until the fields are known.
      const [vr, vi] = [(1.5 * dx) / square, (-k * dx) / d]
      const o = j * step + s
      out.dre[o] = mr * (ar * vr - ai * vi) - mi * (ar * vi + ai * vr)
      out.dim[o] = mr * (ar * vi + ai * vr) + mi * (ar * vr - ai * vi)
    }
    out.dre[3 * n * step + s] = yr
    out.dim[3 * n * step + s] = yi
    this.#fields()
    out.hre[s] = this.#fre[this.#me] as number
    out.him[s] = this.#fim[this.#me] as number
    for (let m = 0; m < n; m++) this.#by(m, out, s)
  }

  #fields() {
    const n = this.size
    for (let i = 0; i < n; i++) {
      let [hr, hi] = [0, 0]
      for (let j = 0, o = i * n; j < n; j++, o++) {
        const [mr, mi] = [this.#mre[o] as number, this.#mim[o] as number]
        const [ar, ai] = [this.#are[j] as number, this.#aim[j] as number]
        hr += mr * ar - mi * ai
        hi += mr * ai + mi * ar
      }
      this.#fre[i] = hr
      this.#fim[i] = hi
    }
  }

  /** Derivatives by place and answer of member m. */
  #by(m: number, out: Rows, s: number) {
    const n = this.size
    const step = out.stride
    let [cr, ci] = [0, 0]
    for (let j = 0, o = m * n; j < n; j++, o++) {
      const [ar, ai] = [this.#xre[j] as number, this.#xim[j] as number]
      const [fr, fi] = [this.#fre[j] as number, this.#fim[j] as number]
      const [wr, wi] = [ar * fr - ai * fi, ar * fi + ai * fr]
      const [dr, di] = [this.#dre[o] as number, this.#dim[o] as number]
      cr += dr * wr - di * wi
      ci += dr * wi + di * wr
    }
    const [mr, mi] = [this.#mre[this.#me * n + m] as number, this.#mim[this.#me * n + m] as number]
    const [fr, fi] = [this.#fre[m] as number, this.#fim[m] as number]
    const [br, bi] = [this.#bre[m] as number, this.#bim[m] as number]
    const o = m * step + s
    out.dre[o] = (out.dre[o] as number) + mr * cr - mi * ci + br * fr - bi * fi
    out.dim[o] = (out.dim[o] as number) + mr * ci + mi * cr + br * fi + bi * fr
    const [qr, qi] = [this.#qre[m] as number, this.#qim[m] as number]
    const [zr, zi] = [qr * fr - qi * fi, qr * fi + qi * fr]
    out.dre[(n + m) * step + s] = zr
    out.dim[(n + m) * step + s] = zi
    out.dre[(2 * n + m) * step + s] = -zi
    out.dim[(2 * n + m) * step + s] = zr
  }
}
