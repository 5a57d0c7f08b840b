import type { Address } from '@lantai/contracts'
import { formatAddress, parseAddress } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Work } from '../../work.ts'
import { type Box, findBox, findBoxesById } from '../boxes/boxes.ts'
import { isOnLoan } from '../lending/lending.ts'
import { addEvidence } from '../whereabouts/whereabouts.ts'
import { columnOf, currentLayout, type Home, homeOf, touchStack } from './stack.ts'
import { decidePut, exists, type ShelfAddress } from './steel.ts'
import {
  insertMove,
  insertPlacement,
  lockMoves,
  readMove,
  removePlacement,
  shift,
  slotsOfShelf,
} from './store.ts'

export interface MoveAnswer {
  move: string
  box: string
  from: string | null
  to: string
}

/** Puts a box on another shelf. Neighbours close up where it was and make room where it goes. */
export async function moveBox(
  ctx: Context,
  asked: { code: string; to: string; reason?: string },
  person: SignedIn,
): Promise<MoveAnswer> {
  const box = await findBox(ctx.db, ctx.site, asked.code)
  if (!box) throw new DomainError('box-unknown')
  const to = parseAddress(asked.to)
  if (to?.section === undefined || to.shelf === undefined)
    throw new DomainError('place-unknown', 'name the place down to the shelf')
  const target = { ...to, section: to.section, shelf: to.shelf }
  return await ctx.write((work) =>
    put(work, { box, to: target, reason: asked.reason ?? null, person, undoes: null }),
  )
}

/** A compensating move back to where the box was: only while nobody has moved it again. */
export async function undoMove(ctx: Context, move: string, person: SignedIn): Promise<MoveAnswer> {
  return await ctx.write(async (work) => {
    await lockMoves(work.trx, work.site)
    const done = await readMove(work.trx, work.site, move)
    if (!done) throw new DomainError('not-found')
    if (!done.isNewest) throw new DomainError('conflict', 'the box has been moved again since')
    if (!done.from) throw new DomainError('place-unknown', 'the box had no place before this move')
    const box = (await findBoxesById(work.trx, work.site, [done.box])).get(done.box)
    if (!box) throw new DomainError('box-unknown')
    return await put(work, { box, to: done.from, reason: null, person, undoes: move })
  })
}

interface Put {
  box: Box
  to: ShelfAddress
  reason: string | null
  person: SignedIn
  undoes: string | null
}

async function put(work: Work, act: Put): Promise<MoveAnswer> {
  const { trx, site, now } = work
  const { box, person, reason, undoes } = act
  await lockMoves(trx, site)
  if ((await isOnLoan(trx, site, [box.id])).size > 0)
    throw new DomainError('already-lent', box.code)
  const from = await homeOf(trx, site, box.id)
  if (from) await takeOut(work, box, from)
  const to = await putIn(work, box, act.to, undoes !== null)
  const move = await insertMove(trx, site, {
    box: box.id,
    from,
    to,
    reason,
    by: person,
    at: now,
    undoes,
  })
  await announce(work, { ...act, from, to, move })
  return { move, box: box.id, from: from && formatAddress(from), to: formatAddress(to) }
}

async function takeOut({ trx, site }: Work, box: Box, from: Home) {
  await removePlacement(trx, site, box.id)
  await shift(trx, site, from, from.slot, -1)
}

async function putIn(work: Work, box: Box, to: ShelfAddress, back: boolean): Promise<Home> {
  const { trx, site } = work
  const layout = await currentLayout(trx, site)
  const column = columnOf(layout, to.column)?.column
  if (!column || !exists(layout, to)) throw new DomainError('place-unknown', formatAddress(to))
  const there = await slotsOfShelf(trx, site, to)
  const shelf = {
    slots: there.map((s) => s.slot),
    usedMm: there.reduce((sum, s) => sum + s.spine_mm, 0),
    widthMm: column.shelfWidthMm,
  }
  const last = Math.max(0, ...shelf.slots)
  // On the way back the shelf may have fewer boxes than it had: the end of the row is near enough.
  const wanted = back && to.slot !== undefined ? Math.min(to.slot, last + 1) : to.slot
  const decision = decidePut(shelf, box, wanted)
  if (!decision.ok) throw new DomainError(decision.code, decision.detail)
  const home = { ...to, slot: decision.slot }
  await shift(trx, site, home, home.slot, 1)
  await insertPlacement(trx, site, box, home)
  return home
}

async function announce(
  work: Work,
  m: Put & { from: Home | null; to: Home; move: string },
): Promise<void> {
  const [from, to] = [m.from && formatAddress(m.from), formatAddress(m.to)]
  const { box, person } = m
  await addEvidence(work, [
    { boxId: box.id, kind: 'moved', at: work.now, by: person.name, place: to, placeLabel: null },
  ])
  work.ledger.add({
    event: m.undoes ? 'undo' : 'box.moved',
    box: box.code,
    actor: person,
    outcome: 'success',
    detail: `${from ?? 'no place'} → ${to}${m.reason ? `: ${m.reason}` : ''}`,
    object: { move: m.move, from, to, undoes: m.undoes, epc: box.epc },
  })
  const places: (Address | null)[] = [m.from, m.to]
  await touchStack(work, { boxes: [box.code], places, totals: true })
}
