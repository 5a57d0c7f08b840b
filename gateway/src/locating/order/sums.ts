import { advance, type Move, retreat } from './gaps.ts'

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
}

export interface Width {
  thicknessMm: number
  weight: number
  move: Move
  /** Density of its reads by right edge; null where there are none. */
  reads: Float64Array | null
}

/** A density over the grid times e^ln, so that nothing runs out of numbers. */
export interface Scaled {
  density: Float64Array
  ln: number
}

function scaled(density: Float64Array, ln: number): Scaled {
  let top = 0
  for (const d of density) if (d > top) top = d
  if (top === 0) return { density, ln: Number.NEGATIVE_INFINITY }
  const by = 1 / top
  for (let e = 0; e < density.length; e++) density[e] = (density[e] as number) * by
  return { density, ln: ln + Math.log(top) }
}

/** A buffer of zeros, good until the next call. */
let buffer = new Float64Array(0)
export function zeros(n: number): Float64Array {
  if (buffer.length !== n) buffer = new Float64Array(n)
  else buffer.fill(0)
  return buffer
}

/** Right edges after one more item. */
export function after({ density, ln }: Scaled, { absent, widths }: Look): Scaled {
  const out = new Float64Array(density.length)
  if (absent > 0) for (let e = 0; e < out.length; e++) out[e] = absent * (density[e] as number)
  for (const { weight, move, reads } of widths) {
    if (!reads) {
      advance(density, move, weight, out)
      continue
    }
    const moved = zeros(density.length)
    advance(density, move, weight, moved)
    for (let e = 0; e < out.length; e++)
      out[e] = (out[e] as number) + (moved[e] as number) * (reads[e] as number)
  }
  return scaled(out, ln)
}

/** What is known right of an edge before one more item, from what is known right of it. */
export function before({ density, ln }: Scaled, { absent, widths }: Look): Scaled {
  const out = new Float64Array(density.length)
  if (absent > 0) for (let e = 0; e < out.length; e++) out[e] = absent * (density[e] as number)
  for (const { weight, move, reads } of widths) {
    let known = density
    if (reads) {
      known = zeros(density.length)
      for (let e = 0; e < known.length; e++)
        known[e] = (density[e] as number) * (reads[e] as number)
    }
    retreat(known, move, weight, out)
  }
  return scaled(out, ln)
}

/** ln of a row with one more item where left and right meet. */
export function lnInsert(left: Scaled, { widths }: Look, right: Scaled): number {
  let sum = 0
  for (const { weight, move, reads } of widths) {
    const edges = zeros(left.density.length)
    advance(left.density, move, weight, edges)
    for (let e = 0; e < edges.length; e++)
      sum +=
        (edges[e] as number) * (reads ? (reads[e] as number) : 1) * (right.density[e] as number)
  }
  return Math.log(sum) + left.ln + right.ln
}

/** ln of the sum over all edges at which left and right meet. */
export function lnMeet(left: Scaled, right: Scaled): number {
  let sum = 0
  for (let e = 0; e < left.density.length; e++)
    sum += (left.density[e] as number) * (right.density[e] as number)
  return Math.log(sum) + left.ln + right.ln
}

/** Sums over all places of the items of a row: `left[k]` and `right[k]` meet before item k. */
export interface RowSums {
  left: Scaled[]
  right: Scaled[]
  ln: number
}

export function sumsOf(items: readonly Item[], start: Scaled, end: Scaled): RowSums {
  const left = [start]
  for (const [k, { look }] of items.entries()) left.push(after(left[k] as Scaled, look))
  const right: Scaled[] = []
  right[items.length] = end
  for (let k = items.length - 1; k >= 0; k--)
    right[k] = before(right[k + 1] as Scaled, (items[k] as Item).look)
  return { left, right, ln: lnMeet(left[items.length] as Scaled, end) }
}
