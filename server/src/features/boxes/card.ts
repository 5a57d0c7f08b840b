import type { BoxCard } from '@lantai/contracts'
import { formatAddress } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { openLoansOfBoxes } from '../lending/lending.ts'
import { filesOfBox } from '../records/records.ts'
import { findLayout, homeOf, wayTo } from '../stack/stack.ts'
import { beliefsOf } from '../whereabouts/whereabouts.ts'
import { type Box, boxState, findBox } from './boxes.ts'

/** One box with where it is, how sure that is, and what this reader may know of its contents. */
export async function boxCard(ctx: Context, code: string, person: SignedIn): Promise<BoxCard> {
  const box = await findBox(ctx.db, ctx.site, code)
  if (!box) throw new DomainError('box-unknown')
  const { home, belief, loan, files, way } = await aboutBox(ctx, box, person)
  return {
    id: box.id,
    code: box.code,
    epc: box.epc,
    spineMm: box.spineMm,
    home: home && formatAddress(home),
    belief,
    state: boxState({ home, belief, lent: loan !== null }),
    secrecy: box.secrecy,
    aisle: way?.aisle ?? null,
    bank: way?.bank ?? null,
    loan: loan && {
      loan: loan.loan,
      // Who holds a box is the desk's business.
      borrower: mayKnowBorrower(person) ? loan.borrower : null,
      due: loan.due,
      overdue: loan.overdue,
    },
    files,
    // Of the files in this answer: a count must not reveal what the list hides.
    fileCount: files.length,
    pageCount: files.reduce((sum, f) => sum + f.pages, 0),
  }
}

const mayKnowBorrower = (person: SignedIn) =>
  person.roles.some((r) => r === 'desk' || r === 'archivist')

async function aboutBox(ctx: Context, box: Box, person: SignedIn) {
  const now = nowOf(ctx)
  const { db, site } = ctx
  const [home, beliefs, loans, files, layout] = await Promise.all([
    homeOf(db, site, box.id),
    beliefsOf(db, site, [box.id], now),
    openLoansOfBoxes(db, site, [box.id], now),
    filesOfBox(db, site, box.id, person.clearance),
    findLayout(db, site),
  ])
  const belief = beliefs.get(box.id)
  // Every box has at least the word of whoever registered it.
  if (!belief) throw new Error(`box ${box.code} has no evidence`)
  const way = home && layout ? wayTo(layout, home) : null
  return { home, belief, loan: loans.get(box.id) ?? null, files, way }
}
