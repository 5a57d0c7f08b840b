import type { AirPoint, api, Quantity, ResponseOf, SensorView } from '@lantai/contracts'
import { hours, quantities, seconds } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { every } from '../../every.ts'
import { DomainError } from '../../http/domain-error.ts'
import { siteSettings } from '../../site-settings.ts'
import { intervalOf, isStale, quantityIds, type Sample, type Span, spans } from './rules.ts'
import {
  buckets,
  ensurePartitions,
  type NewestRow,
  newestReadings,
  placeSensors as placeAll,
  ranges,
  readSensors,
  roll,
} from './store.ts'

export { applyReadings } from './take.ts'

/** Reading needs no more of the process. */
type Reads = Pick<Context, 'db' | 'site' | 'clock'>

type Gauge = SensorView['gauges'][number]
const dayMs = 86_400_000
/** How many of the last readings tell how often a sensor reports. */
const judged = 10

/** Sensors that a gateway runs: a new one is on the plan before its first value, a moved one where it is now. */
export async function placeSensors(
  trx: Context['db'],
  site: string,
  sensors: readonly AirPoint[],
): Promise<void> {
  if (sensors.length === 0) return
  const list = sensors.map(({ id, ...place }) => ({ name: id, ...place }))
  await placeAll(trx, site, list)
}

/** Every sensor with its value, age, 24 h range and band. What was not measured is null. */
export async function sensorViews(ctx: Reads): Promise<SensorView[]> {
  const now = nowOf(ctx)
  const since = new Date(now.getTime() - dayMs)
  const { db, site } = ctx
  const [sensors, newest, range] = await Promise.all([
    readSensors(db, site),
    newestReadings(db, site, Object.values(quantityIds), since, judged),
    ranges(db, site, since),
  ])
  const samples = Map.groupBy(newest, (r) => `${r.sensor_id}/${r.quantity}`)
  const extremes = new Map(range.map((r) => [`${r.sensor_id}/${r.quantity}`, r]))
  return sensors.map((s) => {
    const gauges = quantities.map((quantity) => {
      const key = `${s.sensor_id}/${quantityIds[quantity]}`
      return gaugeOf(quantity, samples.get(key) ?? [], extremes.get(key), now)
    })
    const intervals = gauges.filter((g) => g.at !== null).map((g) => g.everyMs)
    return {
      sensor: s.name,
      label: s.label,
      room: s.room,
      xMm: s.x_mm,
      yMm: s.y_mm,
      everyMs: intervals.length > 0 ? Math.min(...intervals) : 60_000,
      gauges: gauges.map(({ everyMs: _, ...gauge }) => gauge),
    }
  })
}

function gaugeOf(
  quantity: Quantity,
  rows: readonly NewestRow[],
  range: { min: number; max: number } | undefined,
  now: Date,
): Gauge & { everyMs: number } {
  const last: Sample | undefined = rows[0]
  const everyMs = intervalOf(rows)
  return {
    quantity,
    value: last?.value ?? null,
    at: last?.at.toISOString() ?? null,
    stale: isStale(last?.at ?? null, everyMs, now),
    min24h: range?.min ?? null,
    max24h: range?.max ?? null,
    ...siteSettings.climate[quantity],
    everyMs,
  }
}

/** A series for a chart: only steps that have readings, so that a gap is never bridged. */
export async function series(
  ctx: Reads,
  sensor: string,
  quantity: Quantity,
  span: Span,
): Promise<ResponseOf<typeof api.climate.getSeries>> {
  const found = (await readSensors(ctx.db, ctx.site)).find((s) => s.name === sensor)
  if (!found) throw new DomainError('not-found')
  const { backMs, stepMs } = spans[span]
  const points = await buckets(ctx.db, {
    sensor: found.sensor_id,
    quantity: quantityIds[quantity],
    since: new Date(ctx.clock.now() - backMs),
    step: stepMs === 60_000 ? 'minute' : 'hour',
  })
  return { stepMs, points: points.map((p) => ({ ...p, at: p.at.toISOString() })) }
}

/** Brings the rollups up to now, where TimescaleDB does not do it by itself. */
export const rollReadings = (ctx: Reads) => roll(ctx.db, nowOf(ctx))

/** Partitions for this month and the next ones; nothing to do on a hypertable. */
export const ensureReadingPartitions = (ctx: Reads) => ensurePartitions(ctx.db, nowOf(ctx))

/** Returns the end of them. */
export function startClimateJobs(ctx: Context): () => void {
  const ends = [
    every(ctx, seconds(60), () => rollReadings(ctx)),
    every(ctx, hours(6), () => ensureReadingPartitions(ctx)),
  ]
  return () => {
    for (const end of ends) end()
  }
}
