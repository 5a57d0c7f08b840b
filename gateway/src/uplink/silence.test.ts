import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Silence } from './silence.ts'

test('D19: a minute without a word while something waits gives the connection up; nothing waiting is no silence', () => {
  const clock = new VirtualClock()
  const silence = new Silence(clock)
  clock.advance(59_999)
  expect(silence.tooLong(true)).toBe(false)
  clock.advance(1)
  expect(silence.tooLong(true)).toBe(true)
  silence.heard()
  clock.advance(59_000)
  expect(silence.tooLong(true)).toBe(false)
  clock.advance(3_600_000)
  expect(silence.tooLong(false)).toBe(false)
  clock.advance(59_999)
  expect(silence.tooLong(true)).toBe(false)
  clock.advance(1)
  expect(silence.tooLong(true)).toBe(true)
})
