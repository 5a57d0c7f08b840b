import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { asTold, leastOdds } from './sequence.ts'

test('what is told in sequence does not count as out of it, nor the other way, whatever rounding does', () => {
  for (let n = 1; n <= 200; n++) {
    const least = leastOdds({ ...locatingConstants.order, moved: n / 2000 })
    const oddsOf = (p: number) => p / (1 - p)
    expect(oddsOf(asTold(0.9999999, false, least))).toBeLessThan(least)
    expect(oddsOf(asTold(0, true, least))).toBeGreaterThan(least)
    expect(asTold(0.2, false, least)).toBe(0.2)
  }
})
