import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Travel } from './travel.ts'

const settings = { pulsesPerMetre: 5000, ticksPerSecond: 10_000, reversed: false }
const wrap = 2 ** 32
const low = (n: number) => ((n % wrap) + wrap) % wrap
/** A reading of a module whose counter and clock have gone on to these numbers. */
const latched = (pulses: number, ticks: number) => ({ pulses: low(pulses), ticks: low(ticks) })

/** Feeds one reading each 50 ms. */
function walk(pulses: readonly number[], ticksAt: (i: number) => number, more = settings) {
  const travel = new Travel(more, 100)
  return pulses.map((p, i) => travel.take(latched(p, ticksAt(i)), i * 50))
}
const steadily = (i: number) => 1000 + i * 500

test('the first number waits for its second; then pulses are millimetres', () => {
  expect(walk([0, 50, 100], steadily)).toEqual([
    null,
    { stretch: 100, xMm: 10, deviceUs: 150_000 },
    { stretch: 100, xMm: 20, deviceUs: 200_000 },
  ])
  expect(walk([0, 50], steadily, { ...settings, reversed: true })[1]?.xMm).toBe(-10)
})

test('neither counter nor clock jumps where its register goes round, forwards or backwards', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -300, max: 300 }),
      fc.constantFrom(2 ** 31, 0, wrap),
      fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 3, maxLength: 40 }),
      (before, edge, steps) => {
        let at = edge + before
        const pulses = steps.map((step) => {
          at += step
          return at
        })
        const told = walk(pulses, (i) => edge - 700 + i * 500).slice(1)
        expect(told.every((t) => t?.stretch === 100)).toBe(true)
        told.slice(1).forEach((t, i) => {
          const moved = (t?.xMm ?? 0) - (told[i]?.xMm ?? 0)
          expect(moved).toBeCloseTo((steps[i + 2] ?? 0) / 5, 6)
          expect((t?.deviceUs ?? 0) - (told[i]?.deviceUs ?? 0)).toBe(50_000)
        })
      },
    ),
    { seed: 4, numRuns: 300 },
  )
})

test('one wrong number is not told, and the next goes on where the last good one was', () => {
  const told = walk([0, 50, 900_000, 150], steadily)
  expect(told[2]).toBe(null)
  expect(told[3]).toMatchObject({ stretch: 100, xMm: 30 })
})

test('a module that began anew begins another stretch, though its number might follow', () => {
  const ticks = (i: number) => (i < 3 ? 5_000_000 + i * 500 : i * 500)
  const told = walk([0, 50, 100, 0, 50, 100], ticks)
  expect(told[3]).toBe(null)
  expect(told.slice(4)).toMatchObject([
    { stretch: 101, xMm: 10 },
    { stretch: 101, xMm: 20 },
  ])
})

test('what was walked while the link was lost is in the position', () => {
  const travel = new Travel(settings, 1)
  travel.take(latched(0, 0), 0)
  expect(travel.take(latched(50, 500), 50)).toMatchObject({ stretch: 1, xMm: 10 })
  expect(travel.take(latched(10_050, 60_500), 6050)).toMatchObject({ stretch: 1, xMm: 2010 })
  // Nobody runs that far.
  expect(travel.take(latched(999_999, 65_500), 6550)).toBe(null)
})

test('a module without a clock is followed by its counter alone', () => {
  const travel = new Travel({ ...settings, ticksPerSecond: null }, 1)
  travel.take({ pulses: 0, ticks: null }, 0)
  expect(travel.take({ pulses: 50, ticks: null }, 50)).toEqual({
    ...{ stretch: 1, xMm: 10, deviceUs: null },
  })
})
