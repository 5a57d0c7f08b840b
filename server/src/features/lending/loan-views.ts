import type { LoanView, SecrecyLevel } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { siteDay } from '../../site-settings.ts'
import type { Work } from '../../work.ts'
import { type Box, findBoxesById } from '../boxes/boxes.ts'
import { titlesOfBoxes } from '../records/records.ts'
import { isOverdue } from './lending.ts'
import { type LoanRow, loansByIds } from './store.ts'

type Db = Kysely<DB>

/** Loans in the order of their ids as given. */
export async function loanViews(
  { trx, site, now }: Work,
  ids: readonly string[],
  person: SignedIn,
) {
  const rows = await loansByIds(trx, site, ids)
  const inOrder = ids.flatMap((id) => rows.filter((r) => r.loan_id === id))
  return await viewsOf(trx, site, inOrder, person.clearance, now)
}

/** Titles as this clearance allows; the rest of a loan is the desk's business. */
export async function viewsOf(
  db: Db,
  site: string,
  rows: readonly LoanRow[],
  clearance: SecrecyLevel,
  now: Date,
): Promise<LoanView[]> {
  const ids = [...new Set(rows.map((r) => r.box_id))]
  const [boxes, titles] = await Promise.all([
    findBoxesById(db, site, ids),
    titlesOfBoxes(db, site, ids, clearance),
  ])
  const today = siteDay(now)
  return rows.flatMap((r) => {
    const box = boxes.get(r.box_id)
    return box ? [viewOf(r, box, titles.get(box.id) ?? null, today)] : []
  })
}

const viewOf = (r: LoanRow, box: Box, title: string | null, today: string): LoanView => ({
  loan: r.loan_id,
  box: box.code,
  title,
  secrecy: box.secrecy,
  borrower: r.borrower,
  unit: r.unit,
  card: r.card,
  issuedAt: r.issued_at.toISOString(),
  issuedBy: r.issued_by_name,
  due: r.due,
  overdue: isOverdue(r, today),
  returnedAt: r.returned_at?.toISOString() ?? null,
})
