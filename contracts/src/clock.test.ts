import { expect, test } from 'vitest'
import { VirtualClock } from './clock.ts'
import { millis, seconds } from './units.ts'

test('timers run in the order of their times, also those set by timers', () => {
  const clock = new VirtualClock()
  const seen: string[] = []
  clock.after(seconds(2), () => seen.push('b'))
  clock.after(seconds(1), () => {
    seen.push('a')
    clock.after(millis(500), () => seen.push('a+'))
  })
  clock.after(seconds(9), () => seen.push('never')).cancel()
  clock.advance(3000)
  expect(seen).toEqual(['a', 'a+', 'b'])
  expect(clock.mono()).toBe(3000)
})

test('a jump of the wall clock leaves the monotonic one alone', () => {
  const clock = new VirtualClock(0)
  clock.jump(400 * 86_400_000)
  expect(clock.mono()).toBe(0)
  expect(clock.now()).toBe(400 * 86_400_000)
})
