import type { AlarmView } from '@lantai/contracts'
import { expect, test } from 'vitest'
import {
  beganAt,
  compareAlarms,
  drawingOf,
  isCorrected,
  isUnacknowledged,
  mergeAlarms,
  stepFrom,
} from './order.ts'

const alarm = (id: string, more: Partial<AlarmView> = {}): AlarmView => ({
  id,
  kind: 'humidityHigh',
  priority: 2,
  state: 'unacknowledged',
  active: true,
  latched: false,
  where: { room: 'R1', bank: null, device: null, box: null, label: null },
  value: null,
  limit: null,
  unit: null,
  since: '2026-11-22T06:00:00.000Z',
  sinceCorrected: null,
  returnedAt: null,
  closedAt: null,
  ack: null,
  reset: null,
  version: 1,
  ...more,
})
const ack = { by: 'Lin', at: '2026-11-22T06:01:00.000Z', comment: null }
const acked = (id: string, more: Partial<AlarmView> = {}) =>
  alarm(id, { state: 'acknowledged', ack, ...more })

test('unacknowledged first, then priority, fire before its equals, then the newest', () => {
  const list = [
    acked('acked-p1', { priority: 1 }),
    alarm('old', { since: '2026-11-22T05:00:00.000Z' }),
    alarm('p3', { priority: 3 }),
    alarm('new'),
    alarm('door', { kind: 'unlentAtDoor', priority: 1, since: '2026-11-22T07:00:00.000Z' }),
    alarm('fire', { kind: 'fire', priority: 1, state: 'latched', latched: true }),
  ]
  expect(list.sort(compareAlarms).map((a) => a.id)).toEqual([
    'fire',
    'door',
    'new',
    'old',
    'p3',
    'acked-p1',
  ])
})

test('a latched alarm that somebody has acknowledged stays listed and no longer asks', () => {
  const a = alarm('fire', { state: 'latched', latched: true, ack })
  expect(isUnacknowledged(a)).toBe(false)
  expect(drawingOf(a)).toBe('latched')
})

test('D17: a delta that is older than the list changes nothing', () => {
  const list = [acked('a', { version: 3 })]
  expect(mergeAlarms(list, [alarm('a', { version: 2 })])).toEqual(list)
  expect(mergeAlarms(list, [alarm('b')])).toHaveLength(2)
})

test('every state is drawn in a way of its own', () => {
  const states = [
    'unacknowledged',
    'acknowledged',
    'returnedUnacknowledged',
    'latched',
    'closed',
  ] as const
  expect(new Set(states.map((state) => drawingOf(alarm('a', { state })))).size).toBe(states.length)
})

test('the arrows stop at the ends and begin at the first row', () => {
  expect(stepFrom(['a', 'b'], 'b', 1)).toBe('b')
  expect(stepFrom(['a', 'b'], 'a', -1)).toBe('a')
  expect(stepFrom(['a', 'b'], null, 1)).toBe('a')
  expect(stepFrom([], null, 1)).toBeNull()
})

test('a corrected beginning stands in its place in the list, and is said where it is another one', () => {
  const since = '2000-01-01T00:00:05.000Z'
  const sinceCorrected = '2026-11-22T06:30:00.000Z'
  const wrong = alarm('wrong', { since, sinceCorrected })
  expect([alarm('old'), wrong].sort(compareAlarms).map((a) => a.id)).toEqual(['wrong', 'old'])
  expect([beganAt(wrong), beganAt(alarm('old'))]).toEqual([sinceCorrected, alarm('old').since])
  const right = alarm('right', { sinceCorrected: '2026-11-22T06:00:00.400Z' })
  expect([wrong, right, alarm('old')].map(isCorrected)).toEqual([true, false, false])
})
