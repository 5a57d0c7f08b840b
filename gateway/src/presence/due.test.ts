import { VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Due } from './due.ts'

const withinMs = 20

test('each is called once, never too early and never later than the while that they share', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ afterMs: fc.nat(50), inMs: fc.double({ min: 0, max: 500, noNaN: true }) }),
      ),
      (adds) => {
        const clock = new VirtualClock()
        const late: number[] = []
        const due = new Due<number>(clock, withinMs, (at) => late.push(clock.mono() - at))
        for (const { afterMs, inMs } of adds) {
          clock.advance(afterMs)
          due.add(clock.mono() + inMs, inMs)
        }
        clock.advance(1000)
        expect(late).toHaveLength(adds.length)
        // A timer counts whole milliseconds.
        for (const ms of late) {
          expect(ms).toBeGreaterThanOrEqual(0)
          expect(ms).toBeLessThan(withinMs + 1)
        }
      },
    ),
    // Found once: a quotient that is rounded down.
    { examples: [[[{ afterMs: 0, inMs: 5e-324 }]]] },
  )
})

test('what is added while its like are called waits for its own time', () => {
  const clock = new VirtualClock()
  const called: number[] = []
  const due = new Due<number>(clock, withinMs, (n) => {
    called.push(n)
    if (n < 3) due.add(n + 1, withinMs)
  })
  due.add(1, withinMs)
  clock.advance(withinMs)
  expect(called).toEqual([1])
  clock.advance(2 * withinMs)
  expect(called).toEqual([1, 2, 3])
})

test('after stop nothing is called any more', () => {
  const clock = new VirtualClock()
  const called: string[] = []
  const due = new Due<string>(clock, withinMs, (s) => called.push(s))
  due.add('soon', 10)
  due.add('later', 100)
  clock.advance(withinMs)
  due.stop()
  clock.advance(1000)
  expect(called).toEqual(['soon'])
})

test('stopped by one of those that are due together, the others are not called, and nothing is taken any more', () => {
  const clock = new VirtualClock()
  const called: number[] = []
  const due = new Due<number>(clock, withinMs, (n) => {
    called.push(n)
    due.stop()
    due.add(3, withinMs)
  })
  due.add(1, withinMs)
  due.add(2, withinMs)
  clock.advance(1000)
  expect(called).toEqual([1])
})
