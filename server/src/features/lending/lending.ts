import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { daysBetween, siteDay, startOfSiteDay } from '../../site-settings.ts'
import { countLoans, type LoanRow, openBoxes, openLoansOf } from './store.ts'

export { judge } from './rules.ts'

type Db = Kysely<DB>

export interface OpenLoan {
  readonly loan: string
  readonly borrower: string
  /** The borrower's unit: where the box is meant to be now. */
  readonly unit: string
  readonly due: string
  readonly overdue: boolean
}

/** Open loans by box id. */
export async function openLoansOfBoxes(
  db: Db,
  site: string,
  boxes: readonly string[],
  now: Date,
): Promise<Map<string, OpenLoan>> {
  if (boxes.length === 0) return new Map()
  const today = siteDay(now)
  const rows = await openLoansOf(db, site, boxes)
  return new Map(
    rows.map((r) => [
      r.box_id,
      {
        loan: r.loan_id,
        borrower: r.borrower,
        unit: r.unit,
        due: r.due,
        overdue: isOverdue(r, today),
      },
    ]),
  )
}

/** Which of these boxes are lent now: what passes the door in silence. */
export async function isOnLoan(
  db: Db,
  site: string,
  boxes: readonly string[],
): Promise<Set<string>> {
  if (boxes.length === 0) return new Set()
  return new Set((await openLoansOf(db, site, boxes)).map((r) => r.box_id))
}

/** Ids of all boxes that are lent now. */
export const openLoanBoxes = (db: Db, site: string): Promise<string[]> => openBoxes(db, site)

export interface LoanNumbers {
  open: number
  overdue: number
  dueToday: number
  issuedToday: number
  returnedToday: number
}

/** Counted from the rows of this moment; days are days of the site. An issue that was taken back is none. */
export async function loanNumbers(db: Db, site: string, now: Date): Promise<LoanNumbers> {
  const today = siteDay(now)
  const n = await countLoans(db, site, today, startOfSiteDay(today))
  return {
    open: n.open,
    overdue: n.overdue,
    dueToday: n.due_today,
    issuedToday: n.issued,
    returnedToday: n.returned,
  }
}

/** The day that is printed is the last good one. */
export const isOverdue = (loan: Pick<LoanRow, 'due' | 'returned_at'>, today: string): boolean =>
  loan.returned_at === null && daysBetween(today, loan.due) < 0
