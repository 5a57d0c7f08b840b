import type { WalkScene } from '@lantai/contracts'
import type { ShelfBelief } from './assign.ts'
import type { Curve } from './evidence/curve.ts'
import { epcKey, type ReadBook } from './read-book.ts'

/** Where a tag stands, from elsewhere than the reads: this is how an oracle asks how far the rest of the locator goes. */
export interface ToldPlace {
  xMm: number
  sigmaMm: number
  /** null: as for any other tag, the reads tell the board. */
  shelf: string | null
}

export interface Told {
  x: number
  sigma: number
  /** -1: the reads tell. */
  shelf: number
}

/** By tag. */
export function toldOf(
  places: ReadonlyMap<string, ToldPlace>,
  book: ReadBook,
  scene: WalkScene,
): ReadonlyMap<number, Told> {
  const told = new Map<number, Told>()
  for (const [epc, { xMm, sigmaMm, shelf }] of places) {
    const tag = book.tags.find(epcKey(epc))
    if (tag === undefined) continue
    const on = scene.shelves.findIndex((s) => s.shelf === shelf)
    told.set(tag, { x: xMm, sigma: sigmaMm, shelf: on })
  }
  return told
}

/** Standard deviations on either side that a told place spans, and steps of one. */
const [widths, steps] = [8, 4]
/** ln of odds that nothing outweighs. */
const never = 1e4

/** A normal about the place that was told. */
export function toldCurve({ x, sigma }: Told): Curve {
  const half = widths * steps
  const ln = Float64Array.from({ length: 2 * half + 1 }, (_, i) => -0.5 * ((i - half) / steps) ** 2)
  return { from: x - widths * sigma, step: sigma / steps, ln }
}

/** On the board that was told, and on no other. */
export function onToldShelf(b: ShelfBelief, { shelf }: Told): ShelfBelief {
  if (!b.shelves.includes(shelf)) return b
  const ln = b.ln.map((l, i) => (b.shelves[i] === shelf ? l : l - never))
  return { ...b, ln, lnStray: b.lnStray - never }
}
