import { describe, expect, it } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { lnI0 } from './bessel.ts'
import { antennaOffsets, lnTogether, meanOf, type Seen } from './between.ts'
import { factor } from './chain.ts'
import { wrap } from './views.ts'

const c = locatingConstants.evidence.between

/** I₀ by its series, Σ (k/2)^2m / m!². */
function series(k: number): number {
  let term = 1
  let sum = 1
  for (let m = 1; m < 200; m++) {
    term *= (k / 2 / m) ** 2
    sum += term
  }
  return sum
}

/** Tags with phases of their own, seen by two of four antennas each, a little bent. */
const tagsOf = (own: readonly number[]): Seen[][] =>
  Array.from({ length: 24 }, (_, t) =>
    [t % 4, (t + 1 + (t % 2)) % 4].map((antenna) => ({
      antenna,
      rad: wrap(1.7 * t + (own[antenna] as number) + 0.2 * Math.sin(5 * t + antenna)),
      variance: 0.1,
    })),
  )

describe('phases between antennas', () => {
  it('knows the Bessel function', () => {
    for (const k of [0, 0.3, 2, 3.7, 3.8, 9, 40])
      expect(lnI0(k)).toBeCloseTo(Math.log(series(k)), 6)
  })

  it('finds what is each antenna’s own, up to what all have in common', () => {
    const own = [0.4, 2.9, -2.2, 1.3]
    const found = antennaOffsets(tagsOf(own), 4, c)
    for (const [a, o] of own.entries()) {
      const off = (found[a] as number) - o - ((found[0] as number) - (own[0] as number))
      expect(Math.abs(wrap(off))).toBeLessThan(0.15)
    }
  })

  it('says nothing of an antenna that too few tags tell about', () => {
    const few = tagsOf([0, 1, 2, 3]).slice(0, c.leastTags)
    expect(antennaOffsets(few, 4, c).some((o) => o === null)).toBe(true)
    expect(antennaOffsets([], 3, c)).toEqual([null, null, null])
  })

  it('takes phases that agree for better than chance, and those that do not for worse', () => {
    const single = 3 * lnI0(2)
    expect(lnTogether(6, single, c)).toBeGreaterThan(1)
    expect(lnTogether(0.5, single, c)).toBeLessThan(-1)
    expect(lnTogether(0, 1e3, c)).toBeCloseTo(Math.log(c.wild), 6)
  })

  it('takes the mean of samples as sure as they are independent', () => {
    const kernel = locatingConstants.evidence.phase
    const means = [20, 2000].map((apart) => {
      const x = Float64Array.from({ length: 6 }, (_, i) => i * apart)
      const l = factor({ x, weight: new Float64Array(6).fill(1), tilt: null }, kernel)
      return meanOf(l, 6, kernel.offset).variance
    })
    const [near, far] = means as [number, number]
    expect(far).toBeCloseTo((kernel.sigma ** 2 + kernel.noise ** 2) / 6, 2)
    expect(near).toBeGreaterThan(2 * far)
  })
})
