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
  const reach = (2.5 * Math.max(c.slackMm, c.looseMm)) / step
  const first = Math.floor(Math.max(thicknessMm / 2 / step, middle - reach))
  const taps = new Float64Array(Math.ceil(middle + reach) - first + 1)
  const hill = (off: number, mm: number) => Math.exp(-0.5 * ((off * step) / mm) ** 2) / mm
  // Between two places it is shared by both, so that the mean is kept.
  for (let at = first; at <= first + taps.length - 1.25; at += 0.25) {
    const off = at - middle
    const p = (1 - c.looseShare) * hill(off, c.slackMm) + c.looseShare * hill(off, c.looseMm)
    const j = Math.floor(at) - first
    const right = at - first - j
    taps[j] = (taps[j] as number) + (1 - right) * p
    taps[j + 1] = (taps[j + 1] as number) + right * p
  }
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
