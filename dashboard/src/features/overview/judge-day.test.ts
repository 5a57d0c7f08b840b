import { expect, test } from 'vitest'
import { freshRange, isNews, mattersOf, type Overview } from './judge-day.ts'

const air = { min: 48.2, max: 55, low: 45, high: 60, min24h: 46, max24h: 57, stale: false }
const day = (more: Partial<Overview> = {}): Overview => ({
  serverTime: '2026-11-22T06:00:00.000Z',
  siteLabel: 'store',
  rooms: [
    { room: 'R1', label: 'one', boxes: 1, lent: 0, occupied: 0.3, temperature: air, humidity: air },
  ],
  todo: [],
  issuedToday: 0,
  returnedToday: 0,
  overdue: 0,
  openAlarms: 0,
  ...more,
})
const kinds = (o: Overview, fire: Parameters<typeof mattersOf>[1] = 'normal') =>
  mattersOf(o, fire).map((m) => m.kind)

test('a quiet day has nothing to say, and what is due today is no trouble', () => {
  expect(kinds(day())).toEqual([])
  expect(
    kinds(day({ todo: [{ kind: 'dueToday', count: 3, open: '/desk', detail: null }] })),
  ).toEqual([])
})

test('unknown is never normal: fire, missing air and stale air each say so', () => {
  expect(kinds(day(), 'unknown')).toEqual(['fireUnknown'])
  const room = day().rooms[0]
  if (!room) throw new Error('no room')
  expect(kinds(day({ rooms: [{ ...room, humidity: null }] }))).toEqual(['noAir'])
  expect(kinds(day({ rooms: [{ ...room, humidity: { ...air, stale: true } }] }))).toEqual([
    'staleAir',
  ])
})

test('open alarms count even when all are acknowledged', () => {
  expect(mattersOf(day({ openAlarms: 2 }), 'latched')).toEqual([
    { kind: 'fire' },
    { kind: 'alarms', n: 2 },
  ])
})

test('the range is that of the fresh rooms only', () => {
  const room = day().rooms[0]
  if (!room) throw new Error('no room')
  const stale = { ...room, humidity: { ...air, max: 90, stale: true } }
  expect(freshRange([room, stale], 'humidity')).toBe('48–55')
  expect(freshRange([stale], 'humidity')).toBeNull()
})

test('a value outside the shown range is news, one within it is not', () => {
  const { rooms } = day()
  expect(isNews(rooms, { quantity: 'humidity', value: 67.4 })).toBe(true)
  expect(isNews(rooms, { quantity: 'humidity', value: 40 })).toBe(true)
  expect(isNews(rooms, { quantity: 'humidity', value: 55.3 })).toBe(false)
})
