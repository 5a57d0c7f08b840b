import type { RowConstants } from '../constants.ts'
import { climb } from './climb.ts'
import { CoherentRow } from './coherent.ts'
import type { RowModel } from './model.ts'
import { scan } from './scan.ts'

/** How many starts, and how often each is climbed. */
export interface Effort {
  startShares: readonly number[]
  keptStarts: number
  sweeps: number
}

/** Starts for the fit of all unknowns, the most promising first: scanned at each depth, then climbed. */
export function starts(
  model: RowModel,
  depths: readonly number[],
  gapMm: number,
  c: RowConstants,
  { startShares, keptStarts, sweeps }: Effort = c,
): Float64Array[] {
  const { profiles, antennas, layout, priorDepth } = model
  const rows = depths.flatMap((depth) => {
    const { x } = scan(profiles, layout.tags, antennas, depth, c)
    return startShares.map((share) => {
      const apart = spread(gather(x, share), c.startGapMm)
      const row = new CoherentRow(profiles, layout.tags, antennas, apart, depth, priorDepth, c)
      climb(row, gapMm, sweeps, c)
      return row
    })
  })
  rows.sort((a, b) => a.score - b.score)
  return rows.slice(0, keptStarts).map((row) => unknownsOf(model, row))
}

function unknownsOf(
  { layout: { tags, size, common, depth } }: RowModel,
  row: CoherentRow,
): Float64Array {
  const u = new Float64Array(size)
  u.set(row.x)
  u[depth] = row.depth
  for (const part of [0, 1]) {
    u[common + part] = row.answer[part] as number
    u.fill(row.answer[part] as number, (part + 1) * tags, (part + 2) * tags)
  }
  return u
}

/** Towards the middle of the row: without coupling, tags seem to stand farther apart than they do. */
function gather(x: Float64Array, share: number): Float64Array {
  const middle = x.reduce((a, b) => a + b, 0) / x.length
  return x.map((v) => middle + share * (v - middle))
}

/** Moves tags apart that stand in one place. */
export function spread(x: Float64Array, gap: number): Float64Array {
  const order = [...x.keys()].sort((a, b) => (x[a] as number) - (x[b] as number) || a - b)
  const out = x.slice()
  for (let round = 0; round < 50; round++) {
    let moved = false
    for (let i = 1; i < order.length; i++) {
      const [l, r] = [order[i - 1] as number, order[i] as number]
      const lack = gap - ((out[r] as number) - (out[l] as number))
      if (lack <= 1e-6) continue
      out[l] = (out[l] as number) - lack / 2
      out[r] = (out[r] as number) + lack / 2
      moved = true
    }
    if (!moved) break
  }
  return out
}
