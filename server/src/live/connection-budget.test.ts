import { seconds, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { ConnectionBudget } from './connection-budget.ts'

const event = { type: 'message', data: '21["join","status"]' }
/** How many of `n` packets pass. */
const passed = (budget: ConnectionBudget, n: number, packet: { type: string; data?: unknown }) =>
  Array.from({ length: n }, () => budget.take(packet)).filter(Boolean).length

test('a burst passes, a flood does not, and silence earns some of it back', () => {
  const clock = new VirtualClock()
  const budget = new ConnectionBudget(clock)
  expect(passed(budget, 120, event)).toBe(120)
  expect(budget.take(event)).toBe(false)
  clock.advance(seconds(2))
  expect(passed(budget, 100, event)).toBeGreaterThan(10)
  expect(budget.take(event)).toBe(false)
})

test('a page that answers each ping and joins now and then is never put out', () => {
  const clock = new VirtualClock()
  const budget = new ConnectionBudget(clock)
  for (let i = 0; i < 500; i++) {
    clock.advance(seconds(1))
    expect(budget.take({ type: 'pong' })).toBe(true)
    expect(passed(budget, 8, event)).toBe(8)
  }
})

test('asking who one is, again and again, ends the connection long before the burst does', () => {
  const budget = new ConnectionBudget(new VirtualClock())
  expect(passed(budget, 50, { type: 'message', data: '0' })).toBe(5)
})
