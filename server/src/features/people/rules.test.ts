import { hours, minutes } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { isOver, limitsOf, penalty } from './rules.ts'

test('waits grow from nothing to a minute, then the account locks', () => {
  const waits = Array.from({ length: 11 }, (_, i) => penalty(i).wait / 1000)
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 900])
  expect([penalty(9).locked, penalty(10).locked]).toEqual([false, true])
})

test('a session ends when it is idle, and at the latest after its absolute limit', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)
  const fresh = { createdAt: at(0), lastUsedAt: at(0) }
  expect(isOver(fresh, at(minutes(30) - 1))).toBe(false)
  expect(isOver(fresh, at(minutes(30)))).toBe(true)
  const old = { createdAt: at(0), lastUsedAt: at(hours(12) - 1) }
  expect(limitsOf(old).idleUntil).toEqual(at(hours(12)))
})
