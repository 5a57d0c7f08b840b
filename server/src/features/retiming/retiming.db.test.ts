import { randomUUID } from 'node:crypto'
import { type AlarmView, type ClockQuality, type Lane, lanes, seconds } from '@lantai/contracts'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ingestBatch } from '../../ingest/ingest.ts'
import { batchOf, gapFact, item } from '../../ingest/testing.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { listAlarms } from '../alarms/alarms.ts'
import { listEntries } from '../custody/proofs.ts'
import { gatewayViews } from '../gateways/views.ts'

let t: TestContext
let gateway: string
let next = 0
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})
beforeEach(() => {
  gateway = `gw-${++next}`
})

const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
/** When the gateway was really started. */
const startedAt = Date.UTC(2026, 10, 22, 6)
const second = 1_000_000
const iso = (ms: number) => new Date(ms).toISOString()
/** What a record says whose clock is so much off, written so many microseconds after the boot. */
const stamp = (mono: number, clock: ClockQuality, offMs = 0, of = boot) => ({
  ...{ boot: of, mono, clock, time: iso(startedAt + mono / 1000 + offMs) },
})
const trulyAt = (mono: number) => iso(startedAt + mono / 1000)
const condition = (key: string) => ({
  ...{ key, kind: 'humidityHigh', priority: 2, active: true, latched: false },
  ...{ value: 66, limit: 60, unit: '%RH' },
  where: { room: null, bank: null, device: key, box: null, label: null },
})
const act = { act: 'stop', by: '王', bank: 'B1', reason: null }
const take = (lane: Lane, ...items: unknown[]) => ingestBatch(t.ctx, gateway, batchOf(lane, items))
const times = async () =>
  new Map(
    (
      await t.ctx.db
        .selectFrom('doubtful_time')
        .selectAll()
        .where('gateway', '=', gateway)
        .execute()
    ).map((r) => [Number(r.seq), r]),
  )
const year2000 = Date.UTC(2000, 0, 1) - startedAt
const alarm = async (device: string): Promise<AlarmView | undefined> =>
  (await listAlarms(t.ctx, 'open')).alarms.find((a) => a.where.device === device)
const view = async () => (await gatewayViews(t.ctx)).find((g) => g.gateway === gateway)

test('G7: a boot that began in the year 2000 is re-timed once its clock is good: alarm, ledger and record keep what was told, the true time beside', async () => {
  const device = `${gateway}-th`
  const unsynced = (mono: number) => stamp(mono, 'unsynced', year2000)
  await take('alarm', item(1, 0, 'lantai.condition.v1', condition(device), unsynced(5 * second)))
  await take('custody', item(2, 0, 'lantai.console.v1', act, unsynced(9 * second)))
  const told = iso(Date.UTC(2000, 0, 1) + 5000)
  expect(await alarm(device)).toMatchObject({ since: told, sinceCorrected: null, version: 1 })
  expect(await view()).toMatchObject({ doubtful: { records: 2, corrected: 0 } })
  const good = { quality: 'synced', before: 'unsynced' }
  await take('alarm', item(3, 1, 'lantai.clock.v1', good, stamp(700 * second, 'synced')))
  const corrected = { since: told, sinceCorrected: trulyAt(5 * second), version: 2 }
  expect(await alarm(device)).toMatchObject(corrected)
  const [entry] = (await listEntries(t.ctx, undefined)).entries
  expect(entry).toMatchObject({
    ...{ event: 'console.act', at: iso(Date.UTC(2000, 0, 1) + 9000) },
    correctedAt: trulyAt(9 * second),
  })
  expect((await times()).get(2)).toMatchObject({
    told_at: new Date(Date.UTC(2000, 0, 1) + 9000),
    corrected_at: new Date(trulyAt(9 * second)),
    apart_us: 691 * second,
  })
  expect((await view())?.doubtful).toEqual({ records: 2, corrected: 2, mostMs: -year2000 })
  t.clock.advance(seconds(24 * 3600 + 1))
  expect((await view())?.doubtful).toBeNull()
})

test('G7: a record that comes after the pair is corrected as it comes; one of another boot, or of a good clock, is not', async () => {
  const other = randomUUID()
  const off = 3_600_000
  await take('alarm', item(1, 0, 'lantai.gap.v1', gapFact(1), stamp(10 * second, 'synced')))
  const [first, second_, third] = ['a', 'b', 'c'].map((x) => `${gateway}-${x}`) as [
    string,
    string,
    string,
  ]
  await take(
    'alarm',
    item(2, 1, 'lantai.condition.v1', condition(first), stamp(20 * second, 'suspect', off)),
    item(3, 2, 'lantai.condition.v1', condition(second_), stamp(30 * second, 'holdover', 40)),
    item(4, 3, 'lantai.condition.v1', condition(third), stamp(30 * second, 'suspect', off, other)),
  )
  expect(await alarm(first)).toMatchObject({ sinceCorrected: trulyAt(20 * second), version: 2 })
  expect(await alarm(second_)).toMatchObject({ sinceCorrected: null, version: 1 })
  expect(await alarm(third)).toMatchObject({ sinceCorrected: null, version: 1 })
  expect([...(await times()).keys()].toSorted()).toEqual([2, 4])
})

test('G7: a boot that was never synced is corrected by its holdover; a synced pair goes before it, however far away', async () => {
  const holdover = stamp(20 * second, 'holdover', 1500)
  await take(
    'alarm',
    item(1, 0, 'lantai.gap.v1', gapFact(1), stamp(10 * second, 'unsynced', year2000)),
    item(2, 1, 'lantai.gap.v1', gapFact(2), holdover),
  )
  const first = async () => (await times()).get(1)
  expect((await first())?.corrected_at).toEqual(new Date(Date.parse(trulyAt(10 * second)) + 1500))
  expect(await first()).toMatchObject({ by_clock: 'holdover', apart_us: 10 * second })
  await take('alarm', item(3, 2, 'lantai.gap.v1', gapFact(3), stamp(5000 * second, 'synced')))
  expect((await first())?.corrected_at).toEqual(new Date(trulyAt(10 * second)))
  expect(await first()).toMatchObject({ by_clock: 'synced', apart_us: 4990 * second })
  // A nearer one in holdover changes nothing any more.
  await take('custody', item(4, 0, 'lantai.console.v1', act, stamp(700 * second, 'holdover', 1500)))
  expect(await first()).toMatchObject({ by_clock: 'synced', apart_us: 4990 * second })
})

test('G7: a record that the store could not take has no time to correct; a resend changes nothing', async () => {
  const strange = { ...condition(`${gateway}-x`), kind: 'haunted' }
  const items = [
    item(1, 0, 'lantai.condition.v1', strange, stamp(second, 'unsynced', year2000)),
    item(2, 1, 'lantai.gap.v1', gapFact(1), stamp(2 * second, 'unsynced', year2000)),
    item(3, 2, 'lantai.gap.v1', gapFact(2), stamp(3 * second, 'synced')),
  ]
  for (let n = 0; n < 3; n++) await take('alarm', ...items)
  const all = await times()
  expect([...all.keys()]).toEqual([2])
  expect(all.get(2)?.corrected_at).toEqual(new Date(trulyAt(2 * second)))
})

/** A record of one of the lanes, at some second, its clock good or not. */
const written = fc.record({
  lane: fc.constantFrom<Lane>('alarm', 'custody', 'reads'),
  mono: fc.integer({ min: 0, max: 7200 }).map((s) => s * second),
  clock: fc.constantFrom<ClockQuality>('synced', 'unsynced', 'suspect', 'holdover'),
  off: fc.integer({ min: -86_400_000, max: 86_400_000 }),
})
const body = { alarm: 'lantai.gap.v1', custody: 'lantai.console.v1', reads: 'lantai.round.v1' }
const round = { reader: 'r', antennas: [], rounds: 1, tags: 0, troubles: [] }
const bodies = {
  ...{ alarm: gapFact(1), custody: act },
  reads: { ...round, from: iso(startedAt), to: iso(startedAt) },
}

test('G7: whatever order lanes come in, every time in doubt of a boot with one good moment is corrected, and to the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(written, { minLength: 1, maxLength: 12 }),
      fc.shuffledSubarray([...lanes], { minLength: 4, maxLength: 4 }),
      async (list, order) => {
        gateway = `gw-${++next}`
        const mine = list.toSorted((a, b) => a.mono - b.mono)
        const lastOf = new Map<Lane, number>()
        const records = mine.map(({ lane, mono, clock, off }, i) => {
          const prev = lastOf.get(lane) ?? 0
          lastOf.set(lane, i + 1)
          const good = clock === 'synced' || clock === 'holdover'
          const at = stamp(mono, clock, good ? 0 : off)
          return {
            lane,
            mono,
            clock,
            item: item(i + 1, prev, body[lane as 'alarm'], bodies[lane as 'alarm'], at),
          }
        })
        for (const lane of order)
          for (const r of records.filter((r) => r.lane === lane)) await take(lane, r.item)
        const all = await times()
        const doubtful = records.filter((r) => r.clock === 'unsynced' || r.clock === 'suspect')
        const pairs = await t.ctx.db
          .selectFrom('clock_pair')
          .select(['mono', 'clock'])
          .where('gateway', '=', gateway)
          .execute()
        const best = pairs.some((p) => p.clock === 'synced') ? 'synced' : 'holdover'
        const good = pairs.filter((p) => p.clock === best)
        expect(good.length > 0).toBe(records.some((r) => !doubtful.includes(r)))
        expect(all.size).toBe(doubtful.length)
        for (const { item: i, mono } of doubtful) {
          const row = all.get(Number(i.seq))
          expect(row?.told_at.toISOString()).toBe(i.time)
          expect(row?.corrected_at?.toISOString() ?? null).toBe(
            good.length > 0 ? trulyAt(mono) : null,
          )
          const apart = good.map((p) => Math.abs(p.mono - mono))
          expect(row?.apart_us).toBe(good.length > 0 ? Math.min(...apart) : null)
          expect(row?.by_clock).toBe(good.length > 0 ? best : null)
        }
      },
    ),
    { numRuns: 40 },
  )
})
