import { randomUUID } from 'node:crypto'
import type { LedgerEntry } from './entry.ts'

export type NewEntry = Omit<LedgerEntry, 'id' | 'object' | 'detail'> &
  Partial<Pick<LedgerEntry, 'id' | 'object' | 'detail'>>

/** Entries of one transaction, appended as one batch just before COMMIT (rule L3). */
export class LedgerDraft {
  readonly entries: LedgerEntry[] = []

  /** Returns the event id. A given `id` makes a repeated event a conflict instead of a second entry. */
  add(entry: NewEntry): string {
    const id = entry.id ?? randomUUID()
    this.entries.push({ ...entry, id, detail: entry.detail ?? null, object: entry.object ?? {} })
    return id
  }
}
