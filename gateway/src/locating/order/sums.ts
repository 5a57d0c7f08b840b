import { numbers, Scratch } from '../scratch.ts'
import { advance, type Move, retreat, type Span, spanOf } from './gaps.ts'

/** One thing in a row: a box that was read, or one that was not and that may be absent. */
export interface Item {
  /** Which box, −1 for one that was read nowhere. */
  box: number
  /** Slot of the catalogue it has here, −1 for none. */
  slot: number
  /** Whether it stands in the sequence of the slots. */
  inSequence: boolean
  look: Look
}

/** What an item does to the row. */
export interface Look {
  /** Probability that nothing is there. */
  absent: number
  /** How thick it may be; weights and `absent` sum to one. */
  widths: readonly Width[]
  /** On average; mm. */
  thicknessMm: number
}

/** `absent` is the probability that nothing is there. */
export function lookOf(absent: number, widths: readonly Width[]): Look {
  const thicknessMm = widths.reduce((sum, w) => sum + w.weight * w.thicknessMm, 0)
  return { absent, widths, thicknessMm }
}

export interface Width {
  thicknessMm: number
  weight: number
  move: Move
  /** Density of its reads by right edge; null where there are none. */
  reads: Float64Array | null
}

/** A density over the grid times e^ln, so that nothing runs out of numbers. */
export interface Scaled extends Span {
  ln: number
}

/** Where nothing is left of a sum, it is so little. */
const least = 1e-300

/** There is nothing of the density but at the places from `from` to `to`. */
function scaled(density: Float64Array, ln: number, from: number, to: number): Scaled {
  let top = 0
  for (let e = from; e <= to; e++) if ((density[e] as number) > top) top = density[e] as number
  if (top === 0) return { density, first: 0, last: 0, ln: ln + Math.log(least) }
  const by = 1 / top
  for (let e = from; e <= to; e++) density[e] = (density[e] as number) * by
  const { first, last } = spanOf(density, from, to)
  return { density, first, last, ln: ln + Math.log(top) }
}

const scratch = new Scratch()

/** Room for as many places as `like` has, of which those from `from` to `to` are zero; good until the next call. */
export const zeros = (like: Float64Array, from: number, to: number): Float64Array =>
  scratch.of(like.length).fill(0, from, to + 1)

/** What is left of a density where nothing is put into it. */
function unmoved({ density, first, last }: Span, absent: number): Float64Array {
  const out = numbers(density.length)
  if (absent > 0) for (let e = first; e <= last; e++) out[e] = absent * (density[e] as number)
  return out
}

/** Right edges after one more item. */
export function after(edges: Scaled, { absent, widths }: Look): Scaled {
  const out = unmoved(edges, absent)
  for (const { weight, move, reads } of widths) {
    if (!reads) {
      advance(edges, move, weight, out)
      continue
    }
    const from = edges.first + move.first
    const moved = zeros(out, from, out.length - 1)
    advance(edges, move, weight, moved, from)
    for (let e = from; e < out.length; e++)
      out[e] = (out[e] as number) + (moved[e] as number) * (reads[e] as number)
  }
  return scaled(out, edges.ln, edges.first, out.length - 1)
}

/** What is known right of an edge before one more item, from what is known right of it. */
export function before(known: Scaled, { absent, widths }: Look): Scaled {
  const { density, first, last } = known
  const out = unmoved(known, absent)
  for (const { weight, move, reads } of widths) {
    if (!reads) {
      retreat(known, move, weight, out)
      continue
    }
    const seen = scratch.of(density.length)
    for (let e = first; e <= last; e++) seen[e] = (density[e] as number) * (reads[e] as number)
    retreat({ density: seen, first, last }, move, weight, out)
  }
  return scaled(out, known.ln, 0, last)
}

/** A row with one more item where left and right meet: its ln, and where that item's right edge is then, in steps. */
export interface Inserted {
  ln: number
  edge: number
}

export function insertion(left: Scaled, { widths }: Look, right: Scaled): Inserted {
  const { density, first, last } = right
  let [sum, moment] = [0, 0]
  for (const { weight, move, reads } of widths) {
    const edges = zeros(density, first, last)
    advance(left, move, weight, edges, first, last)
    for (let e = Math.max(first, left.first + move.first); e <= last; e++) {
      const w = (edges[e] as number) * (reads ? (reads[e] as number) : 1) * (density[e] as number)
      sum += w
      moment += w * e
    }
  }
  return { ln: Math.log(sum) + left.ln + right.ln, edge: moment / sum }
}

/** ln of the sum over all edges at which left and right meet. */
export function lnMeet(left: Scaled, right: Scaled): number {
  let sum = 0
  const last = Math.min(left.last, right.last)
  for (let e = Math.max(left.first, right.first); e <= last; e++)
    sum += (left.density[e] as number) * (right.density[e] as number)
  return Math.log(Math.max(least, sum)) + left.ln + right.ln
}

/** Sums over all places of the items of a row: `left[k]` and `right[k]` meet before item k. */
export interface RowSums {
  left: Scaled[]
  right: Scaled[]
  ln: number
}

export function sumsOf(items: readonly Item[], start: Scaled, end: Scaled): RowSums {
  return resumed(items, { items: [], sums: { left: [start], right: [end], ln: 0 } })
}

/** The sums of a row that was another one: what stands left and right of every change keeps its own. */
export function resumed(
  items: readonly Item[],
  was: { items: readonly Item[]; sums: RowSums },
): RowSums {
  const [n, m] = [items.length, was.items.length]
  const shorter = Math.min(n, m)
  let same = 0
  while (same < shorter && items[same]?.look === was.items[same]?.look) same++
  const left = was.sums.left.slice(0, same + 1)
  for (let k = same; k < n; k++) left.push(after(left[k] as Scaled, (items[k] as Item).look))
  same = 0
  while (same < shorter && items[n - 1 - same]?.look === was.items[m - 1 - same]?.look) same++
  const right: Scaled[] = new Array(n + 1)
  for (let k = 0; k <= same; k++) right[n - k] = was.sums.right[m - k] as Scaled
  for (let k = n - same - 1; k >= 0; k--)
    right[k] = before(right[k + 1] as Scaled, (items[k] as Item).look)
  return { left, right, ln: lnMeet(left[n] as Scaled, right[n] as Scaled) }
}
