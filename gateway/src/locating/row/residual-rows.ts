import type { RowConstants } from '../constants.ts'
import type { Profile } from './profile.ts'
import type { Normal } from './pulls.ts'

/** What is usual for a tag before one antenna: ln of its level one way, and its phase. */
export interface Usual {
  level: number
  turn: number
  /** How surely the phase is that (κ of von Mises). */
  grip: number
}

/** Sum of squares of one profile, its own level, and its own phase there and back: null where it heard none. */
export interface Judged {
  cost: number
  level: number
  turn: number | null
}

/** A profile's own level and phase while they are solved for. */
interface Own {
  /** Its amplitude against what is usual. */
  strength: number
  level: number
  turn: number
  /** From the usual phase. */
  off: number
  /** √κ, 0 where nothing holds the phase. */
  hold: number
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
    // One more row than points: how unusual the profile's own level and phase are.
    this.stride = points + 1
    this.columns = columns
    this.hre = new Float64Array(points)
    this.him = new Float64Array(points)
    this.size = new Float64Array(points)
    this.dre = new Float64Array((points + 1) * columns)
    this.dim = new Float64Array((points + 1) * columns)
    this.#phase = new Float64Array(this.stride)
    this.#level = new Float64Array(this.stride)
    this.#along = new Float64Array(this.stride)
    this.#cos = new Float64Array(points)
    this.#sin = new Float64Array(points)
    this.#ownAcross = new Float64Array(this.stride)
    this.#ownAlong = new Float64Array(this.stride)
    this.#ownLevel = new Float64Array(this.stride)
  }

  /**
   * Whitened residuals of phase (across) and amplitude (along), with the profile's own phase and level solved for.
   * Turns the derivatives of the field into derivatives of the residuals.
   */
  residuals(p: Profile, usual: Usual | null, c: RowConstants, derivatives = false): Judged {
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
    const own: Own = {
      strength: usual ? p.rms * Math.exp(-usual.level) : 0,
      level: 1,
      turn: 0,
      off: 0,
      hold: usual && q > 0 ? Math.sqrt(usual.grip) : 0,
    }
    for (let round = 0; round < 3; round++) {
      this.#turn(p, tre, tim)
      own.level = this.#levelOf(p, own.strength, c)
      own.turn = Math.atan2(tim, tre)
      own.off = own.turn - (usual?.turn ?? 0)
      if (derivatives && round === 2) this.#chain(p, own.level, c)
      this.#unusual(own, c)
      this.#whiten(p, own.level, c)
      if (round === 2) break
      const turn = this.#turnLeft()
      const [a, b] = [Math.cos(turn), Math.sin(turn)]
      ;[tre, tim] = [tre * a - tim * b, tre * b + tim * a]
    }
    if (derivatives) this.#byUsual(own, c)
    let cost = 0
    for (let s = 0; s <= n; s++)
      cost += (this.#phase[s] as number) ** 2 + (this.#level[s] as number) ** 2
    return { cost, level: own.level, turn: q > 0 ? own.turn : null }
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
    for (let s = 0; s <= this.#n; s++) {
      const [a, b] = [this.#ownAcross[s] as number, this.#ownAlong[s] as number]
      top += a * (this.#phase[s] as number) + b * (this.#level[s] as number)
      bottom += a * a + b * b
    }
    const turn = bottom > 0 ? -top / bottom : 0
    return Math.max(-0.5, Math.min(0.5, turn))
  }

  #levelOf(p: Profile, strength: number, c: RowConstants): number {
    const trust = (c.amplitudeTrust * c.levelSigma) ** 2
    let top = strength / trust
    let bottom = strength ** 2 / trust
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

  /** The last row: a tag is about as loud as others, and turns the phase about as they do (von Mises). */
  #unusual({ strength, level, off, hold }: Own, c: RowConstants) {
    const n = this.#n
    this.#ownLevel[n] = strength / c.levelSigma
    this.#level[n] = strength > 0 ? (1 - level * strength) / c.levelSigma : 0
    this.#ownAcross[n] = Math.cos(off / 2) * hold
    this.#phase[n] = 2 * Math.sin(off / 2) * hold
    this.#ownAlong[n] = 0
  }

  /** What the last row gains with the usual level and phase, the last two columns. */
  #byUsual({ strength, level, off, hold }: Own, c: RowConstants) {
    const n = this.#n
    for (let m = 0, o = n; m < this.columns; m++, o += this.stride) this.dre[o] = this.dim[o] = 0
    const [loud, turned] = [(this.columns - 2) * this.stride, (this.columns - 1) * this.stride]
    this.dre.fill(0, loud)
    this.dim.fill(0, loud)
    this.dim[loud + n] = (level * strength) / c.levelSigma
    this.dre[turned + n] = -Math.cos(off / 2) * hold
  }

  /** From the field to the residuals across and along; near a zero of the field the phase bends at most so fast. */
  #chain(p: Profile, level: number, c: RowConstants) {
    const n = this.#n
    for (let s = 0; s < n; s++) {
      const [a, b] = [this.#cos[s] as number, this.#sin[s] as number]
      const size = Math.max(this.size[s] as number, c.leastField)
      const across = p.hasPhase[s] ? (-2 * (this.#along[s] as number)) / size : 0
      const back = p.hasPhase[s] ? (2 * (this.#phase[s] as number)) / size : 0
      for (let m = 0, o = s; m < this.columns - 2; m++, o += this.stride) {
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
      dot(this.#ownAlong, 0, this.#ownLevel, n + 1) / dot(this.#ownLevel, 0, this.#ownLevel, n + 1)
    for (let s = 0; s <= n; s++)
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
      for (let s = 0; s <= n; s++)
        g +=
          (this.dre[o + s] as number) * (this.#phase[s] as number) +
          (this.dim[o + s] as number) * (this.#level[s] as number)
      b[i] = (b[i] as number) + g
      for (let l = 0; l <= m; l++) {
        const q = l * this.stride
        let sum = 0
        for (let s = 0; s <= n; s++)
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
    const n = this.#n + 1
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
