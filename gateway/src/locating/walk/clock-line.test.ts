import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClockLine } from './clock-line.ts'
import { Timeline } from './timeline.ts'

/** Delays of 2 to 40 ms, and behind the first second now and then of seconds, that come again with the seed. */
function delays(seed: number) {
  let state = seed
  let count = 0
  const unit = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return () =>
    count++ > 10 && unit() < 0.02 ? 2000 + 2_000_000 * unit() : 2000 + 38_000 * unit() ** 2
}

/** Hears a device `ppm` fast for so many seconds, ten times each; gives the errors of the clock that was found. */
function errorsOf(ppm: number, seconds: number, seed: number): number[] {
  const line = new ClockLine()
  const delay = delays(seed)
  const device = (ours: number) => 7e12 + ours * (1 + ppm * 1e-6)
  const moments = Array.from({ length: seconds * 10 }, (_, i) => 5e6 + i * 100_000)
  expect(moments.every((ours) => line.take(device(ours), ours + delay()))).toBe(true)
  const found = line.line()
  return moments.map((ours) => device(ours) + found(device(ours)) - ours)
}

test('a clock is found to a few milliseconds in a short walk, whatever its epoch', () => {
  for (const e of errorsOf(50, 20, 1)) expect(Math.abs(e)).toBeLessThan(5000)
})

test('in a long walk its drift is found too', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), fc.nat(), (ppm, seed) => {
      const errors = errorsOf(ppm, 600, seed)
      expect(Math.min(...errors)).toBeGreaterThan(0)
      expect(Math.max(...errors)).toBeLessThan(6000)
    }),
    { seed: 5, numRuns: 40 },
  )
})

test('what lay in a buffer for seconds is not taken for the clock', () => {
  const line = new ClockLine()
  for (let i = 0; i < 100; i++) line.take(i * 100_000, i * 100_000 + 3000)
  for (let i = 100; i < 160; i++) line.take(i * 100_000, 20e6 + i)
  expect(line.line()(0)).toBe(3000)
})

test('a clock that is set, forwards or backwards, is another line', () => {
  for (const jump of [3_600e6, -3_600e6]) {
    const times = new Timeline()
    const kept = Float64Array.from({ length: 40 }, (_, i) => {
      const ours = 1e6 + i * 100_000
      const deviceUs = 9e12 + ours + (i < 20 ? 0 : jump)
      return times.take({ deviceUs, heardUs: ours + 2000 })
    })
    times.toOurs(kept, kept.length)
    expect([...kept]).toEqual(Array.from({ length: 40 }, (_, i) => 1e6 + i * 100_000 + 2000))
  }
})

test('a device without a clock is at the moment when it was heard', () => {
  const times = new Timeline()
  const kept = Float64Array.from([
    times.take({ deviceUs: null, heardUs: 10 }),
    times.take({ deviceUs: 500, heardUs: 20 }),
    times.take({ deviceUs: null, heardUs: 30 }),
  ])
  times.toOurs(kept, 3)
  expect([...kept]).toEqual([10, 20, 30])
})
