import type { RowConstants } from '../constants.ts'
import { gripOf, lnBessel } from './grip.ts'
import type { Profile } from './profile.ts'

/** How much the tags of a row differ in level and phase before each antenna: labels of one kind differ little. */
export class Alike {
  readonly #profiles: readonly Profile[]
  readonly #antennas: number
  readonly #c: RowConstants
  /** Unit vector of the phase and ln of the level of every profile, as now tried and as they were kept. */
  readonly #now: Float64Array
  readonly #kept: Float64Array
  readonly #sums: Float64Array

  constructor(profiles: readonly Profile[], antennas: number, c: RowConstants) {
    this.#profiles = profiles
    this.#antennas = antennas
    this.#c = c
    this.#now = new Float64Array(3 * profiles.length)
    this.#kept = new Float64Array(3 * profiles.length)
    this.#sums = new Float64Array(6 * antennas)
  }

  /** What was heard is `q` / `power` times the square root of what is predicted. */
  set(profile: number, qre: number, qim: number, power: number) {
    const q = Math.hypot(qre, qim)
    const o = 3 * profile
    this.#now[o] = q > 0 ? qre / q : 0
    this.#now[o + 1] = q > 0 ? qim / q : 0
    const { rms } = this.#profiles[profile] as Profile
    this.#now[o + 2] = q > 0 ? Math.log((q / power) * rms) : Number.NaN
  }

  keep() {
    this.#kept.set(this.#now)
  }

  restore() {
    this.#now.set(this.#kept)
  }

  /** −2 ln likelihood, but for a constant: von Mises about the usual phase, normal about the usual level. */
  cost(): number {
    const sums = this.#sums.fill(0)
    for (const [i, p] of this.#profiles.entries()) {
      const level = this.#now[3 * i + 2] as number
      if (Number.isNaN(level)) continue
      const o = 6 * p.antenna
      sums[o] = (sums[o] as number) + 1
      sums[o + 1] = (sums[o + 1] as number) + (this.#now[3 * i] as number)
      sums[o + 2] = (sums[o + 2] as number) + (this.#now[3 * i + 1] as number)
      sums[o + 3] = (sums[o + 3] as number) + level
      sums[o + 4] = (sums[o + 4] as number) + level * level
    }
    let cost = 0
    for (let o = 0; o < 6 * this.#antennas; o += 6) {
      const n = sums[o] as number
      if (n === 0) continue
      const together = Math.hypot(sums[o + 1] as number, sums[o + 2] as number)
      const spread = (sums[o + 4] as number) - (sums[o + 3] as number) ** 2 / n
      const grip = gripOf(together, n, this.#c.quickGrip)
      cost += 2 * (n * lnBessel(grip) - grip * together) + spread / this.#c.quickLevelSigma ** 2
    }
    return cost
  }
}
