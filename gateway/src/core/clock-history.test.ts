import type { ClockQuality } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { ClockHistory } from './clock-history.ts'
import { createRecorder, type FactToRecord } from './recorder.ts'

test('G7: each change of the clock is a fact, the first of a boot too; what stays is told once', () => {
  const told: FactToRecord<'lantai.clock.v1'>[] = []
  const history = new ClockHistory('gw-01', (fact) => told.push(fact))
  const looks: ClockQuality[] = ['unsynced', 'unsynced', 'synced', 'synced', 'suspect', 'synced']
  expect(looks.map((q) => history.look(q))).toEqual([true, false, true, false, true, true])
  expect(told.map((f) => [f.subject, f.data.before, f.data.quality])).toEqual([
    ['gw-01', null, 'unsynced'],
    ['gw-01', 'unsynced', 'synced'],
    ['gw-01', 'synced', 'suspect'],
    ['gw-01', 'suspect', 'synced'],
  ])
})

test('G7: the two times of a record are of one instant, also of readings that were packed a while', async () => {
  const rest: { time: string; mono: number; clock: string }[] = []
  const outbox = {
    append: (records: { rest: string }[]) => {
      rest.push(...records.map((r) => JSON.parse(r.rest)))
      return Promise.resolve({ stored: true })
    },
  }
  const startedMs = Date.UTC(2026, 10, 22, 6)
  let mono = 90_000
  const clock = { now: () => startedMs + mono, mono: () => mono, quality: () => 'synced' as const }
  const recorder = createRecorder(outbox as never, clock as never, 'boot')
  const data = { sensors: ['a'], quantities: ['temperature' as const], rows: [[0, 0, 20, 0]] }
  const readings = { type: 'lantai.readings.v1' as const, subject: 'a', data }
  const change = { quality: 'synced' as const, before: null }
  await recorder.record([
    { ...readings, at: startedMs + 30_000 },
    // Older than the boot by the wall clock: there is no monotonic time before it.
    { ...readings, at: startedMs - 5000 },
    { type: 'lantai.clock.v1', subject: 'gw-01', data: change },
  ])
  mono += 1
  expect(rest.map((r) => [Date.parse(r.time) - startedMs, r.mono])).toEqual([
    [30_000, 30_000_000],
    [-5000, 0],
    [90_000, 90_000_000],
  ])
})
