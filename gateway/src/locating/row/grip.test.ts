import { describe, expect, test } from 'vitest'
import { gripOf, lnBessel } from './grip.ts'

describe('how alike angles are', () => {
  test('angles that are one are held as firmly as is ever done', () => {
    expect(gripOf(8, 8, 4)).toBe(4)
  })

  test('what chance does is not believed, nor are few angles', () => {
    // Eight random unit vectors sum up to √8 in the mean square.
    expect(gripOf(Math.sqrt(8), 8, 4)).toBe(0)
    expect(gripOf(3, 3, 4)).toBe(0)
    expect(gripOf(0, 0, 4)).toBe(0)
  })

  test('the more they agree the firmer, and never above the most', () => {
    const grips = [5, 5.5, 6, 6.5, 7, 7.5].map((together) => gripOf(together, 8, 4))
    for (const [i, grip] of grips.entries()) {
      expect(grip).toBeLessThanOrEqual(4)
      if (i > 0 && grip < 4) expect(grip).toBeGreaterThan(grips[i - 1] as number)
    }
  })

  test('of many angles of a known concentration it finds that concentration', () => {
    // The mean resultant length of von Mises with κ = 2 is I₁(2)/I₀(2) = 0.6978 (Mardia and Jupp, appendix 2.1).
    expect(gripOf(0.6978 * 100_000, 100_000, 10)).toBeCloseTo(2, 0)
  })
})

test('the Bessel function is the mean of e^(κ cos) over the circle', () => {
  for (const grip of [0, 0.5, 2, 4, 10]) {
    const steps = 2000
    let sum = 0
    for (let i = 0; i < steps; i++) sum += Math.exp(grip * Math.cos((2 * Math.PI * i) / steps))
    expect(lnBessel(grip)).toBeCloseTo(Math.log(sum / steps), 8)
  }
})
