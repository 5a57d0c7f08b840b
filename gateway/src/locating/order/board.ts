import type { OrderConstants } from '../constants.ts'
import { normalBelow } from '../math.ts'
import { type Grid, spanOf } from './gaps.ts'
import type { Scaled } from './sums.ts'

/** Ends of a board, mm of the rail: null where unknown; then its boxes stand about `reach`. */
export interface Board {
  fromMm: number | null
  toMm: number | null
  reach: readonly [number, number]
  /** Thickness of all its boxes; where they seem to need more room than there is, they have it. */
  boxesMm: number
}

/** The places along a board; what is known of the left end of its row, and of the right end. */
export interface Ends {
  grid: Grid
  start: Scaled
  end: Scaled
}

/** The first box stands at the left end, and none beyond the right one. */
export function endsOf({ fromMm, toMm, reach, boxesMm }: Board, c: OrderConstants): Ends {
  const from = (fromMm ?? reach[0] - boxesMm) - c.marginMm
  const last = toMm !== null && fromMm !== null ? Math.max(toMm, fromMm + boxesMm) : toMm
  const to = (last ?? reach[1] + boxesMm) + c.marginMm
  const n = Math.ceil((to - from) / c.placeMm) + 1
  const along = (f: (x: number) => number) =>
    new Float64Array(n).map((_, e) => f(from + e * c.placeMm))
  const start = along((x) => (fromMm === null ? 1 : Math.exp(-0.5 * ((x - fromMm) / c.endMm) ** 2)))
  const end = along((x) => (last === null ? 1 : normalBelow((last - x) / c.endMm)))
  return {
    grid: { from, step: c.placeMm, n },
    start: { ...spanOf(start), ln: -Math.log(start.reduce((a, b) => a + b)) },
    end: { ...spanOf(end), ln: 0 },
  }
}
