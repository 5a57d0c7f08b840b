import { expect, test } from 'vitest'
import { ageOf, momentText, noteServerTime, serverNow, tickingText } from './time.ts'

test('an age is never rounded up and never negative', () => {
  expect(ageOf(-5)).toEqual({ unit: 's', n: 0 })
  expect(ageOf(59_999)).toEqual({ unit: 's', n: 59 })
  expect(ageOf(60_000)).toEqual({ unit: 'min', n: 1 })
  expect(ageOf(3_599_999)).toEqual({ unit: 'min', n: 59 })
  expect(ageOf(47.9 * 3_600_000)).toEqual({ unit: 'h', n: 47 })
  expect(ageOf(48 * 3_600_000)).toEqual({ unit: 'd', n: 2 })
})

test('the server clock goes on by the monotonic clock of the page', () => {
  noteServerTime('2026-11-22T06:00:00.000Z', 1000)
  expect(new Date(serverNow(61_000)).toISOString()).toBe('2026-11-22T06:01:00.000Z')
})

test('a server time that cannot be read changes nothing', () => {
  noteServerTime('2026-11-22T06:00:00.000Z', 0)
  noteServerTime('yesterday', 0)
  expect(new Date(serverNow(0)).toISOString()).toBe('2026-11-22T06:00:00.000Z')
})

test('since counts up', () => {
  expect(tickingText(7_000)).toBe('00:07')
  expect(tickingText(3_729_000)).toBe('1:02:09')
  expect(tickingText(51 * 3_600_000)).toBe('2 d 03 h')
})

test('a moment tells the day when it is not today, the year when it is not this year', () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime()
  expect(momentText(new Date(2026, 10, 22, 9, 5).getTime(), now)).toBe('09:05')
  expect(momentText(new Date(2026, 10, 2, 9, 5).getTime(), now)).toBe('11-02 09:05')
  expect(momentText(new Date(2025, 11, 31, 23, 59).getTime(), now)).toBe('2025-12-31 23:59')
})
