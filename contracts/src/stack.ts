/** Geometry of the room, in millimetres (architecture 6). A layout has versions; boxes are placed by address. */
import { type Static, Type } from 'typebox'
import { BankId, ColumnNo, Name, RoomId } from './ids.ts'
import { Closed, Nullable, OneOf, Text } from './schema.ts'

const Mm = Type.Number()

export const LayoutColumn = Closed({
  column: ColumnNo,
  /** Carriage width along the rail. */
  widthMm: Mm,
  fixed: Type.Boolean(),
  sections: Type.Integer({ minimum: 1, maximum: 40 }),
  shelves: Type.Integer({ minimum: 1, maximum: 12 }),
  /** Clear width of one shelf: the sum of spines that fits. */
  shelfWidthMm: Mm,
})

export const LayoutBank = Closed({
  bank: BankId,
  label: Text(20),
  room: RoomId,
  /** North-west corner of the rail bed; columns stand side by side along +x and extend along +y. */
  xMm: Mm,
  yMm: Mm,
  /** Length of a column along y. */
  depthMm: Mm,
  /** Rail length: all columns plus the free width of the one aisle. */
  railMm: Mm,
  aisleMm: Mm,
  /** Which end of the columns the walkway is at: "Enter aisle 11|12 from the north". */
  enterFrom: OneOf(['north', 'south']),
  columns: Type.Array(LayoutColumn, { minItems: 2, maxItems: 200 }),
})
export type LayoutBank = Static<typeof LayoutBank>

export const LayoutRoom = Closed({
  room: RoomId,
  label: Text(40),
  areaM2: Type.Number(),
  widthMm: Mm,
  heightMm: Mm,
  /** Shelves are numbered from the floor up or from the top down; printed on the axis. */
  shelvesFrom: OneOf(['bottom', 'top']),
  doors: Type.Array(
    Closed({
      id: Name,
      label: Text(40),
      xMm: Mm,
      yMm: Mm,
      widthMm: Mm,
      wall: OneOf(['north', 'east', 'south', 'west']),
    }),
  ),
  /** Readers, desks and sensors that the plan draws. */
  fixtures: Type.Array(
    Closed({
      id: Name,
      kind: OneOf(['desk', 'gate', 'air', 'smoke']),
      label: Text(40),
      xMm: Mm,
      yMm: Mm,
    }),
  ),
})

export const StackLayout = Closed({
  version: Type.Integer({ minimum: 1 }),
  site: Name,
  siteLabel: Text(60),
  rooms: Type.Array(LayoutRoom, { maxItems: 20 }),
  banks: Type.Array(LayoutBank, { maxItems: 200 }),
})
export type StackLayout = Static<typeof StackLayout>

/** The aisle that serves a face, or null for the outer face of a bank's first column, which is open to the walkway. */
export function aisleOfFace(bank: LayoutBank, column: number, side: 'A' | 'B'): number | null {
  const i = bank.columns.findIndex((c) => c.column === column)
  if (i < 0) return null
  if (side === 'B') return column
  return bank.columns[i - 1]?.column ?? null
}

/** Left edges of a bank's columns along the rail, in mm from its left end, with the gap after column `aisle`. */
export function columnsWithAisle(bank: LayoutBank, aisle: number | null): Map<number, number> {
  const at = new Map<number, number>()
  let x = 0
  for (const c of bank.columns) {
    at.set(c.column, x)
    x += c.widthMm
    if (c.column === aisle) x += bank.aisleMm
  }
  return at
}

/** Where a box is believed or meant to be. `address` is `12A-3-4-2`; null parts are unknown. */
export const PlaceText = Nullable(Text(20))
