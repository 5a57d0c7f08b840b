/** Where things are drawn on the plan. Room millimetres in, Leaflet `CRS.Simple` coordinates out (ux 5). */
import type { LayoutBank, StackLayout } from '@lantai/contracts'

export type LayoutColumn = LayoutBank['columns'][number]
/** Latitude and longitude as Leaflet takes them. */
export type Point = [lat: number, lng: number]
export type Box = { xMm: number; yMm: number; widthMm: number; heightMm: number }

/**
 * The one conversion: metres, with y negated, because room y grows to the south and latitude to the north.
 * The CRS itself is never flipped (Leaflet/Leaflet#4886).
 */
export const xy = (xMm: number, yMm: number): Point => [-yMm / 1000, xMm / 1000]

/** The four corners of a rectangle given in room millimetres. */
export const corners = (b: Box): Point[] => [
  xy(b.xMm, b.yMm),
  xy(b.xMm + b.widthMm, b.yMm),
  xy(b.xMm + b.widthMm, b.yMm + b.heightMm),
  xy(b.xMm, b.yMm + b.heightMm),
]

/** Half of the air between two drawn columns: closed columns touch, their outlines must not. */
const insetMm = 28

export interface ColumnShape {
  outline: Box
  /** Face A on the left half, face B on the right, filled from the bottom. */
  fillA: Box
  fillB: Box
}

/** Shapes of one column whose left edge stands `atMm` from the left end of its bank. */
export function columnShape(
  bank: LayoutBank,
  widthMm: number,
  atMm: number,
  fill: { a: number; b: number },
): ColumnShape {
  const outline = {
    xMm: bank.xMm + atMm + insetMm,
    yMm: bank.yMm,
    widthMm: widthMm - 2 * insetMm,
    heightMm: bank.depthMm,
  }
  const half = outline.widthMm / 2
  return {
    outline,
    fillA: fromBottom({ ...outline, widthMm: half }, fill.a),
    fillB: fromBottom({ ...outline, xMm: outline.xMm + half, widthMm: half }, fill.b),
  }
}

function fromBottom(box: Box, share: number): Box {
  const heightMm = box.heightMm * Math.min(1, Math.max(0, share))
  return { ...box, yMm: box.yMm + box.heightMm - heightMm, heightMm }
}

/** Free floor of the aisle that opens after `column`, between the two edges where the columns stand. */
export function aisleBox(
  bank: LayoutBank,
  column: number,
  at: ReadonlyMap<number, number>,
): Box | null {
  const i = bank.columns.findIndex((c) => c.column === column)
  const left = bank.columns[i]
  const edge = left && at.get(left.column)
  if (!left || edge === undefined) return null
  const next = bank.columns[i + 1]
  const end = next ? at.get(next.column) : bank.railMm
  if (end === undefined || end - edge - left.widthMm < 200) return null
  return {
    xMm: bank.xMm + edge + left.widthMm,
    yMm: bank.yMm,
    widthMm: end - edge - left.widthMm,
    heightMm: bank.depthMm,
  }
}

/**
 * No aisle is in place; do the columns stand together? Closed banks keep buffer slits, a move that stopped on the way
 * leaves at least one gap of half an aisle. Where a place is not reported, nobody knows.
 */
export function isClosedUp(bank: LayoutBank, at: ReadonlyMap<number, number>): boolean {
  let edge: number | undefined = 0
  for (const c of bank.columns) {
    const left = at.get(c.column)
    if (left === undefined || left - edge >= bank.aisleMm * 0.45) return false
    edge = left + c.widthMm
  }
  return bank.railMm - edge < bank.aisleMm * 0.45
}

/** The smallest rectangle around some banks, widened by `marginMm` on every side. */
export function boundsOf(banks: readonly LayoutBank[], marginMm: number): [Point, Point] | null {
  if (banks.length === 0) return null
  const west = Math.min(...banks.map((b) => b.xMm)) - marginMm
  const east = Math.max(...banks.map((b) => b.xMm + b.railMm)) + marginMm
  const north = Math.min(...banks.map((b) => b.yMm)) - marginMm
  const south = Math.max(...banks.map((b) => b.yMm + b.depthMm)) + marginMm
  return [xy(west, south), xy(east, north)]
}

type Door = StackLayout['rooms'][number]['doors'][number]
type Room = StackLayout['rooms'][number]

/** The two ends of a door in its wall. */
export function doorLine(door: Door): [Point, Point] {
  const along = door.wall === 'north' || door.wall === 'south'
  return [
    xy(door.xMm, door.yMm),
    along ? xy(door.xMm + door.widthMm, door.yMm) : xy(door.xMm, door.yMm + door.widthMm),
  ]
}

export const roomBox = (room: Room): Box => ({
  xMm: 0,
  yMm: 0,
  widthMm: room.widthMm,
  heightMm: room.heightMm,
})

/**
 * Every how many columns a number is written, so that numbers of `textPx` width never touch at a column
 * pitch of `pitchPx`. The reader still counts: steps are 1, 2, 5, 10 …
 */
export function labelStep(pitchPx: number, textPx: number): number {
  for (const step of [1, 2, 5, 10, 20, 50]) if (step * pitchPx >= textPx + 2) return step
  return 100
}
