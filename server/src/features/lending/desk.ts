/** The three beats of the desk: card, boxes, done; and the way back. */
import type { BodyOf, BorrowerView, LendingCheck, LoanView, ResponseOf } from '@lantai/contracts'
import { type api, clears, formatAddress } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import { type Context, nowOf } from '../../context.ts'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { siteDay } from '../../site-settings.ts'
import type { Work } from '../../work.ts'
import {
  type Box,
  findBoxByCodeOrEpc,
  findBoxesByCode,
  findBoxesById,
  levelOf,
} from '../boxes/boxes.ts'
import { titlesOfBoxes } from '../records/records.ts'
import { currentLayout, type Home, homesOf, wayTo } from '../stack/stack.ts'
import { beliefsOf } from '../whereabouts/whereabouts.ts'
import { issued, returned, returnUndone, undone } from './events.ts'
import { openLoansOfBoxes } from './lending.ts'
import { loanViews, viewsOf } from './loan-views.ts'
import { once, requestOf } from './once.ts'
import { type BoxFacts, type CardFacts, dueFault, isExpired, judge, mayUndo } from './rules.ts'
import {
  borrowerByCard,
  boxIsLent,
  closeLoan,
  insertLoan,
  type LoanRow,
  lockLoan,
  lockOpenLoanOfBox,
  openLoans,
  openLoansOfCard,
  reopenLoan,
} from './store.ts'

type Db = Kysely<DB>
type Issue = BodyOf<typeof api.lending.issueBoxes>

/** First beat: who is there, and what they hold. */
export async function getBorrower(
  ctx: Context,
  card: string,
  person: SignedIn,
): Promise<BorrowerView> {
  const row = await borrowerByCard(ctx.db, ctx.site, card)
  if (!row) throw new DomainError('card-unknown')
  const now = nowOf(ctx)
  const loans = await openLoansOfCard(ctx.db, ctx.site, card)
  return {
    card,
    name: row.name,
    unit: row.unit,
    clearance: levelOf(row.clearance),
    validUntil: row.valid_until,
    expired: isExpired({ validUntil: row.valid_until }, siteDay(now)),
    loans: await viewsOf(ctx.db, ctx.site, loans, person.clearance, now),
  }
}

interface Facts extends BoxFacts {
  box: Box
  home: Home | null
}

async function factsOf(
  db: Db,
  site: string,
  boxes: readonly Box[],
  now: Date,
): Promise<Map<string, Facts>> {
  const ids = boxes.map((b) => b.id)
  const [homes, beliefs, loans] = await Promise.all([
    homesOf(db, site, ids),
    beliefsOf(db, site, ids, now),
    openLoansOfBoxes(db, site, ids, now),
  ])
  const facts = (box: Box): Facts => ({
    box,
    secrecy: box.secrecy,
    home: homes.get(box.id) ?? null,
    belief: beliefs.get(box.id) ?? null,
    loan: loans.get(box.id) ?? null,
  })
  return new Map(boxes.map((b) => [b.id, facts(b)]))
}

async function cardFacts(
  db: Db,
  site: string,
  card: string,
): Promise<(CardFacts & { unit: string }) | null> {
  const row = await borrowerByCard(db, site, card)
  if (!row) return null
  return { clearance: levelOf(row.clearance), validUntil: row.valid_until, unit: row.unit }
}

/** Second beat: a judgement on arrival of each code. A code that names no box has nothing to be judged about. */
export async function checkBox(
  ctx: Context,
  asked: { card: string; code: string },
  person: SignedIn,
): Promise<LendingCheck> {
  const { db, site } = ctx
  const now = nowOf(ctx)
  const box = await findBoxByCodeOrEpc(db, site, asked.code)
  if (!box) throw new DomainError('box-unknown')
  const facts = (await factsOf(db, site, [box], now)).get(box.id) as Facts
  const judgement = judge(await cardFacts(db, site, asked.card), facts, person, siteDay(now))
  const titles = await titlesOfBoxes(db, site, [box.id], person.clearance)
  const { home, belief } = facts
  // Whoever may not have the box does not learn what is in it, where it is or who holds it.
  const hidden = !clears(person.clearance, box.secrecy)
  return {
    code: box.code,
    title: hidden ? null : (titles.get(box.id) ?? null),
    secrecy: box.secrecy,
    home: home && !hidden ? formatAddress(home) : null,
    place: hidden ? null : (belief?.place ?? belief?.placeLabel ?? null),
    refusal: judgement.ok ? null : judgement.code,
    refusalDetail: judgement.ok ? null : judgement.detail,
  }
}

/** Third beat: all boxes or none, each a custody entry. Same request, same answer (rule D16). */
export async function issueBoxes(
  ctx: Context,
  body: Issue,
  person: SignedIn,
): Promise<{ loans: LoanView[] }> {
  const { requestId, ...rest } = body
  const request = requestOf(requestId, 'issue', rest, person)
  return await ctx.write(async (work) => {
    const ids = await once(work, request, () => issueAll(work, body, person))
    return { loans: await loanViews(work, ids, person) }
  })
}

async function issueAll(work: Work, body: Issue, person: SignedIn): Promise<string[]> {
  const { trx, site, now } = work
  const today = siteDay(now)
  const late = dueFault(body.due, today)
  if (late) throw new DomainError('due-date-invalid', late)
  const card = await cardFacts(trx, site, body.card)
  // One order for everybody, so that two desks with the same boxes never wait for each other in a circle.
  const codes = [...new Set(body.codes)].sort()
  const boxes = await findBoxesByCode(trx, site, codes)
  const facts = await factsOf(trx, site, [...boxes.values()], now)
  const ids: string[] = []
  for (const code of codes) {
    const box = boxes.get(code)
    const known = box ? (facts.get(box.id) ?? null) : null
    const judgement = judge(card, known, person, today)
    if (!judgement.ok) throw refusal(judgement.code, code, judgement.detail)
    const { box: lent, home } = known as Facts
    const loan = await insertLoan(trx, site, {
      box: lent.id,
      card: body.card,
      at: now,
      by: person,
      due: body.due,
      purpose: body.purpose ?? null,
    })
    if (!loan) throw refusal('already-lent', code, null)
    ids.push(loan)
    const { card: cardCode, due } = body
    await issued(work, person, {
      loan,
      box: lent,
      home,
      card: cardCode,
      due,
      unit: card?.unit ?? '',
    })
  }
  return ids
}

const refusal = (code: DomainError['code'], box: string, detail: string | null) =>
  new DomainError(code, detail === null ? box : `${box}: ${detail}`)

/** Return by scan only: closes the loan and says where the box goes back to. */
export async function returnBox(
  ctx: Context,
  body: BodyOf<typeof api.lending.returnBox>,
  person: SignedIn,
): Promise<ResponseOf<typeof api.lending.returnBox>> {
  const { requestId, ...rest } = body
  const request = requestOf(requestId, 'return', rest, person)
  return await ctx.write(async (work) => {
    const ids = await once(work, request, () => returnOne(work, body.code, person))
    const [loan] = await loanViews(work, ids, person)
    const box = loan && (await findBoxesByCode(work.trx, work.site, [loan.box])).get(loan.box)
    if (!loan || !box) throw new DomainError('not-lent')
    const home = (await homesOf(work.trx, work.site, [box.id])).get(box.id)
    const way = home && wayTo(await currentLayout(work.trx, work.site), home)
    return {
      loan,
      goesBackTo: home ? formatAddress(home) : null,
      aisle: way?.aisle ?? null,
      bank: way?.bank ?? null,
    }
  })
}

async function returnOne(work: Work, code: string, person: SignedIn): Promise<string[]> {
  const { trx, site, now } = work
  const box = await findBoxByCodeOrEpc(trx, site, code)
  if (!box) throw new DomainError('box-unknown')
  const loan = await lockOpenLoanOfBox(trx, site, box.id)
  if (!loan) throw new DomainError('not-lent', box.code)
  await closeLoan(trx, site, loan.loan_id, person, now, false)
  const home = (await homesOf(trx, site, [box.id])).get(box.id) ?? null
  await returned(work, person, { loan: loan.loan_id, box, home, card: loan.card })
  return [loan.loan_id]
}

/** Takes the last act on a loan back by an act of its own; both stay in the ledger. */
export async function undoLending(ctx: Context, id: string, person: SignedIn): Promise<LoanView> {
  return await ctx.write(async (work) => {
    const loan = await lockLoan(work.trx, work.site, id)
    if (!loan) throw new DomainError('not-found')
    if (loan.undone) throw new DomainError('conflict', 'this loan is undone already')
    await (loan.returned_at ? undoReturn(work, loan, person) : undoIssue(work, loan, person))
    const [view] = await loanViews(work, [id], person)
    return view as LoanView
  })
}

const notYours = () =>
  new DomainError('forbidden', 'only by the same person, within ten minutes of the act')

async function undoIssue(work: Work, loan: LoanRow, person: SignedIn) {
  const act = { by: loan.issued_by, at: loan.issued_at }
  if (!mayUndo(act, person, work.now)) throw notYours()
  await closeLoan(work.trx, work.site, loan.loan_id, person, work.now, true)
  await undone(work, person, await whatOf(work, loan))
}

async function undoReturn(work: Work, loan: LoanRow, person: SignedIn) {
  const act = { by: loan.returned_by, at: loan.returned_at as Date }
  if (!mayUndo(act, person, work.now)) throw notYours()
  if (await boxIsLent(work.trx, work.site, loan.box_id)) throw new DomainError('already-lent')
  await reopenLoan(work.trx, work.site, loan.loan_id)
  await returnUndone(work, person, { ...(await whatOf(work, loan)), unit: loan.unit })
}

async function whatOf({ trx, site }: Work, loan: LoanRow) {
  const box = (await findBoxesById(trx, site, [loan.box_id])).get(loan.box_id) as Box
  const home = (await homesOf(trx, site, [box.id])).get(box.id) ?? null
  return { loan: loan.loan_id, box, home, card: loan.card }
}

const listLimit = 1000

export async function listLoans(
  ctx: Context,
  person: SignedIn,
): Promise<ResponseOf<typeof api.lending.listLoans>> {
  const now = nowOf(ctx)
  const rows = await openLoans(ctx.db, ctx.site, listLimit)
  const loans = await viewsOf(ctx.db, ctx.site, rows, person.clearance, now)
  return { loans, total: loans.length, overdue: loans.filter((l) => l.overdue).length }
}
