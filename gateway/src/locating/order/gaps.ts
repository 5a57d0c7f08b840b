import type { OrderConstants } from '../constants.ts'

/** Places along one board, `step` mm apart. */
export interface Grid {
  from: number
  step: number
  n: number
}

/**
 * How far the right edge moves past one box: its thickness and a slack, and with a small chance a hole, whose width
 * falls off exponentially. In steps of the grid.
 */
export interface Move {
  first: number
  taps: Float64Array
  /** Holes begin here; share of all, and what is left of them a step further. */
  holeFrom: number
  hole: number
  decay: number
}

export function moveOf(thicknessMm: number, c: OrderConstants): Move {
  const step = c.placeMm
  const middle = (thicknessMm + c.tightMm) / step
  const sigma = c.slackMm / step
  const first = Math.max(0, Math.ceil(middle - 3 * sigma))
  const last = Math.max(first, Math.floor(middle + 3 * sigma))
  const taps = Float64Array.from({ length: last - first + 1 }, (_, j) =>
    Math.exp(-0.5 * ((first + j - middle) / sigma) ** 2),
  )
  const all = taps.reduce((a, b) => a + b)
  return {
    first,
    taps: taps.map((t) => ((1 - c.hole) * t) / all),
    holeFrom: Math.round((thicknessMm + c.leastHoleMm) / step),
    hole: c.hole,
    decay: Math.exp(-step / c.holeMm),
  }
}

/** Adds `weight` times the density of right edges after this move to `into`. */
export function advance(edges: Float64Array, move: Move, weight: number, into: Float64Array) {
  const n = edges.length
  for (let j = 0; j < move.taps.length; j++) {
    const by = move.first + j
    const w = weight * (move.taps[j] as number)
    for (let e = by; e < n; e++) into[e] = (into[e] as number) + w * (edges[e - by] as number)
  }
  const fresh = weight * move.hole * (1 - move.decay)
  let tail = 0
  for (let e = move.holeFrom; e < n; e++) {
    tail = move.decay * tail + fresh * (edges[e - move.holeFrom] as number)
    into[e] = (into[e] as number) + tail
  }
}

/** The same the other way: what is known of the edge after the move, brought to the edge before it. */
export function retreat(after: Float64Array, move: Move, weight: number, into: Float64Array) {
  const n = after.length
  for (let j = 0; j < move.taps.length; j++) {
    const by = move.first + j
    const w = weight * (move.taps[j] as number)
    for (let e = 0; e < n - by; e++) into[e] = (into[e] as number) + w * (after[e + by] as number)
  }
  const fresh = weight * move.hole * (1 - move.decay)
  let tail = 0
  for (let e = n - 1 - move.holeFrom; e >= 0; e--) {
    tail = move.decay * tail + fresh * (after[e + move.holeFrom] as number)
    into[e] = (into[e] as number) + tail
  }
}
