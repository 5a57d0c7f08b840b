import { type CustodyEntry, storableText } from '@lantai/contracts'

/** What happened, as the ledger will say it (rule L1). */
export interface LedgerEntry {
  id: string
  event: CustodyEntry['event']
  /** When it happened; the time of the change where it is not given. */
  at?: Date
  /** Code of the box, where the entry is about one. */
  box?: string
  actor: { id?: string; name: string }
  outcome: CustodyEntry['outcome']
  detail: string | null
  /** Further facts, only into the hashed bytes: loan, card, from, to, gateway, seq, EPC, TID. */
  object: Record<string, string | number | boolean | null>
}

/**
 * The entry with text that reads back as it was hashed. What comes in is refused at the edges; here it must neither
 * fail a transaction that is done but for its entry nor leave a column that disagrees with its bytes (rules L2, D11).
 */
export function storableEntry(e: LedgerEntry): LedgerEntry {
  const object = Object.entries(e.object).map(([key, value]) => [
    key,
    typeof value === 'string' ? storableText(value) : value,
  ])
  return {
    ...e,
    actor: { ...e.actor, name: storableText(e.actor.name) },
    detail: e.detail === null ? null : storableText(e.detail),
    object: Object.fromEntries(object),
  }
}

/** The exact bytes that are hashed and stored (rule L2). The salt keeps a short entry from being guessed. */
export function leafBytes(
  e: LedgerEntry,
  place: { site: string; log: number; at: Date; salt: string },
): Buffer {
  return Buffer.from(
    JSON.stringify({
      v: 1,
      site: place.site,
      log: place.log,
      id: e.id,
      event: e.event,
      at: (e.at ?? place.at).toISOString(),
      box: e.box ?? null,
      actor: { id: e.actor.id ?? null, name: e.actor.name },
      outcome: e.outcome,
      detail: e.detail,
      object: e.object,
      software: 'lantai-server/0.1.0',
      salt: place.salt,
    }),
  )
}
