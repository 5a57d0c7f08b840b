import { describe, expect, test } from 'vitest'
import { cholesky, leastSigma } from './bound.ts'
import { type Kernel, kernelOf } from './kernel.ts'
import type { ResidualTrack } from './residuals.ts'
import { detection, mistakes, normal, separation } from './shelves-oracle.ts'

const white: Kernel = {
  ...{ near: 0.1, far: 0.1, white: 1, length: 0.1, period: 10, neighbours: 1e-6, antennas: 0 },
}
const k = 38.6
const trackOf = (xs: readonly number[]): ResidualTrack => ({
  ...{ antenna: 1, tagX: 0.5, across: 0.6, k },
  residuals: xs.map((x) => ({ x, value: 0 })),
})
const spread = (n: number) => Array.from({ length: n }, (_, i) => 0.15 + (0.7 * i) / (n - 1))

describe('the bound of Cramér and Rao', () => {
  test('with independent noise it is that of the least squares line', () => {
    const xs = spread(15)
    const slopes = xs.map((x) => (k * (0.5 - x)) / Math.hypot(x - 0.5, 0.6))
    const mean = slopes.reduce((a, b) => a + b, 0) / slopes.length
    const sum = slopes.reduce((a, s) => a + (s - mean) ** 2, 0)
    expect(leastSigma([trackOf(xs)], white)).toBeCloseTo(0.1 / Math.sqrt(sum), 5)
  })

  test('more reads in one place help little when the field is smooth, and twice when it is not', () => {
    const smooth: Kernel = { ...white, white: 0.02, length: 0.2 }
    const gain = (kernel: Kernel) =>
      leastSigma([trackOf(spread(12))], kernel) / leastSigma([trackOf(spread(48))], kernel)
    expect(gain(white)).toBeGreaterThan(1.8)
    expect(gain(smooth)).toBeLessThan(1.6)
  })

  test('one read tells nothing', () => {
    expect(leastSigma([trackOf([0.5])], white)).toBe(Number.POSITIVE_INFINITY)
    // Its offset takes all that it could say.
    expect(leastSigma([trackOf([0.5]), trackOf([0.9])], white)).toBeLessThan(0.1)
    expect(leastSigma([trackOf([0.6]), { ...trackOf([0.9]), antenna: 2 }], white)).toBeGreaterThan(
      1,
    )
  })

  test('a second antenna is a second look, unless it sees the same field', () => {
    const smooth: Kernel = { ...white, white: 0.02, length: 0.2 }
    const one = trackOf(spread(20))
    const gain = (antennas: number) =>
      leastSigma([one], smooth) / leastSigma([one, { ...one, antenna: 2 }], { ...smooth, antennas })
    expect(gain(0)).toBeCloseTo(Math.SQRT2, 2)
    expect(gain(0.9)).toBeLessThan(1.1)
  })

  test('L·Lᵀ is the matrix', () => {
    const lower = cholesky([
      [4, 2],
      [2, 3],
    ])
    const [[a = 0] = [], [b = 0, c = 0] = []] = lower
    expect([a * a, a * b, b * b + c * c].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([4, 2, 3])
  })
})

describe('telling two orders apart', () => {
  test('the normal distribution, at its known values', () => {
    expect(normal(0)).toBeCloseTo(0.5, 6)
    expect(normal(1.959964)).toBeCloseTo(0.975, 5)
    expect(normal(-3.090232)).toBeCloseTo(0.001, 5)
  })

  test('shifts against each other are easier to see when errors go together', () => {
    const apart = separation(0.03, -0.03, 0.02, 0.02, 0)
    expect(apart).toBeCloseTo(1.5 * Math.SQRT2)
    expect(separation(0.03, -0.03, 0.02, 0.02, 0.5)).toBeGreaterThan(apart)
  })

  test('six standard deviations are found nearly always, none hardly ever', () => {
    expect(detection(6.2)).toBeGreaterThan(0.998)
    expect(detection(0)).toBeCloseTo(0.001, 4)
  })

  test('what is rare is invented less often and missed more often', () => {
    expect(mistakes(3, 0.01).invented).toBeLessThan(mistakes(3, 0.5).invented)
    expect(mistakes(3, 0.01).missed).toBeGreaterThan(mistakes(3, 0.5).missed)
  })
})

test('the kernel of a cosine field has its size and its period', () => {
  const tracks = Array.from({ length: 40 }, (_, n): ResidualTrack => {
    const xs = Array.from({ length: 40 }, (_, i) => 0.1 + 0.02 * i)
    const residuals = xs.map((x) => ({
      x,
      value: 0.7 * Math.SQRT2 * Math.cos((2 * Math.PI * x) / 0.6 + n),
    }))
    return { antenna: n, tagX: 0.5, across: 0.6, k, residuals }
  })
  const kernel = kernelOf([tracks])
  expect(kernel.near).toBeCloseTo(0.7, 1)
  expect(Math.abs(kernel.period - 0.6)).toBeLessThan(0.06)
  expect(kernel.white).toBeLessThan(0.05)
})
