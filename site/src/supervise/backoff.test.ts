import { expect, test } from 'vitest'
import { Backoff } from './backoff.ts'

test('D9: waits longer after each quick death, never more than 10 s, and never gives up', () => {
  const backoff = new Backoff()
  const waits = Array.from({ length: 9 }, () => backoff.next(5))
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000])
})

test('a process that lived a minute starts the count anew', () => {
  const backoff = new Backoff()
  backoff.next(5)
  backoff.next(5)
  expect(backoff.next(60_000)).toBe(100)
})
