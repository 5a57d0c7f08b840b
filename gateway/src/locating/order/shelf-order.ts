import { numbers } from '../scratch.ts'
import { gapShares, outOfSequence } from './options.ts'
import type { Row } from './row.ts'
import type { Item } from './sums.ts'

export interface ShelfOrder {
  /** Indices of the boxes, from left to right. */
  order: Int32Array
  /** Probability, by box, that this rank is right given that these boxes stand here. */
  rank: Float64Array
  /** Probability, by box, that it stands out of the catalogue's sequence; 0 for a box without a slot. */
  moved: Float64Array
  /** Whether it is printed out of it, by box: 1 or 0. */
  out: Uint8Array
  /** Where it stands, by box, with its neighbours' word; mm of the rail. */
  x: Float64Array
  sigma: Float64Array
}

/** Boxes that were read left of every gap of the row without item k. */
function ranksOf(items: readonly Item[], k: number): Int32Array {
  const ranks = new Int32Array(items.length)
  let g = 0
  let n = 0
  for (let j = 0; j < items.length; j++) {
    if (j === k) continue
    ranks[g++] = n
    if ((items[j] as Item).box >= 0) n++
  }
  ranks[g] = n
  return ranks
}

/**
 * What is to say of a settled row; `boxes` are those that stand in it, by their index in the answer. Every box is weighed
 * in every gap, the others staying where they are. A rank is right when its box stands in it and no other crosses it;
 * two that exchange places are one event.
 */
export function readRow(row: Row, boxes: readonly number[]): ShelfOrder {
  const n = boxes.length
  const index = new Map(boxes.map((b, i) => [b, i]))
  const items = row.items.map((it) => ({ ...it, box: index.get(it.box) ?? -1 }))
  const read = items.flatMap(({ box }, k) => (box >= 0 ? [{ box, k }] : []))
  const out: ShelfOrder = {
    order: Int32Array.from(read, ({ box }) => box),
    rank: new Float64Array(n).fill(1),
    moved: new Float64Array(n),
    out: new Uint8Array(n),
    x: new Float64Array(n),
    sigma: new Float64Array(n),
  }
  for (const [rank, { box, k }] of read.entries()) {
    const options = row.optionsOf(k)
    const weight = gapShares(options)
    const ranks = ranksOf(items, k)
    const crossed = numbers(read.length)
    if ((items[k] as Item).slot >= 0) out.moved[box] = outOfSequence(options)
    let mine = 0
    for (let g = 0; g < weight.length; g++) {
      const at = ranks[g] as number
      const w = weight[g] as number
      if (at === rank) mine += w
      if (Math.abs(at - rank) < 2) continue
      for (let r = Math.min(at, rank); r <= Math.max(at, rank); r++)
        if (r !== rank) crossed[r] = (crossed[r] as number) + w
    }
    out.rank[box] = (out.rank[box] as number) * mine
    for (let r = 0; r < crossed.length; r++) {
      const other = read[r]?.box as number
      out.rank[other] = (out.rank[other] as number) * (1 - (crossed[r] as number))
    }
    const { x, sigma } = row.standing(k)
    out.x[box] = x
    out.sigma[box] = sigma
  }
  tellAsPrinted(items, out)
  return out
}

/** Neighbours of the catalogue that stand the other way round: neither is in its slot. */
function exchangedIn(items: readonly Item[]): [Item, Item][] {
  const read = items.filter(({ box }) => box >= 0)
  return read.slice(1).flatMap((right, k): [Item, Item][] => {
    const left = read[k] as Item
    if (left.inSequence === right.inSequence || right.slot < 0 || left.slot <= right.slot) return []
    const between = read.some(({ slot }) => slot > right.slot && slot < left.slot)
    return between ? [] : [[left, right]]
  })
}

/** Of two that changed places neither is in its slot, whichever of them is said to have moved. */
function tellAsPrinted(items: readonly Item[], { moved, out }: ShelfOrder) {
  for (const { box, slot, inSequence } of items)
    if (box >= 0 && slot >= 0 && !inSequence) out[box] = 1
  for (const [{ box: left }, { box: right }] of exchangedIn(items)) {
    const most = Math.max(moved[left] as number, moved[right] as number)
    moved[left] = moved[right] = most
    out[left] = out[right] = 1
  }
}
