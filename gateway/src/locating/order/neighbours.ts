import type { OrderConstants } from '../constants.ts'
import type { Item } from './sums.ts'

/** A box that was read, and where its middle is; mm right of some place. */
export interface Neighbour {
  box: number
  mm: number
}

/**
 * ln of how much better the reads of boxes that stand so about `at` (mm of the rail) go together, from left to right,
 * than if one of them had nothing in common with the others, and these stood as `others`.
 */
export type LnTogether = (
  boxes: readonly Neighbour[],
  others: readonly Neighbour[],
  at: number,
) => number

/** The next box that was read left or right of a gap; boxes between that were not read keep their room. */
function nextTo(items: readonly Item[], gap: number, step: 1 | -1, c: OrderConstants): Neighbour[] {
  let mm = 0
  for (let i = step > 0 ? gap : gap - 1; mm <= c.besideMm; i += step) {
    const item = items[i]
    if (!item) return []
    if (item.box >= 0) return [{ box: item.box, mm: step * (mm + item.look.thicknessMm / 2) }]
    mm += item.look.thicknessMm
  }
  return []
}

/** What its neighbours say of a box in a gap that begins at about `at`, and no longer say of each other. */
export function lnBetween(
  items: readonly Item[],
  gap: number,
  { box, look }: Item,
  at: number,
  lnTogether: LnTogether,
  c: OrderConstants,
): number {
  const left = nextTo(items, gap, -1, c)
  const right = nextTo(items, gap, 1, c)
  if (left.length + right.length === 0) return 0
  const room = look.thicknessMm
  const beyond = right.map((r) => ({ ...r, mm: r.mm + room }))
  return lnTogether([...left, { box, mm: room / 2 }, ...beyond], [...left, ...right], at)
}
