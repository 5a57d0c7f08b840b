/** Questions about the steel, answered from a layout alone: pure. */
import type { Address, LayoutBank, StackLayout } from '@lantai/contracts'
import { aisleOfFace } from '@lantai/contracts'

/** A shelf, the whole way down. */
export type ShelfAddress = Address & { section: number; shelf: number }

type LayoutColumn = LayoutBank['columns'][number]

/** The bank and the column with this number; null when the steel has none. */
export function columnOf(
  layout: StackLayout,
  column: number,
): { bank: LayoutBank; column: LayoutColumn } | null {
  for (const bank of layout.banks) {
    const found = bank.columns.find((c) => c.column === column)
    if (found) return { bank, column: found }
  }
  return null
}

/** True when every part that the address names exists in the steel. */
export function exists(layout: StackLayout, a: Address): boolean {
  const at = columnOf(layout, a.column)
  if (!at) return false
  return (a.section ?? 1) <= at.column.sections && (a.shelf ?? 1) <= at.column.shelves
}

/** Which aisle to open for a face; null where the walkway serves it. */
export function wayTo(
  layout: StackLayout,
  a: Pick<Address, 'column' | 'side'>,
): { bank: string; room: string; aisle: number | null } | null {
  const at = columnOf(layout, a.column)
  if (!at) return null
  return { bank: at.bank.bank, room: at.bank.room, aisle: aisleOfFace(at.bank, a.column, a.side) }
}

/** The faces before and after this one, as a person walks along the numbers: 12A, 12B, 13A. */
export function neighbours(
  layout: StackLayout,
  column: number,
  side: 'A' | 'B',
): { previous: string | null; next: string | null } {
  const faces = layout.banks
    .flatMap((b) => b.columns.map((c) => c.column))
    .sort((a, b) => a - b)
    .flatMap((c) => [`${c}A`, `${c}B`])
  const i = faces.indexOf(`${column}${side}`)
  return { previous: faces[i - 1] ?? null, next: faces[i + 1] ?? null }
}

/** The same shelf: slots are ordinals and shift as neighbours come and go, so they say nothing about the place. */
export const sameShelf = (a: Address, b: Address): boolean =>
  a.column === b.column && a.side === b.side && a.section === b.section && a.shelf === b.shelf

export interface ShelfFill {
  column: number
  side: 'A' | 'B'
  section: number
  shelf: number
  /** Sum of spines. */
  mm: number
}

/**
 * How full each shelf is, 0–255 of its clear width: per column face A then B, section 1…n, shelf 1…m. `occupied`
 * is the sum of spines over the clear width of all shelves.
 */
export function fillOf(
  layout: StackLayout,
  shelves: readonly ShelfFill[],
): { occupied: number; columns: { column: number; fill: number[] }[] } {
  const byColumn = Map.groupBy(shelves, (s) => s.column)
  let used = 0
  let width = 0
  const columns = layout.banks.flatMap((bank) =>
    bank.columns.map((c) => {
      const fill = new Array<number>(2 * c.sections * c.shelves).fill(0)
      for (const s of byColumn.get(c.column) ?? []) {
        const at = ((s.side === 'A' ? 0 : c.sections) + s.section - 1) * c.shelves + s.shelf - 1
        if (at < fill.length) fill[at] = Math.min(255, Math.round((s.mm / c.shelfWidthMm) * 255))
        used += s.mm
      }
      width += fill.length * c.shelfWidthMm
      return { column: c.column, fill }
    }),
  )
  return { occupied: width === 0 ? 0 : Math.min(1, used / width), columns }
}

export type PutDecision =
  | { ok: true; slot: number }
  | { ok: false; code: 'place-unknown' | 'shelf-full'; detail: string }

/** Where a box goes on a shelf: appended, or inserted where a slot is named. Never over the clear width. */
export function decidePut(
  shelf: { slots: readonly number[]; usedMm: number; widthMm: number },
  box: { spineMm: number },
  slot: number | undefined,
): PutDecision {
  const free = shelf.widthMm - shelf.usedMm
  if (box.spineMm > free)
    return {
      ok: false,
      code: 'shelf-full',
      detail: `${Math.max(0, free)} mm left, the box needs ${box.spineMm} mm`,
    }
  const last = Math.max(0, ...shelf.slots)
  if (slot !== undefined && slot > last + 1)
    return { ok: false, code: 'place-unknown', detail: `the next free slot is ${last + 1}` }
  return { ok: true, slot: slot ?? last + 1 }
}
