import type { FaceView, Slot } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import { boxState, findBoxesById } from '../boxes/boxes.ts'
import { isOnLoan } from '../lending/lending.ts'
import { beliefsOf } from '../whereabouts/whereabouts.ts'
import { columnOf, currentLayout } from './stack.ts'
import { neighbours } from './steel.ts'
import { placementsOfFace } from './store.ts'

/** Every slot of one face as a person in its aisle sees it: slots from the left. */
export async function faceView(ctx: Context, face: string): Promise<FaceView> {
  const column = Number.parseInt(face, 10)
  const side = face.endsWith('A') ? 'A' : 'B'
  const layout = await currentLayout(ctx.db, ctx.site)
  const at = columnOf(layout, column)
  if (!at) throw new DomainError('place-unknown')
  const slots = await slotsOf(ctx, column, side)
  const { sections, shelves, shelfWidthMm } = at.column
  return {
    face: `${column}${side}`,
    column,
    side,
    bank: at.bank.bank,
    sections,
    shelves,
    shelfWidthMm,
    rows: rowsOf(slots),
    boxes: slots.length,
    ...neighbours(layout, column, side),
  }
}

type Placed = Slot & { section: number; shelf: number }

async function slotsOf(ctx: Context, column: number, side: 'A' | 'B'): Promise<Placed[]> {
  const { db, site } = ctx
  const placed = await placementsOfFace(db, site, column, side)
  const ids = placed.map((p) => p.box_id)
  const [boxes, beliefs, lent] = await Promise.all([
    findBoxesById(db, site, ids),
    beliefsOf(db, site, ids, nowOf(ctx)),
    isOnLoan(db, site, ids),
  ])
  return placed.flatMap((p) => {
    const box = boxes.get(p.box_id)
    if (!box) return []
    const belief = beliefs.get(p.box_id) ?? null
    const home = { column, side, section: p.section, shelf: p.shelf, slot: p.slot }
    return {
      section: p.section,
      shelf: p.shelf,
      slot: p.slot,
      box: box.id,
      code: box.code,
      spineMm: p.spine_mm,
      state: boxState({ home, belief, lent: lent.has(box.id) }),
      lastEvidence: belief?.evidence.at ?? null,
    }
  })
}

function rowsOf(placed: readonly Placed[]): FaceView['rows'] {
  const byShelf = Map.groupBy(placed, (p) => `${p.section}/${p.shelf}`)
  return [...byShelf.values()].map((shelf) => {
    const [{ section, shelf: level }] = shelf as [Placed, ...Placed[]]
    return { section, shelf: level, slots: shelf.map(({ section: _, shelf: __, ...slot }) => slot) }
  })
}
