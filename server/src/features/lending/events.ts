/** One function for each business event of the desk: evidence, ledger, plan and page together. */
import type { SignedIn } from '../../http/signed-in.ts'
import type { Work } from '../../work.ts'
import type { Box } from '../boxes/boxes.ts'
import { findLayout, type Home, touchStack } from '../stack/stack.ts'
import { addEvidence } from '../whereabouts/whereabouts.ts'

interface What {
  loan: string
  box: Box
  home: Home | null
  card: string
}

export async function issued(
  work: Work,
  by: SignedIn,
  what: What & { due: string; unit: string },
): Promise<void> {
  await handedOut(work, by, what)
  work.ledger.add({
    event: 'box.issued',
    box: what.box.code,
    actor: by,
    outcome: 'success',
    detail: `to card ${what.card}, due ${what.due}`,
    object: { loan: what.loan, card: what.card, due: what.due, epc: what.box.epc },
  })
}

export async function returned(work: Work, by: SignedIn, what: What): Promise<void> {
  await takenBack(work, by, what)
  work.ledger.add({
    event: 'box.returned',
    box: what.box.code,
    actor: by,
    outcome: 'success',
    detail: `from card ${what.card}`,
    object: { loan: what.loan, card: what.card, epc: what.box.epc },
  })
}

/** An issue was taken back. */
export async function undone(work: Work, by: SignedIn, what: What): Promise<void> {
  await takenBack(work, by, what)
  undo(work, by, what, 'box.issued')
}

/** A return was taken back: the loan is open again, as it was. */
export async function returnUndone(
  work: Work,
  by: SignedIn,
  what: What & { unit: string },
): Promise<void> {
  await handedOut(work, by, what)
  undo(work, by, what, 'box.returned')
}

function undo(work: Work, by: SignedIn, what: What, event: string) {
  work.ledger.add({
    event: 'undo',
    box: what.box.code,
    actor: by,
    outcome: 'success',
    detail: `${event} of card ${what.card} undone`,
    object: { loan: what.loan, card: what.card, undoes: event },
  })
}

async function handedOut(work: Work, by: SignedIn, what: What & { unit: string }) {
  await claim(work, by, what, 'issued', what.unit)
}

async function takenBack(work: Work, by: SignedIn, what: What) {
  const layout = await findLayout(work.trx, work.site)
  const desk = layout?.rooms.flatMap((r) => r.fixtures).find((f) => f.kind === 'desk')
  await claim(work, by, what, 'returned', desk?.label ?? 'desk')
}

async function claim(
  work: Work,
  by: SignedIn,
  what: What,
  kind: 'issued' | 'returned',
  placeLabel: string,
) {
  await addEvidence(work, [
    { boxId: what.box.id, kind, at: work.now, by: by.name, place: null, placeLabel },
  ])
  await touchStack(work, { boxes: [what.box.code], places: [what.home], totals: true })
  work.live.add('lending', { loans: [what.loan] })
}
