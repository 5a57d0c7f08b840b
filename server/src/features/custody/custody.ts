import type { KeyObject } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import { appendEntries } from './append.ts'
import { type KeyChange, keyChange, originOf, signCheckpoint, verifierKey } from './checkpoint.ts'
import type { LedgerEntry } from './entry.ts'
import type { LogKey } from './store.ts'

export { appendEntries } from './append.ts'
export { LedgerDraft } from './draft.ts'

/** The log that this server appends to. */
export interface Ledger {
  readonly key: LogKey
  /** C2SP verifier key, `name+id+key`. */
  readonly publicKey: string
  /** While the key is being changed: every checkpoint is signed by both (rule L5). */
  readonly change: KeyChange | null
  /** Why custody writes are closed (rule L7); null while they are open. */
  readonly closed: string | null
  close(why: string): void
  sign(head: { size: number; root: Buffer }): string
  append(trx: Transaction<DB>, entries: readonly LedgerEntry[], now: Date): Promise<void>
}

export function createLedger(parts: {
  site: string
  key: KeyObject
  /** The key that the log goes on with. */
  next?: KeyObject | null
  onSize?: (size: number) => void
}): Ledger {
  const key = { site: parts.site, log: 1 }
  const origin = originOf(key.site, key.log)
  const keys = parts.next ? [parts.key, parts.next] : [parts.key]
  let closed: string | null = null
  return {
    key,
    publicKey: verifierKey(origin, parts.key),
    change: parts.next ? keyChange(origin, parts.key, parts.next) : null,
    get closed() {
      return closed
    },
    close: (why) => {
      closed ??= why
    },
    sign: (head) => signCheckpoint(origin, head, ...keys),
    append: async (trx, entries, now) => {
      // Audit or refuse: what cannot be recorded does not happen (reliability 4.6).
      if (closed) throw new DomainError('ledger-closed', closed)
      const size = await appendEntries(trx, key, entries, now, keys)
      parts.onSize?.(size)
    },
  }
}
