import type { FactBody } from '@lantai/contracts'
import { hours, minutes, quantities, VirtualClock } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DB } from '../../db/schema.gen.ts'
import { createTestDatabase } from '../../db/testing.ts'
import type { Effect } from '../../ingest/effect.ts'
import { LiveDraft } from '../../work.ts'
import { LedgerDraft } from '../custody/draft.ts'
import {
  applyReadings,
  ensureReadingPartitions,
  rollReadings,
  sensorViews,
  series,
} from './climate.ts'
import { createTimescaleDatabase } from './timescale-testing.ts'

interface Store extends AsyncDisposable {
  db: Kysely<DB>
}
const kinds: [string, () => Promise<Store>, (db: Kysely<DB>) => Promise<unknown>][] = [
  ['plain PostgreSQL', createTestDatabase, async () => undefined],
  [
    'TimescaleDB',
    createTimescaleDatabase,
    // Where it is loaded, background workers run these policies; here in one go, for by default they commit a bucket
    // at a time, and that until the real date of today.
    async (db) => {
      const { rows } = await sql<{ id: number }>`
        select alter_job(job_id, config => config || '{"buckets_per_batch": 0}'), job_id as id
        from timescaledb_information.jobs
        where proc_name = 'policy_refresh_continuous_aggregate'`.execute(db)
      for (const { id } of rows) await sql.raw(`call run_job(${id})`).execute(db)
    },
  ],
]

describe.each(kinds)('readings on %s', (kind, create, refresh) => {
  const site = `climate-${kind.length}`
  const clock = new VirtualClock()
  let store: Store
  beforeAll(async () => {
    store = await create()
  })
  afterAll(async () => await store?.[Symbol.asyncDispose]())

  const reads = () => ({ db: store.db, site, clock })
  const roll = async () => {
    await rollReadings(reads())
    await refresh(store.db)
  }

  type Row = [sensor: number, quantity: number, value: number, offsetMs: number]
  /** Takes readings of th-1 and th-2 that were packed at `at`. */
  async function take(at: number, rows: Row[], live = new LiveDraft()) {
    const body: FactBody<'lantai.readings.v1'> = {
      sensors: ['th-1', 'th-2'],
      quantities: [...quantities],
      rows,
    }
    const after: (() => unknown)[] = []
    await store.db.transaction().execute(async (trx) => {
      const work = { trx, site, now: new Date(clock.now()), live, ledger: new LedgerDraft() }
      const items = [{ seq: '1', at: new Date(at), clock: 'synced' as const, body }]
      const effect: Effect<'lantai.readings.v1'> = {
        ...work,
        afterCommit: (f) => void after.push(f),
        gateway: 'gw-01',
        epoch: '',
        items,
      }
      await applyReadings(effect)
    })
    for (const f of after) await f()
    return live
  }
  /** One reading of humidity every ten seconds, from `from` to now. */
  async function humidityFrom(from: number, valueAt: (ms: number) => number) {
    const rows: Row[] = []
    for (let ms = from; ms < clock.now(); ms += 10_000) rows.push([0, 1, valueAt(ms), ms - from])
    await take(from, rows)
  }
  const humidity = async () => {
    const [sensor] = await sensorViews(reads())
    return sensor?.gauges.find((g) => g.quantity === 'humidity')
  }

  it('takes unknown sensors in by their name, and tells open pages the newest value of each', async () => {
    const now = clock.now()
    const live = await take(now - 20_000, [
      [0, 0, 20.5, 0],
      [0, 0, 20.75, 10_000],
      [1, 1, 50, 10_000],
      [9, 1, 99, 0],
    ])
    expect((await sensorViews(reads())).map((s) => [s.sensor, s.label])).toEqual([
      ['th-1', 'th-1'],
      ['th-2', 'th-2'],
    ])
    expect(live.deltas).toMatchObject([
      {
        room: 'climate',
        delta: {
          values: [
            { sensor: 'th-1', quantity: 'temperature', value: 20.75 },
            { sensor: 'th-2', quantity: 'humidity', value: 50 },
          ],
        },
      },
    ])
  })

  it('shows the value of every quantity that there is', async () => {
    const rows = quantities.map((_, i): Row => [1, i, 20 + i, 0])
    await take(clock.now() - 5_000, rows)
    const [, sensor] = await sensorViews(reads())
    expect(sensor?.gauges.map((g) => [g.quantity, g.value])).toEqual(
      quantities.map((q, i) => [q, 20 + i]),
    )
  })

  it('shows value, interval, band and range, and says stale when the sensor falls silent', async () => {
    await humidityFrom(clock.now() - minutes(20), (ms) => ((ms / 10_000) % 2 ? 50 : 52))
    const [sensor] = await sensorViews(reads())
    expect(sensor?.everyMs).toBe(10_000)
    expect(await humidity()).toMatchObject({
      stale: false,
      min24h: 50,
      max24h: 52,
      low: 45,
      high: 60,
    })
    clock.advance(30_000)
    expect(await humidity()).toMatchObject({ stale: true })
  })

  it('never bridges a gap', async () => {
    clock.advance(minutes(30))
    await humidityFrom(clock.now() - minutes(5), () => 58)
    const { stepMs, points } = await series(reads(), 'th-1', 'humidity', '1h')
    expect(stepMs).toBe(60_000)
    const times = points.map((p) => Date.parse(p.at))
    const gaps = times.slice(1).map((t, i) => t - (times[i] as number))
    expect(Math.max(...gaps)).toBeGreaterThan(minutes(20))
    expect(points.at(-1)).toMatchObject({ min: 58, max: 58, mean: 58 })
    expect((await humidity())?.max24h).toBe(58)
  })

  it('answers the same before and after the rollup, in minutes and in hours', async () => {
    const ask = () =>
      Promise.all((['24h', '7d'] as const).map((s) => series(reads(), 'th-1', 'humidity', s)))
    const before = await ask()
    expect(before[0]?.points.length).toBeGreaterThan(20)
    await roll()
    expect(await ask()).toEqual(before)
    clock.advance(hours(3))
    await roll()
    await roll()
    expect(await ask()).toEqual(before)
  })

  it('takes in what a gateway kept while it was away (D16)', async () => {
    const late = clock.now() - hours(2)
    await take(late, [
      [0, 1, 71, 0],
      [0, 1, 73, 10_000],
    ])
    await roll()
    const { points } = await series(reads(), 'th-1', 'humidity', '24h')
    expect(points.filter((p) => p.max > 70)).toEqual([
      { at: new Date(late - (late % 60_000)).toISOString(), min: 71, max: 73, mean: 72 },
    ])
    const hourly = (await series(reads(), 'th-1', 'humidity', '7d')).points
    expect(Math.max(...hourly.map((p) => p.max))).toBe(73)
  })

  // With TimescaleDB nothing of ours rolls hours up; and here it has one connection only.
  if (kind === 'plain PostgreSQL')
    it('D13: late readings do not wait for the rollups of their hour, and are in the next ones', async () => {
      const late = clock.now() - hours(4)
      await take(late, [[0, 1, 81, 0]])
      await store.db.transaction().execute(async (db) => {
        await rollReadings({ ...reads(), db })
        // On another connection, while the rollups are not committed.
        await take(late, [[0, 1, 83, 10_000]])
      })
      await roll()
      const { points } = await series(reads(), 'th-1', 'humidity', '24h')
      expect(Math.max(...points.map((p) => p.max))).toBe(83)
    })

  it('stores a reading of a wrong clock as it came', async () => {
    await take(Date.UTC(2031, 5, 1), [[1, 0, 19, 0]])
    await ensureReadingPartitions({ ...reads(), clock: new VirtualClock(Date.UTC(2031, 5, 2)) })
    const { rows } = await sql<{ n: number }>`select count(*) as n from reading
      where at > '2031-01-01Z' and site_id = ${site}`.execute(store.db)
    expect(rows[0]?.n).toBe(1)
  })
})

describe('where the rows are', () => {
  it('plain PostgreSQL: a partition for each month, the default for what fits none', async () => {
    await using store = await createTestDatabase()
    const at = (iso: string) =>
      sql`insert into reading values ('s', 1, 1, ${iso}, 20)`.execute(store.db)
    await at('2031-06-01T00:00:00Z')
    await at('2031-07-15T00:00:00Z')
    const partitions = async () =>
      (
        await sql<{
          p: string
        }>`select tableoid::regclass::text as p from reading order by at`.execute(store.db)
      ).rows.map((r) => r.p)
    expect(await partitions()).toEqual(['reading_default', 'reading_default'])
    await ensureReadingPartitions({
      db: store.db,
      site: 's',
      clock: new VirtualClock(Date.UTC(2031, 5, 2)),
    })
    expect(await partitions()).toEqual(['reading_203106', 'reading_203107'])
  })

  it('TimescaleDB: chunks that compress, with the same answers', async () => {
    await using store = await createTimescaleDatabase()
    await sql`insert into reading select 's', 1, 1, '2026-10-01Z'::timestamptz + i * interval '10 s', 20 + i % 5
      from generate_series(1, 5000) i`.execute(store.db)
    const sum = async () =>
      (await sql<{ s: number }>`select sum(value) as s from reading`.execute(store.db)).rows[0]?.s
    const before = await sum()
    const { rows } = await sql`select compress_chunk(c) from show_chunks('reading') c`.execute(
      store.db,
    )
    expect(rows.length).toBeGreaterThan(0)
    const chunks = await sql<{ is_compressed: boolean }>`
      select is_compressed from timescaledb_information.chunks where hypertable_name = 'reading'`.execute(
      store.db,
    )
    expect(chunks.rows.every((c) => c.is_compressed)).toBe(true)
    expect(await sum()).toBe(before)
  })
})
