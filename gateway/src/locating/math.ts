/** Natural logarithm of the gamma function for x > 0 (Lanczos, g = 7; relative error below 1e-13). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  const y = x - 1
  let a = 0.999_999_999_999_809_9
  for (let i = 0; i < lanczos.length; i++) a += (lanczos[i] as number) / (y + i + 1)
  const t = y + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(a)
}

/** ln Γ(x + n) − ln Γ(x), of whole n by its product. */
export function lnRising(x: number, n: number): number {
  if (!Number.isInteger(n) || n > 100) return lnGamma(x + n) - lnGamma(x)
  let product = 1
  for (let k = 0; k < n; k++) product *= x + k
  return Math.log(product)
}

const lanczos = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
]

/** Distribution function of the standard normal (Abramowitz and Stegun 7.1.26 on erf; error below 2e-7). */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.327_591_1 * x)
  const poly =
    t *
    (0.254_829_592 +
      t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))))
  const tail = 0.5 * poly * Math.exp(-x * x)
  return z > 0 ? 1 - tail : tail
}

/** Logarithm of the density of a normal with this variance, at `d` from its mean. */
export const lnNormal = (d: number, variance: number): number =>
  (-0.5 * (d * d)) / variance - 0.5 * Math.log(2 * Math.PI * variance)

/** The greatest of them; −∞ of none. */
export function most(values: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > top) top = values[i] as number
  return top
}

/** ln(e^a + e^b). */
export function lnAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b
  if (b === Number.NEGATIVE_INFINITY) return a
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}
