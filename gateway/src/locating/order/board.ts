import type { OrderConstants } from '../constants.ts'
import { normalBelow } from '../math.ts'
import type { Grid } from './gaps.ts'
import type { Scaled } from './sums.ts'

/** Ends of a board, mm of the rail: null where unknown; then its boxes may stand as far as `reach`. */
export interface Board {
  fromMm: number | null
  toMm: number | null
  reach: readonly [number, number]
}

/** The places along a board; what is known of the left end of its row, and of the right end. */
export interface Ends {
  grid: Grid
  start: Scaled
  end: Scaled
}

/** The first box stands at the left end, and none beyond the right one. */
export function endsOf({ fromMm, toMm, reach }: Board, c: OrderConstants): Ends {
  const from = (fromMm ?? reach[0]) - c.marginMm
  const to = (toMm ?? reach[1]) + c.marginMm
  const n = Math.ceil((to - from) / c.placeMm) + 1
  const along = (f: (x: number) => number) =>
    Float64Array.from({ length: n }, (_, e) => f(from + e * c.placeMm))
  const first = along((x) => (fromMm === null ? 1 : Math.exp(-0.5 * ((x - fromMm) / c.endMm) ** 2)))
  const last = along((x) => (toMm === null ? 1 : normalBelow((toMm - x) / c.endMm)))
  return {
    grid: { from, step: c.placeMm, n },
    start: { density: first, ln: -Math.log(first.reduce((a, b) => a + b)) },
    end: { density: last, ln: 0 },
  }
}
