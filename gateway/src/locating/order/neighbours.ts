import type { OrderConstants } from '../constants.ts'
import type { Item } from './sums.ts'

/**
 * ln of how much better the reads of two boxes go together, the right one `apartMm` right of the left one, which stands
 * about `at` (mm of the rail), than those of two that have nothing in common.
 */
export type LnBeside = (left: number, right: number, at: number, apartMm: number) => number

interface Neighbour {
  box: number
  /** From the gap to its middle. */
  mm: number
}

/** The next box that was read left or right of a gap, boxes between them that were not read left out. */
function nextTo(
  items: readonly Item[],
  gap: number,
  step: 1 | -1,
  c: OrderConstants,
): Neighbour | null {
  let mm = 0
  for (let i = step > 0 ? gap : gap - 1; mm <= c.besideMm; i += step) {
    const item = items[i]
    if (!item) return null
    if (item.box >= 0) return { box: item.box, mm: mm + item.look.thicknessMm / 2 }
    mm += item.look.thicknessMm
  }
  return null
}

/** What its neighbours say of a box in a gap, about `at`, and no longer say of each other. */
export function lnBetween(
  items: readonly Item[],
  gap: number,
  item: Item,
  at: number,
  lnBeside: LnBeside,
  c: OrderConstants,
): number {
  const half = item.look.thicknessMm / 2
  const left = nextTo(items, gap, -1, c)
  const right = nextTo(items, gap, 1, c)
  let ln = 0
  if (left) ln += lnBeside(left.box, item.box, at - left.mm, left.mm + half)
  if (right) ln += lnBeside(item.box, right.box, at + half, half + right.mm)
  if (left && right) ln -= lnBeside(left.box, right.box, at - left.mm, left.mm + right.mm)
  return ln
}
