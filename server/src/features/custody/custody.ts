import type { KeyObject } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import { appendEntries } from './append.ts'
import { originOf, verifierKey } from './checkpoint.ts'
import type { LedgerEntry } from './entry.ts'
import type { LogKey } from './store.ts'

/** The log that this server appends to. */
export interface Ledger {
  readonly key: LogKey
  readonly publicKey: string
  /** Why custody writes are closed (rule L7); null while they are open. */
  readonly closed: string | null
  close(why: string): void
  append(trx: Transaction<DB>, entries: readonly LedgerEntry[], now: Date): Promise<void>
}

export function createLedger(parts: {
  site: string
  key: KeyObject
  onSize?: (size: number) => void
}): Ledger {
  const key = { site: parts.site, log: 1 }
  let closed: string | null = null
  return {
    key,
    publicKey: verifierKey(originOf(key.site, key.log), parts.key),
    get closed() {
      return closed
    },
    close: (why) => {
      closed ??= why
    },
    append: async (trx, entries, now) => {
      // Audit or refuse: what cannot be recorded does not happen (reliability 4.6).
      if (closed) throw new DomainError('ledger-closed', closed)
      const size = await appendEntries(trx, key, entries, now, parts.key)
      parts.onSize?.(size)
    },
  }
}
