import type { AlarmView, FactBody } from '@lantai/contracts'
import { latchingKinds } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { Context } from '../../context.ts'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Effect } from '../../ingest/effect.ts'
import type { Work } from '../../work.ts'
import type { Transition } from './lifecycle.ts'
import { afterAcknowledge, afterTransition } from './lifecycle.ts'
import {
  closedAlarms,
  correctSince,
  countOpen,
  insertAlarm,
  lifeOf,
  lockAlarm,
  lockCondition,
  openAlarm,
  openAlarms,
  updateAlarm,
  viewOf,
} from './store.ts'

type Condition = FactBody<'lantai.condition.v1'>
/** Transitions as a gateway judged them, in the order of its lane. */
export async function applyConditions(effect: Effect<'lantai.condition.v1'>): Promise<void> {
  const { gateway, epoch } = effect
  for (const { at, seq, body } of effect.items)
    await applyCondition(effect, { gateway, record: { epoch, seq } }, body, at)
}

/** Times of a gateway's records turned out to be others (G7): what an alarm was told with stays beside. */
export async function correctAlarms(
  work: Work,
  gateway: string,
  corrected: readonly { epoch: string; seq: string; at: Date }[],
): Promise<void> {
  const rows = await correctSince(work.trx, work.site, gateway, corrected)
  if (rows.length > 0) work.live.add('alarms', { alarms: rows.map(viewOf) })
}

/** Who judged the condition, empty for the server; and the record that says so. */
interface Source {
  gateway: string
  record: { epoch: string; seq: string } | null
}

/** A condition that only the server can judge: a silent gateway, a fork, a box without a loan at the door. */
export async function raiseServerCondition(
  work: Work,
  condition: Pick<Condition, 'key' | 'kind' | 'priority' | 'active' | 'where'> & Partial<Condition>,
): Promise<AlarmView | null> {
  const whole = { latched: false, value: null, limit: null, unit: null, ...condition }
  await lockCondition(work.trx, work.site, condition.key)
  return await applyCondition(work, { gateway: '', record: null }, whole, work.now)
}

async function applyCondition(
  work: Work,
  source: Source,
  condition: Condition,
  at: Date,
): Promise<AlarmView | null> {
  const { gateway } = source
  const row = await openAlarm(work.trx, work.site, gateway, condition.key)
  const before = row ? lifeOf(row) : null
  const after = afterTransition(before, transitionOf(condition, at))
  if (!after) return null
  const stored = row
    ? await updateAlarm(work.trx, row, after, condition)
    : await insertAlarm(work.trx, work.site, source, condition, after)
  const view = viewOf(stored)
  if (after.active && !before?.active) recordAtBox(work, source, view, at)
  work.live.add('alarms', { alarms: [view] })
  return view
}

const transitionOf = (c: Condition, at: Date): Transition => ({
  at,
  active: c.active,
  latched: c.latched,
  latching: latchingKinds.includes(c.kind),
  reset: c.resetBy ? { by: c.resetBy, at, reason: c.resetReason ?? '' } : null,
})

function recordAtBox(work: Work, { gateway, record }: Source, alarm: AlarmView, at: Date) {
  const { box, label } = alarm.where
  if (!box) return
  work.ledger.add({
    event: 'box.alarm',
    at,
    box,
    actor: { name: gateway || 'server' },
    outcome: 'observed',
    detail: label ? `${alarm.kind}: ${label}` : alarm.kind,
    object: {
      ...{ alarm: alarm.id, kind: alarm.kind, device: alarm.where.device },
      ...(record ? { gateway, seq: record.seq } : {}),
    },
  })
}

/** 我知道了，我在处理: stores name and time, never hides the row. */
export async function acknowledge(
  ctx: Context,
  id: string,
  person: SignedIn,
  comment: string | null,
): Promise<AlarmView> {
  return await ctx.write(async (work) => {
    const row = await lockAlarm(work.trx, work.site, id)
    if (!row) throw new DomainError('not-found')
    const answer = afterAcknowledge(lifeOf(row), { by: person.name, at: work.now, comment })
    if (!answer.ok) throw new DomainError(answer.code)
    const view = viewOf(await updateAlarm(work.trx, row, answer.life, null))
    work.live.add('alarms', { alarms: [view] })
    work.afterCommit(() =>
      ctx.log.info({ alarm: id, kind: view.kind, person: person.id }, 'alarm acknowledged'),
    )
    return view
  })
}

export async function listAlarms(ctx: Context, show: 'open' | 'history') {
  const closed = await closedAlarms(ctx.db, ctx.site, show === 'history' ? 200 : 1)
  const rows = show === 'history' ? closed : await openAlarms(ctx.db, ctx.site)
  return {
    alarms: rows.map(viewOf),
    lastClosedAt: closed[0]?.closed_at?.toISOString() ?? null,
  }
}

/** For the top bar. The worst is the first in the order of the list. */
export async function alarmNumbers(
  db: Kysely<DB>,
  site: string,
): Promise<{ openAlarms: number; unacknowledged: number; worst: AlarmView | null }> {
  const [{ open, unacknowledged }, rows] = await Promise.all([
    countOpen(db, site),
    openAlarms(db, site),
  ])
  return { openAlarms: open, unacknowledged, worst: rows[0] ? viewOf(rows[0]) : null }
}

/** A fire that was reported and that nobody has denied or reset; null when none is open. */
export async function fireOnRecord(
  db: Kysely<DB>,
  site: string,
): Promise<'alarm' | 'latched' | null> {
  const rows = await db
    .selectFrom('alarm')
    .select('active')
    .where('site_id', '=', site)
    .where('kind', '=', 'fire')
    .where('closed_at', 'is', null)
    .where((e) => e.or([e('active', '=', true), e('state', '=', 'latched')]))
    .execute()
  if (rows.length === 0) return null
  return rows.some((r) => r.active) ? 'alarm' : 'latched'
}
