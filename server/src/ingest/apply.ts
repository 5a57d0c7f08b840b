import type { FactType } from '@lantai/contracts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { LedgerDraft } from '../features/custody/draft.ts'
import { DomainError } from '../http/domain-error.ts'
import { LiveDraft, type Work } from '../work.ts'
import type { Apply, EffectItem } from './effect.ts'
import { effects } from './effects.ts'
import type { GoodRecord } from './parse.ts'

export interface Origin {
  gateway: string
  epoch: string
}

/** Runs the effects of records that were really inserted: one call per type, items in the order of the lane. */
export async function applyRecords(
  ctx: Context,
  work: Work,
  from: Origin,
  records: readonly GoodRecord[],
) {
  for (const [type, list] of Map.groupBy(records, (r) => r.type)) {
    const items = list.map(itemOf)
    for (const apply of effects[type] as readonly Apply<FactType>[])
      await apply({ ...work, gateway: from.gateway, epoch: from.epoch, items }, ctx)
  }
}

const itemOf = (r: GoodRecord): EffectItem<FactType> => ({
  seq: String(r.seq),
  at: r.at,
  clock: r.clock,
  body: r.body,
})

/**
 * The same one by one, each behind a savepoint, after the batch as a whole had failed: a record that our own code
 * or a constraint cannot take must not block its lane (rule D11). Returns those records.
 */
export async function applyCarefully(
  ctx: Context,
  work: Work,
  from: Origin,
  records: readonly GoodRecord[],
) {
  const failed: { record: GoodRecord; why: string }[] = []
  for (const record of records) {
    const live = new LiveDraft()
    const ledger = new LedgerDraft()
    const after: (() => unknown)[] = []
    const afterCommit = (job: () => unknown) => void after.push(job)
    await sql`savepoint record`.execute(work.trx)
    try {
      await applyRecords(ctx, { ...work, live, ledger, afterCommit }, from, [record])
      await sql`release savepoint record`.execute(work.trx)
    } catch (error) {
      if (isPassing(error)) throw error
      await sql`rollback to savepoint record`.execute(work.trx)
      failed.push({ record, why: (error as Error).message })
      continue
    }
    work.live.deltas.push(...live.deltas)
    work.ledger.entries.push(...ledger.entries)
    for (const job of after) work.afterCommit(job)
  }
  return failed
}

/**
 * True when trying again later may succeed: the database is away, busy, or refuses for now, or the ledger is closed.
 * Then nothing is stored and nothing acknowledged; the gateway keeps its records and sends again (rule D16).
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return ['ledger-closed', 'unavailable'].includes(error.code)
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string') return /^(Connection terminated|timeout)/.test(messageOf(error))
  return !/^(22|23|42)/.test(code) || code === '42501'
}
const messageOf = (error: unknown) => (error instanceof Error ? error.message : '')
