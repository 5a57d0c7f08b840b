import { expect, test } from 'vitest'
import { type Computed, confident, evenLn, misplaced, onCurve, trustOf } from './confidence.ts'
import { locatingConstants } from './constants.ts'

test.each(['shelfCurve', 'rankCurve'] as const)(
  'what is surer is never printed as less sure, and nothing as certain: %s',
  (name) => {
    const curve = locatingConstants.confidence[name]
    let before = 0
    for (let n = 0; n <= 20_000; n++) {
      const printed = onCurve(n / 20_000, curve)
      expect(printed).toBeGreaterThanOrEqual(before)
      before = printed
    }
    expect(before).toBeLessThan(1)
  },
)

const row = (rank: number): Computed => ({
  order: Int32Array.of(0, 1, 2),
  shelf: [1, 0.999, 1],
  rank: Float64Array.of(1, rank, 0.98),
})

const usual = { astray: 0.003, unsettled: 0.003 }

test('a box of a walk that leaves others in doubt is less sure than the same box of one that does not', () => {
  const c = locatingConstants.confidence
  const [calm, doubtful] = [trustOf([row(0.98)], usual), trustOf([row(0.98), row(0.2)], usual)]
  expect(doubtful.doubt).toBeGreaterThan(calm.doubt)
  const of = (trust: typeof calm) => confident(row(0.98), trust, c)[2]?.rank ?? Number.NaN
  expect(of(doubtful)).toBeLessThan(of(calm))
})

test('the more boxes are astray, the less sure is a rank, the more the farther right it is', () => {
  const c = locatingConstants.confidence
  const equal = {
    order: Int32Array.of(0, 1, 2, 3),
    shelf: [1, 1, 1, 1],
    rank: new Float64Array(4).fill(0.98),
  }
  const of = (astray: number) =>
    confident(equal, { astray, doubt: 0.02, unsettled: 0 }, c).map((a) => a.rank)
  const [few, many] = [of(0), of(0.1)]
  expect(few).toEqual(Array(4).fill(few[0]))
  expect(many[0]).toBe(few[0])
  for (const k of [1, 2, 3]) expect(many[k]).toBeLessThan(many[k - 1] as number)
})

test('a box is the likelier misplaced the surer it was computed, on another board more so, and never for certain', () => {
  const c = locatingConstants.confidence
  let before = 0
  for (let n = 0; n <= 1000; n++) {
    const here = misplaced(n / 1000, false, usual, c)
    expect(here).toBeGreaterThanOrEqual(before)
    expect(misplaced(n / 1000, true, usual, c)).toBeGreaterThan(here)
    before = here
  }
  expect(misplaced(0, false, usual, c)).toBeGreaterThan(0)
  expect(misplaced(1, true, usual, c)).toBeLessThan(1)
})

test('the same odds are told of fewer boxes where many are in doubt, and of more where many are on other boards', () => {
  const c = locatingConstants.confidence
  const of = (walk: typeof usual) => misplaced(0.99, false, walk, c)
  expect(of({ ...usual, unsettled: 0.03 })).toBeLessThan(of(usual))
  expect(of({ ...usual, astray: 0.03 })).toBeGreaterThan(of(usual))
})

test('a box is put out of sequence where it is then likelier misplaced than not', () => {
  const c = locatingConstants.confidence
  for (const walk of [usual, { ...usual, unsettled: 0.03 }]) {
    const even = evenLn(walk, c)
    expect(even).toBeGreaterThan(0)
    expect(misplaced(1 / (1 + Math.exp(-even)), false, walk, c)).toBeCloseTo(0.5, 9)
  }
  expect(evenLn({ astray: 1, unsettled: 0 }, c)).toBe(0)
})
