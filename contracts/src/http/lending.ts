import { type Static, Type } from 'typebox'
import { FreeText } from '../free-text.ts'
import { AddressText, BoxCode, CardCode, Uuid } from '../ids.ts'
import { problemCodes } from '../problems.ts'
import { SecrecyLevel } from '../roles.ts'
import { roles, route } from '../route-access.ts'
import { Closed, Day, Instant, Nullable, OneOf, Text } from '../schema.ts'

const desk = roles('desk', 'archivist')

export const LoanView = Closed({
  loan: Uuid,
  box: BoxCode,
  title: Nullable(Text(400)),
  secrecy: SecrecyLevel,
  borrower: Text(80),
  unit: Text(120),
  card: CardCode,
  issuedAt: Instant,
  issuedBy: Text(80),
  due: Day,
  overdue: Type.Boolean(),
  returnedAt: Nullable(Instant),
})
export type LoanView = Static<typeof LoanView>

export const BorrowerView = Closed({
  card: CardCode,
  name: Text(80),
  unit: Text(120),
  clearance: SecrecyLevel,
  validUntil: Day,
  expired: Type.Boolean(),
  loans: Type.Array(LoanView),
})
export type BorrowerView = Static<typeof BorrowerView>

export const getBorrower = route({
  method: 'GET',
  path: '/api/lending/cards/:card',
  access: desk,
  tag: 'lending',
  summary: 'First beat: the card, with what it holds and what is overdue',
  params: Closed({ card: CardCode }),
  response: BorrowerView,
})

/** A judgement on one box, made on arrival of its code. `refusal` names the rule; null means it may be lent. */
export const LendingCheck = Closed({
  code: BoxCode,
  title: Nullable(Text(400)),
  secrecy: SecrecyLevel,
  home: Nullable(AddressText),
  place: Nullable(Text(120)),
  refusal: Nullable(OneOf(problemCodes)),
  /** Facts behind the refusal: who holds it until when, where it was last seen. */
  refusalDetail: Nullable(Text(300)),
})
export type LendingCheck = Static<typeof LendingCheck>

export const checkBox = route({
  method: 'POST',
  path: '/api/lending/check',
  access: desk,
  tag: 'lending',
  summary: 'Second beat: may this box be lent to this card? By box code or by EPC.',
  body: Closed({ card: CardCode, code: Text(140) }),
  response: LendingCheck,
})

export const issueBoxes = route({
  method: 'POST',
  path: '/api/lending/issue',
  access: desk,
  tag: 'lending',
  summary: 'Third beat: issue all boxes to the card, or none. Each is a custody entry.',
  body: Closed({
    card: CardCode,
    codes: Type.Array(BoxCode, { minItems: 1, maxItems: 50 }),
    due: Day,
    purpose: Type.Optional(FreeText(200)),
    /** Same key, same answer: a repeated request issues nothing twice (rule D16). */
    requestId: Uuid,
  }),
  response: Closed({ loans: Type.Array(LoanView) }),
})

export const returnBox = route({
  method: 'POST',
  path: '/api/lending/return',
  access: desk,
  tag: 'lending',
  summary: 'Return by scan only: closes the loan and says where the box goes back to',
  body: Closed({ code: Text(140), requestId: Uuid }),
  response: Closed({
    loan: LoanView,
    goesBackTo: Nullable(AddressText),
    aisle: Nullable(Type.Integer()),
    bank: Nullable(Text(10)),
  }),
})

export const undoLending = route({
  method: 'POST',
  path: '/api/lending/loans/:loan/undo',
  access: desk,
  tag: 'lending',
  summary:
    'Undo the last act on a loan by a compensating entry, by the same person within ten minutes',
  params: Closed({ loan: Uuid }),
  response: LoanView,
})

export const listLoans = route({
  method: 'GET',
  path: '/api/lending/loans',
  access: desk,
  tag: 'lending',
  summary: 'Open loans, the next due first',
  response: Closed({ loans: Type.Array(LoanView), total: Type.Integer(), overdue: Type.Integer() }),
})
