import type { OrderConstants } from '../constants.ts'
import { lnAdd, most } from '../math.ts'
import { numbers } from '../scratch.ts'
import { weightsOf } from '../weights.ts'
import { type LnTogether, lnBetween } from './neighbours.ts'
import { type Gaps, gapsFor } from './sequence.ts'
import {
  after,
  before,
  type Inserted,
  type Item,
  insertion,
  type Look,
  lnMeet,
  type RowSums,
  type Scaled,
} from './sums.ts'

const nothing = Number.NEGATIVE_INFINITY

/** Where one box may stand, all others staying: ln weight of every gap of the row without it. */
export interface Options {
  gaps: Gaps
  ln: Float64Array
  /** ln of the row without it. */
  lnWithout: number
  /** The gap it stands in now. */
  here: number
}

/** Probabilities of the gaps. */
export function gapShares({ ln }: Options): Float64Array {
  const { weight, all } = weightsOf(ln)
  for (let g = 0; g < weight.length; g++) weight[g] = (weight[g] as number) / all
  return weight
}

/** Probability that a box with a slot stands in none of the gaps that keep the sequence. */
export function outOfSequence(options: Options): number {
  const { first, last } = options.gaps
  const weight = gapShares(options)
  let sum = 0
  for (let g = 0; g < weight.length; g++) if (g < first || g > last) sum += weight[g] as number
  return sum
}

/** Index of the right edge that ends what is left of every gap, as the row is now. */
export function edgesOf({ left, right }: RowSums): Int32Array {
  const edges = new Int32Array(left.length)
  for (let k = 0; k < edges.length; k++) {
    const { density, first, last } = left[k] as Scaled
    const other = (right[k] as Scaled).density
    let sum = 0
    let at = 0
    for (let e = first; e <= last; e++) {
      const w = (density[e] as number) * (other[e] as number)
      sum += w
      at += w * e
    }
    edges[k] = Math.round(at / sum)
  }
  return edges
}

/** The greatest density of the reads of a box that stands between these edges, or as near as `reach` to that. */
function topBetween({ widths }: Look, left: number, right: number, reach: number): number {
  let top = 0
  for (const { reads, move } of widths) {
    if (!reads) continue
    const tight = left + move.first
    const last = Math.min(reads.length - 1, Math.max(tight, right) + reach)
    for (let e = Math.max(0, tight - reach); e <= last; e++)
      if ((reads[e] as number) > top) top = reads[e] as number
  }
  return top
}

/** A row as it stands: its items, their sums, and where its gaps are (`edges`, steps right of `fromMm`). */
export interface RowNow {
  items: readonly Item[]
  sums: RowSums
  edges: Int32Array
  fromMm: number
  /** Of every item: the row were it in each gap, priors apart; nothing where nobody has asked. */
  placed: (Inserted | undefined)[][]
  /** And what its neighbours say of it there. */
  beside: (number | undefined)[][]
}

/** Weighs item k in every gap where its reads are not hopeless: by the place it has there, and by its neighbours. */
export function optionsOf(
  row: RowNow,
  k: number,
  lnTogether: LnTogether,
  c: OrderConstants,
): Options {
  const rest = row.items.toSpliced(k, 1)
  const options = byPlace(row, k, rest, c)
  const { ln } = options
  const item = row.items[k] as Item
  row.beside[k] ??= []
  const beside = row.beside[k]
  const worth = most(ln) - c.besideLn
  for (let g = 0; g < ln.length; g++) {
    const l = ln[g] as number
    if (l < worth) continue
    const right = g === k ? row.edges[k + 1] : row.placed[k]?.[g]?.edge
    const at = row.fromMm + c.placeMm * (right as number) - item.look.thicknessMm
    const known = beside[g] ?? lnBetween(rest, g, item, at, lnTogether, c)
    beside[g] = known
    ln[g] = l + known
  }
  return options
}

/** Edge left of gap g of the row without item k. */
const edgeAt = ({ edges }: RowNow, k: number, g: number): number =>
  edges[g <= k ? g : g + 1] as number

/** Edge right of it: where the next item begins, or the end of all places. */
function endAt(row: RowNow, k: number, g: number, c: OrderConstants): number {
  const next = g < k ? g : g + 1
  const item = row.items[next]
  if (!item) return Number.POSITIVE_INFINITY
  return Math.round((row.edges[next + 1] as number) - item.look.thicknessMm / c.placeMm)
}

function byPlace(row: RowNow, k: number, rest: readonly Item[], c: OrderConstants): Options {
  const { left, right, ln: lnAll } = row.sums
  const { slot, look } = row.items[k] as Item
  const gaps = gapsFor(rest, slot, c)
  const lnWithout = lnMeet(left[k] as Scaled, right[k + 1] as Scaled)
  const lnHere = (gaps.ln[k] as number) + lnAll
  const least = lnHere - lnWithout - c.negligibleLn
  const reach = Math.ceil(c.reachMm / c.placeMm)
  const ln = numbers(rest.length + 1)
  row.placed[k] ??= []
  const placed = row.placed[k]
  // Gaps that are tried are marked, those that nobody asked about are between these.
  let first = k
  let last = k
  for (let g = 0; g < ln.length; g++) {
    ln[g] = nothing
    const top = topBetween(look, edgeAt(row, k, g), endAt(row, k, g, c), reach)
    if (g === k || !((gaps.ln[g] as number) + Math.log(top) >= least)) continue
    ln[g] = gaps.ln[g] as number
    if (placed[g]) continue
    first = Math.min(first, g)
    last = Math.max(last, g)
  }
  place(row, k, { rest, ln, first, last })
  for (let g = 0; g < ln.length; g++)
    if (ln[g] !== nothing) ln[g] = (ln[g] as number) + (placed[g] as Inserted).ln
  ln[k] = lnHere
  return { gaps, ln, lnWithout, here: k }
}

/** Gaps of the row without an item: those from `first` to `last` whose `ln` is something are asked about. */
interface Asked {
  rest: readonly Item[]
  ln: Float64Array
  first: number
  last: number
}

/** Puts item k into every gap that is asked about and that it was not yet put into. */
function place({ items, sums, placed }: RowNow, k: number, { rest, ln, first, last }: Asked) {
  const { left, right } = sums
  const { look } = items[k] as Item
  const known = placed[k] as (Inserted | undefined)[]
  let from = left[k] as Scaled
  for (let g = k + 1; g <= last; g++) {
    from = after(from, (rest[g - 1] as Item).look)
    if (ln[g] !== nothing) known[g] ??= insertion(from, look, right[g + 1] as Scaled)
  }
  let to = right[k + 1] as Scaled
  for (let g = k - 1; g >= first; g--) {
    to = before(to, (rest[g] as Item).look)
    if (ln[g] !== nothing) known[g] ??= insertion(left[g] as Scaled, look, to)
  }
}

/** ln of how much better one more item goes with its neighbours than with nobody, over the gaps where its reads want it. */
export function lnGoing(
  row: RowNow,
  item: Item,
  lnTogether: LnTogether,
  c: OrderConstants,
): number {
  const { items, sums } = row
  const { length } = items
  const gaps = gapsFor(items, item.slot, c)
  const reach = Math.ceil(c.reachMm / c.placeMm)
  const wanted = gaps.ln.map((prior, g) => {
    const top = topBetween(item.look, edgeAt(row, length, g), endAt(row, length, g, c), reach)
    return prior + Math.log(top)
  })
  const worth = most(wanted) - c.besideLn
  let [alone, together] = [nothing, nothing]
  for (let g = 0; g <= length; g++) {
    if ((wanted[g] as number) < worth) continue
    const { ln, edge } = insertion(sums.left[g] as Scaled, item.look, sums.right[g] as Scaled)
    const l = (gaps.ln[g] as number) + ln
    if (l === nothing) continue
    const at = row.fromMm + c.placeMm * edge - item.look.thicknessMm
    alone = lnAdd(alone, l)
    together = lnAdd(together, l + lnBetween(items, g, item, at, lnTogether, c))
  }
  return alone === nothing ? 0 : together - alone
}
