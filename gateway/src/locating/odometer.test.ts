import { expect, test } from 'vitest'
import { locatingConstants } from './constants.ts'
import { corrected, correctionOf, type Mark, offsetCount } from './odometer.ts'

const c = locatingConstants.odometer
const half = (offsetCount(c) - 1) / 2

/** A mark with hills at these offsets, of 8 mm. */
const mark = (at: number, ...hills: number[]): Mark => ({
  at,
  ln: Float64Array.from({ length: 2 * half + 1 }, (_, k) => {
    const offset = (k - half) * c.stepMm
    return Math.log(hills.reduce((s, h) => s + Math.exp(-0.5 * ((offset - h) / 8) ** 2), 1e-9))
  }),
})

test('no shelf tags: the odometer is believed', () => {
  expect(corrected(123, correctionOf([], c))).toBe(123)
})

test('a scale and a zero are found, and carried on beyond the outer shelf tags', () => {
  const truth = (x: number) => 20 + 0.01 * x
  const marks = [0, 900, 1800, 2700].flatMap((x) => [
    mark(x, truth(x)),
    mark(x + 40, truth(x + 40)),
  ])
  const found = correctionOf(marks, c)
  for (const x of [-300, 0, 450, 1500, 2700, 3200])
    expect(Math.abs(corrected(x, found) - x - truth(x))).toBeLessThan(6)
})

test('a shelf tag whose reads fit at two places waits for the others', () => {
  const marks = [0, 500, 1000, 1500].map((x, i) => mark(x, 10, i % 2 ? 90 : -80))
  for (const x of [0, 750, 1500])
    expect(Math.abs(corrected(x, correctionOf(marks, c)) - x - 10)).toBeLessThan(4)
})

test('a slip in the middle is followed on both sides', () => {
  const marks = [0, 200, 400, 600, 800, 1000, 1200, 1400].flatMap((x) =>
    [0, 10, 20].map((d) => mark(x + d, x < 700 ? 0 : 15)),
  )
  const found = correctionOf(marks, c)
  expect(Math.abs(corrected(100, found) - 100)).toBeLessThan(6)
  expect(Math.abs(corrected(1300, found) - 1315)).toBeLessThan(6)
})
