/** What R²/n of n random angles, R the length of their sum, stays below nineteen times of twenty. */
const chance = 3

/**
 * How alike angles are, as the concentration κ of von Mises (Mardia and Jupp, Directional Statistics, 5.3): labels of
 * one kind on boxes that stand flush turn the phase alike (κ 4 and more), others do not (κ 0), and the row itself tells
 * which. `together` is the length of the sum of n unit vectors; nothing is believed of what chance may do. Never above
 * `most`.
 */
export function gripOf(together: number, n: number, most: number): number {
  if (n <= chance) return 0
  const square = (together ** 2 / n - chance) / (n - chance)
  if (square <= 0) return 0
  if (square >= 1) return most
  return Math.min(most, (Math.sqrt(square) * (2 - square)) / (1 - square))
}

/** ln of the modified Bessel function of order 0, for κ up to 10: what a von Mises density is divided by, but for 2π. */
export function lnBessel(grip: number): number {
  const quarter = (grip * grip) / 4
  let [sum, term] = [1, 1]
  for (let m = 1; m < 25; m++) {
    term *= quarter / (m * m)
    sum += term
  }
  return Math.log(sum)
}
