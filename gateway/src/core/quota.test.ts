import { type FactBody, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KnownDevice } from '../drivers/driver.ts'
import { DeskPresence } from '../presence/desk.ts'
import type { ConfigPlan } from './config-plan.ts'
import { LanePressure, pressureOf } from './pressure.ts'
import { ReaderPause } from './reader-pause.ts'
import type { FactToRecord } from './recorder.ts'
import { type Thinned, Thinner } from './thinner.ts'

test('a lane is tight from 80 % and full from 95 %, and free again only some way below', () => {
  let is: ReturnType<typeof pressureOf> = 'free'
  const seen = [0.5, 0.81, 0.75, 0.96, 0.85, 0.79, 0.71, 0.69].map((use) => {
    is = pressureOf(use, is)
    return is
  })
  expect(seen).toEqual(['free', 'tight', 'tight', 'full', 'full', 'tight', 'tight', 'free'])
  const lane = { bytes: 90, quota: 100 }
  const status = { lanes: { reads: lane, telemetry: { bytes: 10, quota: 100 } } }
  const pressure = new LanePressure(() => status as never)
  expect([pressure.of('reads'), pressure.of('telemetry')]).toEqual(['tight', 'free'])
})

test('reads fold harder while space is short, and their counts still add up', () => {
  const clock = new VirtualClock()
  const said: FactBody<'lantai.sighting.v1'>[] = []
  let tight = true
  const desk = new DeskPresence(
    'desk-1',
    clock,
    (s) => said.push(s),
    () => tight,
  )
  const read = { epc: '3034257BF7194E4000001A85', antenna: 1, count: 1 }
  let reads = 0
  const lie = (ms: number) => {
    for (let t = 0; t < ms; t += 500, reads++) {
      desk.read(read)
      clock.advance(500)
    }
  }
  lie(300_000)
  expect(said).toHaveLength(1)
  lie(1000)
  expect(said).toHaveLength(2)
  tight = false
  lie(60_000)
  expect(said).toHaveLength(4)
  clock.advance(60_000)
  const counted = said.reduce((n, s) => n + s.count, 0)
  // The farewell says at least one, though its reads may have been told before.
  expect(counted - reads).toBeLessThanOrEqual(1)
  expect(counted).toBeGreaterThanOrEqual(reads)
})

const quantities = ['temperature', 'humidity'] as const
const body = (rows: number[][]): FactBody<'lantai.readings.v1'> => ({
  sensors: ['a', 'b'],
  quantities: [...quantities],
  rows,
})

test('telemetry is thinned to one mean a minute, with how many it stands for', () => {
  const told: Thinned[] = []
  let tight = true
  const thinner = new Thinner(
    () => tight,
    (t) => told.push(t),
  )
  const minute = Date.UTC(2026, 10, 22, 6)
  for (let s = 0; s < 60; s += 10)
    thinner.take(
      minute + s * 1000,
      body([
        [0, 0, 20 + s / 10, 0],
        [1, 1, 50, 40],
      ]),
    )
  expect(told).toEqual([])
  thinner.take(minute + 60_000, body([[0, 0, 30, 0]]))
  expect(told).toEqual([
    {
      at: minute,
      toMs: minute + 50_040,
      merged: 10,
      body: body([
        [0, 0, 22.5, 50_000],
        [1, 1, 50, 50_040],
      ]),
    },
  ])
  tight = false
  thinner.take(minute + 70_000, body([[0, 0, 31, 0]]))
  expect(told.slice(1).map((t) => [t.body.rows, t.merged])).toEqual([
    [[[0, 0, 30, 0]], 0],
    [[[0, 0, 31, 0]], 0],
  ])
})

test('G4: what is told and what is stated as merged are together what was measured, whatever space there was', () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 90_000 }),
    rows: fc.integer({ min: 1, max: 6 }),
    tight: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let tight = false
      let measured = 0
      let accounted = 0
      let at = Date.UTC(2026, 10, 22, 6)
      const thinner = new Thinner(
        () => tight,
        (t) => {
          expect(t.merged).toBeGreaterThanOrEqual(0)
          accounted += t.body.rows.length + t.merged
        },
      )
      for (const s of steps) {
        tight = s.tight
        at += s.afterMs
        measured += s.rows
        const rows = Array.from({ length: s.rows }, (_, i) => [i % 2, 0, i, 0])
        thinner.take(at, body(rows))
      }
      thinner.flush()
      expect(accounted).toBe(measured)
    }),
    { seed: 22 },
  )
})

function pausing(restored: Record<string, string> = {}) {
  const clock = new VirtualClock()
  const changes: string[][] = []
  const reports: string[] = []
  const facts: FactToRecord[] = []
  const pause = new ReaderPause(restored, {
    clock,
    drivers: {
      apply: (p: Pick<ConfigPlan, 'stop' | 'start'>) =>
        void changes.push([...p.stop.map((d) => `-${d}`), ...p.start.map((d) => `+${d.id}`)]),
    },
    health: { report: (device, r) => void reports.push(`${device} ${r.state}`) },
    record(list, puts) {
      facts.push(...list)
      for (const p of puts)
        if (p.value === null) delete restored[p.key]
        else restored[p.key] = p.value
    },
  })
  const gaps = () => facts.map((f) => f.data)
  return { clock, changes, reports, gaps, pause, restored }
}
/** Whatever protocol they speak: the pause knows facets only. */
const readers = (['desk', 'gate'] as const).map((role) => ({
  entry: { id: role, label: role, driver: 'any' },
  kind: {} as KnownDevice['kind'],
  facets: { reader: { role } },
})) satisfies KnownDevice[]

test('a reader whose reads would be refused stands still, visibly, and the time is stated; a gate goes on', () => {
  const { clock, changes, reports, gaps, pause, restored } = pausing()
  pause.look(readers, true)
  pause.look(readers, true)
  expect([changes, reports]).toEqual([[['-desk']], ['desk offline']])
  const from = new Date(clock.now()).toISOString()
  clock.advance(60_000)
  pause.look(readers, false)
  pause.look(readers, false)
  expect(changes).toEqual([['-desk'], ['+desk']])
  const to = new Date(clock.now()).toISOString()
  expect(gaps()).toMatchObject([{ lane: 'reads', device: 'desk', reason: 'quota', from, to }])
  expect(restored).toEqual({})
})

test('a pause that a restart ended is stated at the next start', () => {
  const before = pausing()
  before.pause.look(readers, true)
  const after = pausing(before.restored)
  after.pause.look(readers, false)
  after.pause.look(readers, false)
  expect(after.gaps()).toMatchObject([{ lane: 'reads', device: 'desk', reason: 'quota' }])
  expect([after.changes, after.restored]).toEqual([[], {}])
})

test('a paused reader whose settings change is looked at anew', () => {
  const { changes, gaps, pause } = pausing()
  pause.look(readers, true)
  pause.forget(['desk', 'other'])
  pause.look(readers, true)
  expect([changes, gaps().length]).toEqual([[['-desk'], ['-desk']], 1])
})
