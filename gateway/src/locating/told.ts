import type { WalkScene } from '@lantai/contracts'
import type { ShelfBelief } from './assign.ts'
import type { Curve } from './evidence/curve.ts'
import { epcKey, type ReadBook } from './read-book.ts'

/** Where a tag stands, from elsewhere than the reads: this is how an oracle asks how far the rest of the locator goes. */
export interface ToldPlace {
  xMm: number
  sigmaMm: number
  /** null: on none of these. Left out: as for any other tag, the reads tell. */
  shelf?: string | null
}

export interface Told {
  x: number
  sigma: number
  /** −1 on none of these; undefined: the reads tell. */
  shelf: number | undefined
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
    told.set(tag, { x: xMm, sigma: sigmaMm, shelf: shelf === undefined ? undefined : on })
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

/** On the board that was told, or on none; a board that does not reach to where the tag was heard leaves all as it is. */
export function onToldShelf(b: ShelfBelief, { shelf }: Told): ShelfBelief {
  if (shelf === undefined) return b
  const ln = b.ln.map((l, i) => (b.shelves[i] === shelf ? l : l - never))
  return { ...b, ln, lnStray: shelf < 0 ? b.lnStray : b.lnStray - never }
}
