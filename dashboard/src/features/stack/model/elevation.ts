/** The elevation of one face as rows of cells, before anything is drawn. */
import { type Address, type FaceView, formatAddress, type Slot } from '@lantai/contracts'

export type ElevationCell =
  | { kind: 'slot'; address: string; slot: Slot; leftMm: number; widthMm: number; rise: number }
  /** Free room behind the last box of a shelf: where another box can go. */
  | { kind: 'room'; address: string; nextSlot: number; leftMm: number; widthMm: number }

export interface ElevationSection {
  section: number
  shelf: number
  boxes: number
  usedMm: number
  cells: ElevationCell[]
}
export interface ElevationRow {
  shelf: number
  sections: ElevationSection[]
}

/** Section numbers from left to right as the person in the aisle sees them: face B is mirrored (ux 5). */
export const sectionOrder = (sections: number, side: 'A' | 'B'): number[] => {
  const order = Array.from({ length: sections }, (_, i) => i + 1)
  return side === 'A' ? order : order.reverse()
}

/** Shelf numbers from the top of the drawing down. */
export const shelfOrder = (shelves: number, from: 'bottom' | 'top'): number[] => {
  const order = Array.from({ length: shelves }, (_, i) => i + 1)
  return from === 'top' ? order : order.reverse()
}

/** Less than this is no room for a box: the thinnest spine of the house is 20 mm. */
const thinnestMm = 20

/** Thick boxes stand a little higher, 0…1, so that a drawn shelf reads as a real one. */
const riseOf = (spineMm: number) => Math.min(1, Math.max(0, (spineMm - 20) / 30))

export function layoutFace(face: FaceView, from: 'bottom' | 'top'): ElevationRow[] {
  const byPlace = new Map(face.rows.map((r) => [`${r.section}-${r.shelf}`, r.slots]))
  return shelfOrder(face.shelves, from).map((shelf) => ({
    shelf,
    sections: sectionOrder(face.sections, face.side).map((section) =>
      layoutShelf(face, section, shelf, byPlace.get(`${section}-${shelf}`) ?? []),
    ),
  }))
}

function layoutShelf(
  face: FaceView,
  section: number,
  shelf: number,
  slots: readonly Slot[],
): ElevationSection {
  const place = { column: face.column, side: face.side, section, shelf } satisfies Address
  // Books that claim more millimetres than the steel has are squeezed, never drawn outside their shelf.
  const sum = slots.reduce((mm, s) => mm + s.spineMm, 0)
  const squeeze = sum > face.shelfWidthMm ? face.shelfWidthMm / sum : 1
  let leftMm = 0
  const cells: ElevationCell[] = [...slots]
    .sort((a, b) => a.slot - b.slot)
    .map((slot) => {
      const widthMm = slot.spineMm * squeeze
      const address = formatAddress({ ...place, slot: slot.slot })
      const cell = {
        kind: 'slot' as const,
        address,
        slot,
        leftMm,
        widthMm,
        rise: riseOf(slot.spineMm),
      }
      leftMm += widthMm
      return cell
    })
  const freeMm = face.shelfWidthMm - leftMm
  if (freeMm >= thinnestMm) {
    const nextSlot = 1 + Math.max(0, ...slots.map((s) => s.slot))
    cells.push({ kind: 'room', address: formatAddress(place), nextSlot, leftMm, widthMm: freeMm })
  }
  return { section, shelf, boxes: slots.length, usedMm: sum, cells }
}

/** Where the roving tabindex stands: row of the drawing, section of the row, cell of the section. */
export interface GridPosition {
  row: number
  section: number
  cell: number
}

export type GridMove = 'left' | 'right' | 'up' | 'down' | 'home' | 'end'

/** The next place of the roving focus; null where there is nothing in that direction. */
export function moveInGrid(
  rows: readonly ElevationRow[],
  at: GridPosition,
  move: GridMove,
): GridPosition | null {
  const cells = rows[at.row]?.sections[at.section]?.cells
  if (!cells || cells.length === 0) return null
  switch (move) {
    case 'home':
      return { ...at, cell: 0 }
    case 'end':
      return { ...at, cell: cells.length - 1 }
    case 'left':
      return at.cell > 0 ? { ...at, cell: at.cell - 1 } : sideways(rows, at, -1)
    case 'right':
      return at.cell < cells.length - 1 ? { ...at, cell: at.cell + 1 } : sideways(rows, at, 1)
    case 'up':
      return upDown(rows, at, -1)
    case 'down':
      return upDown(rows, at, 1)
  }
}

function sideways(
  rows: readonly ElevationRow[],
  at: GridPosition,
  by: 1 | -1,
): GridPosition | null {
  const sections = rows[at.row]?.sections ?? []
  for (let s = at.section + by; s >= 0 && s < sections.length; s += by) {
    const n = sections[s]?.cells.length ?? 0
    if (n > 0) return { row: at.row, section: s, cell: by > 0 ? 0 : n - 1 }
  }
  return null
}

/** Up and down keep the place in millimetres, as the eye does, not the count of boxes. */
function upDown(rows: readonly ElevationRow[], at: GridPosition, by: 1 | -1): GridPosition | null {
  const from = rows[at.row]?.sections[at.section]?.cells[at.cell]
  if (!from) return null
  const middle = from.leftMm + from.widthMm / 2
  for (let r = at.row + by; rows[r]; r += by) {
    const cells = rows[r]?.sections[at.section]?.cells ?? []
    if (cells.length === 0) continue
    const hit = cells.findIndex((c) => middle < c.leftMm + c.widthMm)
    return { row: r, section: at.section, cell: hit < 0 ? cells.length - 1 : hit }
  }
  return null
}

/** Finds a cell by address; an address without a slot finds the first cell of the shelf. */
export function findCell(rows: readonly ElevationRow[], a: Address): GridPosition | null {
  if (a.section === undefined || a.shelf === undefined) return null
  const row = rows.findIndex((r) => r.shelf === a.shelf)
  const section = rows[row]?.sections.findIndex((s) => s.section === a.section) ?? -1
  const cells = rows[row]?.sections[section]?.cells
  if (!cells) return null
  if (a.slot === undefined) return { row, section, cell: 0 }
  const cell = cells.findIndex((c) => c.kind === 'slot' && c.slot.slot === a.slot)
  return cell < 0 ? null : { row, section, cell }
}

export interface FaceCounts {
  boxes: number
  lent: number
  misplaced: number
  unread: number
  occupied: number
}

/** Facts of the panel header, counted from what is drawn. */
export function countFace(face: FaceView): FaceCounts {
  const slots = face.rows.flatMap((r) => r.slots)
  const count = (state: Slot['state']) => slots.filter((s) => s.state === state).length
  const clear = face.shelfWidthMm * face.sections * face.shelves
  return {
    boxes: slots.length,
    lent: count('lent'),
    misplaced: count('misplaced'),
    unread: count('unread'),
    occupied: clear > 0 ? slots.reduce((mm, s) => mm + s.spineMm, 0) / clear : 0,
  }
}
