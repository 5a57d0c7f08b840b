/** May this box be lent to this card by this clerk? Pure: facts in, a judgement out. */
import type { Address, Belief, ProblemCode, SecrecyLevel } from '@lantai/contracts'
import { clears, parseAddress } from '@lantai/contracts'
import { daysBetween, siteSettings } from '../../site-settings.ts'
import { sameShelf } from '../stack/stack.ts'

export type LendingRefusal = Extract<
  ProblemCode,
  | 'card-unknown'
  | 'card-expired'
  | 'box-unknown'
  | 'already-lent'
  | 'above-clearance'
  | 'not-in-place'
>
export type Judgement =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: LendingRefusal; readonly detail: string | null }

export interface CardFacts {
  readonly clearance: SecrecyLevel
  readonly validUntil: string
}
export interface BoxFacts {
  /** The highest level of its files. */
  readonly secrecy: SecrecyLevel
  readonly home: Address | null
  readonly belief: Belief | null
  readonly loan: { readonly borrower: string; readonly due: string } | null
}

/** A card is good through the last day that is printed on it. */
export const isExpired = (card: Pick<CardFacts, 'validUntil'>, today: string): boolean =>
  daysBetween(today, card.validUntil) < 0

/**
 * The first rule that refuses, the card's before the box's. Clearance comes before everything that would tell
 * about the box: whoever may not have it learns neither its holder nor its place.
 */
export function judge(
  card: CardFacts | null,
  box: BoxFacts | null,
  clerk: { readonly clearance: SecrecyLevel },
  today: string,
): Judgement {
  if (!card) return refuse('card-unknown')
  if (isExpired(card, today)) return refuse('card-expired', `valid until ${card.validUntil}`)
  if (!box) return refuse('box-unknown')
  if (!clears(clerk.clearance, box.secrecy)) return refuse('above-clearance')
  if (!clears(card.clearance, box.secrecy))
    return refuse('above-clearance', 'above the clearance of the borrower')
  if (box.loan) return refuse('already-lent', `${box.loan.borrower}, due ${box.loan.due}`)
  const astray = whereAstray(box)
  return astray === null ? { ok: true } : refuse('not-in-place', astray)
}

/**
 * Null while the box is where it may be handed out: on its home shelf, at a desk, or nowhere known to be wrong.
 * Silence is no evidence against it.
 */
function whereAstray({ belief, home }: BoxFacts): string | null {
  if (!belief) return null
  const last = `${belief.place ?? belief.placeLabel ?? 'unknown'} (${belief.evidence.kind} ${belief.evidence.at})`
  if (belief.evidence.kind === 'passage') return `last seen ${last}`
  const place = belief.place === null ? null : parseAddress(belief.place)
  if (!place || (home && sameShelf(place, home))) return null
  return `last seen ${last}`
}

/** From today on, and not longer than the site lends. Null when the day is good. */
export function dueFault(due: string, today: string): string | null {
  const days = daysBetween(today, due)
  if (Number.isNaN(days)) return `${due} is not a day`
  if (days < 0) return `${due} is past`
  return days > siteSettings.longestLoanDays
    ? `longer than ${siteSettings.longestLoanDays} days`
    : null
}

export const undoWindowMs = 10 * 60_000

export interface LastAct {
  readonly by: string | null
  readonly at: Date
}

/** Undoing belongs to the person who acted, for ten minutes; later it is a new act. */
export const mayUndo = (act: LastAct, person: { readonly id: string }, now: Date): boolean =>
  act.by === person.id && now.getTime() - act.at.getTime() <= undoWindowMs

const refuse = (code: LendingRefusal, detail: string | null = null): Judgement => ({
  ok: false,
  code,
  detail,
})
