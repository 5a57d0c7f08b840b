/** The hot path: readings of a batch into rows. */
import type { StackLayout } from '@lantai/contracts'
import type { Effect } from '../../ingest/effect.ts'
import { findLayout } from '../stack/stack.ts'
import { Columns } from './columns.ts'
import { addSensors, insertReadings, markDirty, type NewSensor, readSensors } from './store.ts'

/** Ids never change, so that a process asks for each once. By site. */
const known = new Map<string, Map<string, number>>()

/** Readings older than this may lie behind the rollups; they mark their hour (see `roll_readings`). */
const lateMs = 60_000

/** Every reading is a row; the newest of each sensor goes to open pages. */
export async function applyReadings(effect: Effect<'lantai.readings.v1'>): Promise<void> {
  const names = new Set(effect.items.flatMap((i) => i.body.sensors))
  const ids = await sensorIds(effect, names)
  const rows = effect.items.reduce((n, i) => n + i.body.rows.length, 0)
  const columns = new Columns(ids, rows)
  for (const { at, body } of effect.items) columns.add(at.getTime(), body)
  if (columns.count === 0) return
  await insertReadings(effect.trx, effect.site, columns.arrays())
  const late = columns.hoursBefore(effect.now.getTime() - lateMs)
  if (late.length > 0) await markDirty(effect.trx, effect.site, late)
  effect.live.add('climate', { values: columns.newest() })
}

/** Unknown sensors are taken in: with the label and place of the layout where it has them, else with their name. */
async function sensorIds(
  effect: Effect<'lantai.readings.v1'>,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const cached = known.get(effect.site) ?? new Map<string, number>()
  const missing = [...names].filter((n) => !cached.has(n))
  if (missing.length === 0) return cached
  const rows = await readSensors(effect.trx, effect.site)
  const ids = new Map(rows.map((r) => [r.name, r.sensor_id]))
  const strangers = missing.filter((n) => !ids.has(n))
  if (strangers.length > 0) {
    const layout = await findLayout(effect.trx, effect.site)
    const added = await addSensors(
      effect.trx,
      effect.site,
      strangers.map((name) => sensorFrom(layout, name)),
    )
    for (const [name, id] of added) ids.set(name, id)
  }
  // Only what is committed is remembered: an id of a rolled-back row would be nobody's.
  effect.afterCommit(() => known.set(effect.site, ids))
  return ids
}

function sensorFrom(layout: StackLayout | null, name: string): NewSensor {
  for (const room of layout?.rooms ?? []) {
    const fixture = room.fixtures.find((f) => f.id === name)
    if (fixture)
      return { name, label: fixture.label, room: room.room, xMm: fixture.xMm, yMm: fixture.yMm }
  }
  return { name, label: name, room: layout?.rooms[0]?.room ?? '', xMm: 0, yMm: 0 }
}
