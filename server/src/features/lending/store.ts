import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { DB, Loan } from '../../db/schema.gen.ts'

type Db = Kysely<DB>
export type LoanRow = Selectable<Loan> & {
  borrower: string
  unit: string
}

export const borrowerByCard = (db: Db, site: string, card: string) =>
  db
    .selectFrom('borrower')
    .selectAll()
    .where('site_id', '=', site)
    .where('card', '=', card)
    .executeTakeFirst()

const loans = (db: Db, site: string) =>
  db
    .selectFrom('loan as l')
    .innerJoin('borrower as b', (j) =>
      j.onRef('b.site_id', '=', 'l.site_id').onRef('b.card', '=', 'l.card'),
    )
    .selectAll('l')
    .select(['b.name as borrower', 'b.unit'])
    .where('l.site_id', '=', site)

export const openLoans = (db: Db, site: string, limit: number): Promise<LoanRow[]> =>
  loans(db, site)
    .where('l.returned_at', 'is', null)
    .orderBy('l.due')
    .orderBy('l.issued_at')
    .limit(limit)
    .execute()

export const openLoansOfCard = (db: Db, site: string, card: string): Promise<LoanRow[]> =>
  loans(db, site)
    .where('l.returned_at', 'is', null)
    .where('l.card', '=', card)
    .orderBy('l.due')
    .execute()

export const openLoansOf = (db: Db, site: string, boxes: readonly string[]): Promise<LoanRow[]> =>
  loans(db, site)
    .where('l.returned_at', 'is', null)
    .where(sql<boolean>`l.box_id = any(${boxes}::uuid[])`)
    .execute()

export const openBoxes = async (db: Db, site: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('loan')
    .select('box_id')
    .where('site_id', '=', site)
    .where('returned_at', 'is', null)
    .execute()
  return rows.map((r) => r.box_id)
}

export const loansByIds = (db: Db, site: string, ids: readonly string[]): Promise<LoanRow[]> =>
  loans(db, site)
    .where(sql<boolean>`l.loan_id = any(${ids}::uuid[])`)
    .orderBy('l.loan_id')
    .execute()

export const lockLoan = (trx: Db, site: string, id: string): Promise<LoanRow | undefined> =>
  loans(trx, site).where('l.loan_id', '=', id).forUpdate('l').executeTakeFirst()

export const lockOpenLoanOfBox = (
  trx: Db,
  site: string,
  box: string,
): Promise<LoanRow | undefined> =>
  loans(trx, site)
    .where('l.returned_at', 'is', null)
    .where('l.box_id', '=', box)
    .forUpdate('l')
    .executeTakeFirst()

export interface NewLoan {
  box: string
  card: string
  at: Date
  by: { id: string; name: string }
  due: string
  purpose: string | null
}

/** Null when somebody else was first: the unique index on open loans has one winner. */
export async function insertLoan(trx: Db, site: string, l: NewLoan): Promise<string | null> {
  const { rows } = await sql<{ loan_id: string }>`
    insert into loan (site_id, loan_id, box_id, card, issued_at, issued_by, issued_by_name, due, purpose)
    values (${site}, ${randomUUID()}, ${l.box}, ${l.card}, ${l.at}, ${l.by.id}, ${l.by.name}, ${l.due}, ${l.purpose})
    on conflict (site_id, box_id) where returned_at is null do nothing
    returning loan_id`.execute(trx)
  return rows[0]?.loan_id ?? null
}

export const closeLoan = (
  trx: Db,
  site: string,
  id: string,
  by: { id: string; name: string },
  at: Date,
  undone: boolean,
) =>
  trx
    .updateTable('loan')
    .set({ returned_at: at, returned_by: by.id, returned_by_name: by.name, undone })
    .where('site_id', '=', site)
    .where('loan_id', '=', id)
    .execute()

export const boxIsLent = async (trx: Db, site: string, box: string): Promise<boolean> =>
  (await openLoansOf(trx, site, [box])).length > 0

export const reopenLoan = (trx: Db, site: string, id: string) =>
  trx
    .updateTable('loan')
    .set({ returned_at: null, returned_by: null, returned_by_name: null })
    .where('site_id', '=', site)
    .where('loan_id', '=', id)
    .execute()

export interface Request {
  id: string
  act: 'issue' | 'return'
  person: string
  hash: Buffer
}

/** Claims a request id; false when it was used before. A rival with the same id waits here for the other's end. */
export async function claimRequest(trx: Db, site: string, r: Request, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('lending_request')
    .values({
      site_id: site,
      request_id: r.id,
      act: r.act,
      person_id: r.person,
      hash: r.hash,
      loans: [],
      at,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export const readRequest = (db: Db, site: string, id: string) =>
  db
    .selectFrom('lending_request')
    .selectAll()
    .where('site_id', '=', site)
    .where('request_id', '=', id)
    .executeTakeFirstOrThrow()

export const answerRequest = (trx: Db, site: string, id: string, loanIds: readonly string[]) =>
  trx
    .updateTable('lending_request')
    .set({ loans: [...loanIds] })
    .where('site_id', '=', site)
    .where('request_id', '=', id)
    .execute()

export async function countLoans(db: Db, site: string, today: string, since: Date) {
  const { rows } = await sql<{
    open: number
    overdue: number
    due_today: number
    issued: number
    returned: number
  }>`select
      count(*) filter (where returned_at is null) as open,
      count(*) filter (where returned_at is null and due < ${today}::date) as overdue,
      count(*) filter (where returned_at is null and due = ${today}::date) as due_today,
      count(*) filter (where issued_at >= ${since} and not undone) as issued,
      count(*) filter (where returned_at >= ${since} and not undone) as returned
    from loan where site_id = ${site}
      and (returned_at is null or returned_at >= ${since} or issued_at >= ${since})`.execute(db)
  return rows[0] as (typeof rows)[0]
}
