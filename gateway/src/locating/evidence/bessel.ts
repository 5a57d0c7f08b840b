/** ln of the modified Bessel function I₀ for k ≥ 0 (Abramowitz and Stegun 9.8.1 and 9.8.2; error below 2e-7). */
export function lnI0(k: number): number {
  if (k < 3.75) {
    const t = (k / 3.75) ** 2
    return Math.log1p(horner(t, small) * t)
  }
  return k - 0.5 * Math.log(k) + Math.log(horner(3.75 / k, large))
}

const small = [3.515_622_9, 3.089_942_4, 1.206_749_2, 0.265_973_2, 0.036_076_8, 0.004_581_3]
const large = [
  0.398_942_28, 0.013_285_92, 0.002_253_19, -0.001_575_65, 0.009_162_81, -0.020_577_06,
  0.026_355_37, -0.016_476_33, 0.003_923_77,
]

/** Sum of `c[i] · tⁱ`. */
function horner(t: number, c: readonly number[]): number {
  let sum = 0
  for (let i = c.length - 1; i >= 0; i--) sum = sum * t + (c[i] as number)
  return sum
}
