/** The first claims about where each box is: what the source counted or states, and what it has lent. */
import { strengthOf } from '../features/whereabouts/rules.ts'

import type { CopyValue } from './copy-text.ts'
import type { Catalogue } from './parse.ts'
import { type Ids, importer } from './rows.ts'

interface Claim {
  box: string
  kind: 'counted' | 'import' | 'issued'
  at: string
  place: string | null
  label: string | null
}

/** In order of time, so that the last claim of a box is the one to believe. */
function* claims({ lines }: Catalogue, now: string): Generator<Claim> {
  for (const b of lines.box)
    yield {
      box: b.code,
      kind: b.lastCounted ? 'counted' : 'import',
      at: b.lastCounted ?? now,
      place: b.home,
      label: null,
    }
  const units = new Map(lines.borrower.map((b) => [b.card, b.unit]))
  for (const l of lines.loan)
    yield {
      box: l.box,
      kind: 'issued',
      at: l.issuedAt,
      place: null,
      label: units.get(l.card) ?? null,
    }
}

export const evidenceColumns = [
  'site_id',
  'box_id',
  'kind',
  'at',
  'by',
  'place',
  'place_label',
  'received_at',
] as const
export function* evidenceRows(
  site: string,
  catalogue: Catalogue,
  ids: Ids,
  now: Date,
): Generator<readonly CopyValue[]> {
  const received = now.toISOString()
  for (const c of claims(catalogue, received))
    yield [site, ids.box(c.box), c.kind, c.at, importer, c.place, c.label, received]
}

export const beliefColumns = [
  'site_id',
  'box_id',
  'place',
  'place_label',
  'kind',
  'at',
  'by',
  'c0',
  'h_per_day',
] as const
export function* beliefRows(
  site: string,
  catalogue: Catalogue,
  ids: Ids,
  now: Date,
): Generator<readonly CopyValue[]> {
  const last = new Map<string, Claim>()
  for (const c of claims(catalogue, now.toISOString())) last.set(c.box, c)
  for (const c of last.values()) {
    const { c0, hPerDay } = strengthOf(c.kind)
    yield [site, ids.box(c.box), c.place, c.label, c.kind, c.at, importer, c0, hPerDay]
  }
}
