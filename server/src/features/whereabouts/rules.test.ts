import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confidenceAt, decisive, type Evidence, strengthOf } from './rules.ts'

const kinds = [
  'shelved',
  'moved',
  'counted',
  'issued',
  'returned',
  'passage',
  'sighting',
  'import',
] as const
const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)
const evidence = (e: Partial<Evidence>): Evidence => ({
  boxId: 'a',
  kind: 'shelved',
  at: at(0),
  by: '李敏',
  place: null,
  placeLabel: null,
  ...e,
})

test('confidence only fades, and is never 1 nor 0', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.nat(1e9), fc.nat(1e9), (kind, t, more) => {
      const s = { ...strengthOf(kind), at: at(0) }
      const now = confidenceAt(s, at(t))
      expect(now).toBeLessThan(1)
      expect(now).toBeGreaterThan(0)
      expect(confidenceAt(s, at(t + more))).toBeLessThanOrEqual(now)
    }),
  )
})

test('evidence from a clock that is ahead is believed no more than fresh evidence', () => {
  const s = { ...strengthOf('sighting'), at: at(60_000) }
  expect(confidenceAt(s, at(0))).toBe(s.c0)
})

test('an event without a place never blanks a belief', () => {
  const known = evidence({ place: '12A-3-4-2' })
  const blank = evidence({ kind: 'passage', at: at(5) })
  expect(decisive([known, blank])).toEqual([known])
  expect(decisive([blank])).toEqual([])
})

test('the newest evidence with a place decides, in whatever order it came', () => {
  const older = evidence({ place: '1A-1-1-1' })
  const newer = evidence({ placeLabel: '借阅台', at: at(9) })
  expect(decisive([newer, older])).toEqual([newer])
  expect(decisive([older, newer])).toEqual([newer])
})
