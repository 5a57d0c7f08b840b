import { expect, test } from 'vitest'
import { freeSpaceRow } from './free-space.ts'
import { withCatalogue } from './planted.ts'
import { fullDensity } from './thin.ts'

const whole = fullDensity(freeSpaceRow([220, 300, 380, 460, 540, 620, 700, 780], 600))
const planted = (share: number, n: number) =>
  Array.from({ length: n }, (_, i) => withCatalogue(whole, 80, share, String(i)))

test('a true catalogue has every tag in its place', () => {
  const [made] = planted(0, 1)
  expect(made?.scene.expected?.map((e) => e.epc)).toEqual(whole.truth.map((t) => t.epc))
  expect(made?.scene.expected?.map((e) => e.rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(made?.truth.some((t) => t.moved)).toBe(false)
})

test('a tenth of the boxes is exchanged with a neighbour, and marked', () => {
  const made = planted(0.1, 400)
  const moved = made.flatMap((c) => c.truth.filter((t) => t.moved))
  expect(Math.abs(moved.length / (400 * 8) - 0.1)).toBeLessThan(0.02)
  for (const c of made) {
    const wrong = c.truth.filter((t, i) => c.scene.expected?.[i]?.epc !== t.epc)
    expect(wrong.map((t) => t.epc)).toEqual(c.truth.filter((t) => t.moved).map((t) => t.epc))
    expect([0, 2]).toContain(wrong.length)
  }
})

test('where the tags truly stand does not change', () => {
  const [made] = planted(1, 1)
  expect(made?.truth.map((t) => t.xMm)).toEqual(whole.truth.map((t) => t.xMm))
  expect(made?.reads).toEqual(whole.reads)
})
