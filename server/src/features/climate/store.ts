import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

type Db = Kysely<DB>

/** Columns of readings as PostgreSQL's binary arrays: int4, int2, timestamptz, float4. */
export interface ReadingColumns {
  sensors: Buffer
  quantities: Buffer
  times: Buffer
  values: Buffer
}

export const insertReadings = (trx: Db, site: string, c: ReadingColumns) =>
  sql`/*insert-readings*/ insert into reading (site_id, sensor_id, quantity, at, value)
    select ${site}, sensor_id, quantity, at, value
    from unnest(${c.sensors}::int4[], ${c.quantities}::int2[], ${c.times}::timestamptz[], ${c.values}::float4[])
      as r (sensor_id, quantity, at, value)`.execute(trx)

/** Hours whose rollup is to be made again. Waits for nobody, whatever the rollups are doing with them (rule D13). */
export const markDirty = (trx: Db, site: string, hours: readonly Date[]) =>
  sql`insert into reading_dirty (site_id, hour)
    select ${site}, hour from unnest(${hours.map((h) => h.toISOString())}::timestamptz[]) as hour`.execute(
    trx,
  )

export const readSensors = (db: Db, site: string) =>
  db
    .selectFrom('sensor')
    .select(['sensor_id', 'name', 'label', 'room', 'x_mm', 'y_mm'])
    .where('site_id', '=', site)
    .orderBy('sensor_id')
    .execute()

export interface NewSensor {
  name: string
  label: string
  room: string
  xMm: number
  yMm: number
}

/** Ids by name; a sensor that another server adds at the same moment is found, not made twice. */
export async function addSensors(
  trx: Db,
  site: string,
  list: readonly NewSensor[],
): Promise<Map<string, number>> {
  await trx
    .insertInto('sensor')
    .values(
      list.map((s) => ({
        site_id: site,
        name: s.name,
        label: s.label,
        room: s.room,
        x_mm: s.xMm,
        y_mm: s.yMm,
      })),
    )
    .onConflict((c) => c.doNothing())
    .execute()
  const names = list.map((s) => s.name)
  const rows = await trx
    .selectFrom('sensor')
    .select(['sensor_id', 'name'])
    .where('site_id', '=', site)
    .where(sql<boolean>`name = any(${names}::text[])`)
    .execute()
  return new Map(rows.map((r) => [r.name, r.sensor_id]))
}

/** Where the sensors are, as a gateway's device list says: known ones move there, new ones are taken in. */
export const placeSensors = (trx: Db, site: string, list: readonly NewSensor[]) =>
  trx
    .insertInto('sensor')
    .values(
      list.map((s) => ({
        site_id: site,
        name: s.name,
        label: s.label,
        room: s.room,
        x_mm: s.xMm,
        y_mm: s.yMm,
      })),
    )
    .onConflict((c) =>
      c.columns(['site_id', 'name']).doUpdateSet((e) => ({
        label: e.ref('excluded.label'),
        room: e.ref('excluded.room'),
        x_mm: e.ref('excluded.x_mm'),
        y_mm: e.ref('excluded.y_mm'),
      })),
    )
    .execute()

export interface NewestRow {
  sensor_id: number
  quantity: number
  at: Date
  value: number
}

/** The last readings of each sensor and quantity, the newest first. */
export async function newestReadings(
  db: Db,
  site: string,
  quantities: readonly number[],
  since: Date,
  each: number,
): Promise<NewestRow[]> {
  const { rows } = await sql<NewestRow>`
    select s.sensor_id, q.quantity, r.at, r.value
    from sensor s cross join unnest(${quantities}::int2[]) as q (quantity)
    cross join lateral (
      select at, value from reading
      where sensor_id = s.sensor_id and quantity = q.quantity and at >= ${since}
      order by at desc limit ${each}) r
    where s.site_id = ${site}
    order by s.sensor_id, q.quantity, r.at desc`.execute(db)
  return rows
}

/** Lowest and highest since then; the hour in which it began counts whole. */
export async function ranges(db: Db, site: string, since: Date) {
  const { rows } = await sql<{ sensor_id: number; quantity: number; min: number; max: number }>`
    select sensor_id, quantity, min(min) as min, max(max) as max from reading_hour
    where site_id = ${site} and bucket >= date_trunc('hour', ${since}::timestamptz)
    group by sensor_id, quantity`.execute(db)
  return rows
}

export interface Bucket {
  at: Date
  min: number
  max: number
  mean: number
}

/** Only buckets that have readings: a missing stretch stays missing. */
export async function buckets(
  db: Db,
  of: { sensor: number; quantity: number; since: Date; step: 'minute' | 'hour' },
): Promise<Bucket[]> {
  const view = of.step === 'minute' ? sql.table('reading_minute') : sql.table('reading_hour')
  const { rows } = await sql<Bucket>`
    select bucket as at, min, max, mean from ${view}
    where sensor_id = ${of.sensor} and quantity = ${of.quantity} and bucket >= ${of.since}
    order by bucket limit 3000`.execute(db)
  return rows
}

export const roll = (db: Db, now: Date) =>
  sql`select roll_readings(${now}::timestamptz)`.execute(db)
export const ensurePartitions = (db: Db, now: Date) =>
  sql`select ensure_reading_partitions(${now}::timestamptz)`.execute(db)
