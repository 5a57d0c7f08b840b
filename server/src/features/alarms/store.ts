import { randomUUID } from 'node:crypto'
import type { AlarmView, FactBody } from '@lantai/contracts'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Alarm, DB } from '../../db/schema.gen.ts'
import type { AlarmLife } from './lifecycle.ts'
import { stateOf } from './lifecycle.ts'

type Condition = FactBody<'lantai.condition.v1'>
type Row = Selectable<Alarm>
type Db = Kysely<DB>

/** A gateway's lane is in order by itself; two paths of the server can meet over one condition. */
export const lockCondition = (trx: Db, site: string, key: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`alarm/${site}/${key}`}, 0))`.execute(trx)

/** The open alarm of a condition, locked until the end of the transaction. */
export const openAlarm = (trx: Db, site: string, gateway: string, key: string) =>
  trx
    .selectFrom('alarm')
    .selectAll()
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .where('key', '=', key)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const lockAlarm = (trx: Db, site: string, id: string) =>
  trx
    .selectFrom('alarm')
    .selectAll()
    .where('site_id', '=', site)
    .where('alarm_id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const insertAlarm = (
  trx: Db,
  site: string,
  source: { gateway: string; record: { epoch: string; seq: string } | null },
  condition: Condition,
  life: AlarmLife,
) =>
  trx
    .insertInto('alarm')
    .values({
      site_id: site,
      alarm_id: randomUUID(),
      gateway: source.gateway,
      since_epoch: source.record?.epoch || null,
      since_seq: source.record?.seq ?? null,
      key: condition.key,
      kind: condition.kind,
      version: 1,
      ...saidColumns(condition),
      ...lifeColumns(life),
    })
    .returningAll()
    .executeTakeFirstOrThrow()

export const updateAlarm = (trx: Db, row: Row, life: AlarmLife, said: Condition | null) =>
  trx
    .updateTable('alarm')
    .set({ ...lifeColumns(life), ...(said ? saidColumns(said) : {}), version: row.version + 1 })
    .where('site_id', '=', row.site_id)
    .where('alarm_id', '=', row.alarm_id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** When alarms will have begun, by the record that began them (G7). */
export async function correctSince(
  trx: Db,
  site: string,
  gateway: string,
  corrected: readonly { epoch: string; seq: string; at: Date }[],
): Promise<Row[]> {
  const { rows } = await sql<{ alarm_id: string }>`
    update alarm a set since_corrected = u.at, version = a.version + 1
    from unnest(${corrected.map((c) => c.epoch)}::uuid[], ${corrected.map((c) => c.seq)}::numeric[],
      ${corrected.map((c) => c.at.toISOString())}::timestamptz[]) as u (epoch, seq, at)
    where a.site_id = ${site} and a.gateway = ${gateway} and a.since_seq is not null
      and a.since_epoch = u.epoch and a.since_seq = u.seq
    returning a.alarm_id`.execute(trx)
  if (rows.length === 0) return []
  const ids = rows.map((r) => r.alarm_id)
  return await trx
    .selectFrom('alarm')
    .selectAll()
    .where('site_id', '=', site)
    .where('alarm_id', 'in', ids)
    .execute()
}

/** Every open alarm, whatever its age: unacknowledged first, then by priority, the newest first (ux 4.6). */
export const openAlarms = (db: Db, site: string) =>
  db
    .selectFrom('alarm')
    .selectAll()
    .where('site_id', '=', site)
    .where('closed_at', 'is', null)
    .orderBy(sql`ack_at is not null`)
    .orderBy('priority')
    .orderBy(sql`coalesce(since_corrected, since)`, 'desc')
    .execute()

export const closedAlarms = (db: Db, site: string, limit: number) =>
  db
    .selectFrom('alarm')
    .selectAll()
    .where('site_id', '=', site)
    .where('closed_at', 'is not', null)
    .orderBy('closed_at', 'desc')
    .limit(limit)
    .execute()

export const countOpen = (db: Db, site: string) =>
  db
    .selectFrom('alarm')
    .select((e) => [
      e.fn.countAll<number>().as('open'),
      e.fn.countAll<number>().filterWhere('ack_at', 'is', null).as('unacknowledged'),
    ])
    .where('site_id', '=', site)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()

export const lifeOf = (r: Row): AlarmLife => ({
  active: r.active,
  latched: r.latched,
  ack: r.ack_by && r.ack_at ? { by: r.ack_by, at: r.ack_at, comment: r.ack_comment } : null,
  reset:
    r.reset_by && r.reset_at
      ? { by: r.reset_by, at: r.reset_at, reason: r.reset_reason ?? '' }
      : null,
  since: r.since,
  returnedAt: r.returned_at,
  closedAt: r.closed_at,
})

export function viewOf(r: Row): AlarmView {
  const { ack, reset } = lifeOf(r)
  return {
    id: r.alarm_id,
    kind: r.kind as AlarmView['kind'],
    priority: r.priority as AlarmView['priority'],
    state: r.state as AlarmView['state'],
    active: r.active,
    latched: r.latched,
    where: r.where as AlarmView['where'],
    value: r.value,
    limit: r.limit,
    unit: r.unit,
    since: r.since.toISOString(),
    sinceCorrected: r.since_corrected?.toISOString() ?? null,
    returnedAt: r.returned_at?.toISOString() ?? null,
    closedAt: r.closed_at?.toISOString() ?? null,
    ack: ack && { by: ack.by, at: ack.at.toISOString(), comment: ack.comment },
    reset: reset && { by: reset.by, at: reset.at.toISOString(), reason: reset.reason },
    version: r.version,
  }
}

const saidColumns = (c: Condition) => ({
  priority: c.priority,
  where: JSON.stringify(c.where),
  value: c.value,
  limit: c.limit,
  unit: c.unit,
})

const lifeColumns = (life: AlarmLife) => ({
  state: stateOf(life),
  active: life.active,
  latched: life.latched,
  since: life.since,
  returned_at: life.returnedAt,
  closed_at: life.closedAt,
  ack_by: life.ack?.by ?? null,
  ack_at: life.ack?.at ?? null,
  ack_comment: life.ack?.comment ?? null,
  reset_by: life.reset?.by ?? null,
  reset_at: life.reset?.at ?? null,
  reset_reason: life.reset?.reason ?? null,
})
