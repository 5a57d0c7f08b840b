import type { Clock, LiveDelta, LiveRoomName } from '@lantai/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { DB } from './db/schema.gen.ts'
import { LedgerDraft } from './features/custody/draft.ts'
import type { LedgerEntry } from './features/custody/entry.ts'
import type { Live } from './live/live.ts'
import type { Logger } from './log.ts'

type Delta = { [R in LiveRoomName]: { room: R; delta: LiveDelta<R> } }[LiveRoomName]

/** Deltas of one transaction; nobody sees them unless it commits (rule D17). */
export class LiveDraft {
  readonly deltas: Delta[] = []
  add<R extends LiveRoomName>(room: R, delta: LiveDelta<R>) {
    this.deltas.push({ room, delta } as Delta)
  }
}

/** One change of the store: everything in it commits together or not at all. */
export interface Work {
  readonly trx: Transaction<DB>
  readonly site: string
  /** When this change happens: one instant for all its rows. */
  readonly now: Date
  readonly live: LiveDraft
  readonly ledger: LedgerDraft
  /** Runs after COMMIT, in order. A failure there is logged: the change stands. */
  readonly afterCommit: (act: () => unknown) => void
}

interface Parts {
  site: string
  db: Kysely<DB>
  clock: Clock
  live: Live
  log: Logger
  append: (trx: Transaction<DB>, entries: readonly LedgerEntry[], now: Date) => Promise<void>
}

/** Makes `ctx.write`. */
export const writer =
  (parts: Parts) =>
  async <T>(act: (work: Work) => Promise<T>): Promise<T> => {
    const live = new LiveDraft()
    const ledger = new LedgerDraft()
    const after: (() => unknown)[] = []
    const now = new Date(parts.clock.now())
    const value = await parts.db.transaction().execute(async (trx) => {
      const afterCommit = (job: () => unknown) => void after.push(job)
      const work: Work = { trx, site: parts.site, now, live, ledger, afterCommit }
      const result = await act(work)
      // The ledger's lock is taken last, so that it is held for no longer than COMMIT takes (rule L3).
      if (ledger.entries.length > 0) await parts.append(trx, ledger.entries, now)
      return result
    })
    for (const { room, delta } of live.deltas) parts.live.publish(room, delta)
    for (const job of after) await settle(job, parts.log)
    return value
  }

async function settle(job: () => unknown, log: Logger) {
  try {
    await job()
  } catch (err) {
    log.error({ err }, 'after commit')
  }
}
