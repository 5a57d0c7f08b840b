import type { OrderConstants } from '../constants.ts'
import { numbers } from '../scratch.ts'
import type { Item } from './sums.ts'

/** Where in a row a box may be put: gap g is left of item g. */
export interface Gaps {
  /** ln prior of every gap; of all gaps together they sum to one. */
  ln: Float64Array
  /** The gaps from `first` to `last` keep the catalogue's sequence; none for a box without a slot. */
  first: number
  last: number
}

/** A box that the catalogue does not have here may stand anywhere. */
function anywhere(items: readonly Item[]): Gaps {
  const n = items.length + 1
  return { ln: new Float64Array(n).fill(-Math.log(n)), first: n, last: -1 }
}

/** The next gap from `gap` on, leftwards or rightwards, that is past one more box read in sequence. */
function pastOne(items: readonly Item[], gap: number, step: 1 | -1): number {
  let g = gap
  for (;;) {
    const item = items[step > 0 ? g : g - 1]
    if (!item) return -1
    g += step
    if (item.inSequence && item.box >= 0) return g
  }
}

/** So far the gaps go on in this direction without a box read in sequence. */
function onTo(items: readonly Item[], gap: number, step: 1 | -1): number {
  let g = gap
  for (;;) {
    const item = items[step > 0 ? g : g - 1]
    if (!item || (item.inSequence && item.box >= 0)) return g
    g += step
  }
}

/**
 * Prior of every gap for the box of one slot, the row being without it: in sequence, exchanged with the box on its left
 * or right, or anywhere else.
 */
export function gapsFor(items: readonly Item[], slot: number, c: OrderConstants): Gaps {
  if (slot < 0) return anywhere(items)
  const { length } = items
  let first = length
  while (first > 0 && !isBefore(items[first - 1] as Item, slot)) first--
  let last = 0
  while (last < length && !isBehind(items[last] as Item, slot)) last++
  const share = numbers(length + 1)
  spread(share, 0, length, c.moved * (1 - c.exchanged))
  const left = pastOne(items, first, -1)
  if (left >= 0) spread(share, onTo(items, left, -1), left, (c.moved * c.exchanged) / 2)
  const right = pastOne(items, last, 1)
  if (right >= 0) spread(share, right, onTo(items, right, 1), (c.moved * c.exchanged) / 2)
  share.fill(0, first, last + 1)
  spread(share, first, last, 1 - c.moved)
  for (let g = 0; g <= length; g++) share[g] = Math.log(share[g] as number)
  return { ln: share, first, last }
}

const isBefore = (it: Item, slot: number): boolean => it.inSequence && it.slot < slot
const isBehind = (it: Item, slot: number): boolean => it.inSequence && it.slot > slot

/** Shares `p` out among these gaps. */
function spread(share: Float64Array, from: number, to: number, p: number) {
  const each = p / (to - from + 1)
  for (let g = from; g <= to; g++) share[g] = (share[g] as number) + each
}
