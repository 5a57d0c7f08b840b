import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stay } from './constants.ts'
import { Habit } from './habit.ts'
import { Rhythm } from './rhythm.ts'

/** A tag that answers one look of `every`. */
function answering(every: number, lookMs: number, reads = 200): Rhythm {
  const rhythm = new Rhythm(new Habit())
  for (let n = 0; n < reads; n++) {
    // Gaps of one look and of the rest, so that on average one look of `every` is answered.
    rhythm.gap(lookMs)
    if (every > 1) rhythm.gap((2 * every - 1) * lookMs)
  }
  return rhythm
}

test('a tag that answers rarely is waited for longer than one that always answers', () => {
  const holds = [1, 2, 4, 8].map((every) => answering(every, 300).holdMs())
  expect(holds).toEqual([...holds].sort((a, b) => a - b))
  expect(new Set(holds).size).toBe(holds.length)
  expect(answering(2, 300).answers).toBeCloseTo(0.5, 1)
})

test('the hold follows the reader: looks ten times as far apart, silence several times as long', () => {
  expect(answering(3, 2000).holdMs()).toBeGreaterThan(3 * answering(3, 200).holdMs())
})

test('one tag of a reader teaches what the next may expect', () => {
  const habit = new Habit()
  const known = new Rhythm(habit)
  for (let n = 0; n < 300; n++) known.gap(100)
  expect(new Rhythm(habit).holdMs()).toBeLessThan(new Rhythm(new Habit()).holdMs())
})

test('a hand in the way now and then teaches patience, a long absence does not', () => {
  const hold = (interruptMs: number) => {
    const rhythm = new Rhythm(new Habit())
    for (let n = 0; n < 400; n++) rhythm.gap(n % 50 === 0 ? interruptMs : 100)
    return rhythm.holdMs()
  }
  expect(hold(3000)).toBeGreaterThan(hold(100))
  expect(hold(60_000)).toBeLessThan(hold(3000))
})

test('whatever the reads were, silence is waited for within bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 300 }), (gaps) => {
      const habit = new Habit()
      const rhythm = new Rhythm(habit)
      for (const ms of gaps) rhythm.gap(ms)
      const hold = rhythm.holdMs()
      expect(hold).toBeGreaterThanOrEqual(stay.shortestMs)
      expect(hold).toBeLessThanOrEqual(Math.max(stay.longestMs, stay.longestLooks * habit.lookMs))
    }),
  )
})
