import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { instant } from '../core/system-clock.ts'
import { ContactsNow } from './contacts-now.ts'

const minute = 60_000

test('since is when a state was first heard, stays while it holds, and is null before anything was heard', () => {
  const clock = new VirtualClock(0)
  const now = new ContactsNow(clock)
  const look = (state: 'active' | 'clear' | 'unknown') => now.look([{ id: 'door', state }])[0]
  expect(look('unknown')).toEqual({ id: 'door', state: 'unknown', since: null })
  clock.advance(minute)
  expect(look('clear')?.since).toBe(instant(minute))
  clock.advance(minute)
  expect(look('clear')?.since).toBe(instant(minute))
  expect(look('active')?.since).toBe(instant(2 * minute))
  clock.advance(minute)
  expect(look('unknown')?.since).toBe(instant(3 * minute))
})

test('a contact that left the list and comes back is a new one', () => {
  const clock = new VirtualClock(0)
  const now = new ContactsNow(clock)
  now.look([{ id: 'water', state: 'clear' }])
  expect(now.look([])).toEqual([])
  clock.advance(minute)
  expect(now.look([{ id: 'water', state: 'clear' }])).toEqual([
    { id: 'water', state: 'clear', since: instant(minute) },
  ])
})
