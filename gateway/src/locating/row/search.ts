import type { RowConstants } from '../constants.ts'
import { type Fitted, levenberg } from './levenberg.ts'
import type { RowModel } from './model.ts'
import { moves } from './moves.ts'
import { starts } from './starts.ts'

/** The best fit, and other fits on the way that are places of their own. */
export interface Found {
  best: Fitted
  others: Fitted[]
}

/** Descends from several starts, then from moves away from the best, while a better one is found. */
export function search(
  model: RowModel,
  depths: readonly number[],
  gapMm: number,
  c: RowConstants,
): Found {
  const seen = starts(model, depths, gapMm, c).map((start) =>
    levenberg(model, start, limitsOf(c, c.firstSteps)),
  )
  let best = seen.reduce((a, b) => (b.cost < a.cost ? b : a))
  for (let round = 0; round < c.rounds; round++) {
    const better = improve(model, best, seen, c)
    if (better === best) break
    best = better
  }
  best = levenberg(model, best.unknowns, limitsOf(c, c.steps))
  return { best, others: distinct(best, seen, model.layout.tags, c) }
}

/** Tries all moves, going on from each that is better. The same fit where none is. */
function improve(model: RowModel, from: Fitted, seen: Fitted[], c: RowConstants): Fitted {
  let best = from
  for (const start of moves(model, from.unknowns, c)) {
    const next = levenberg(model, start, limitsOf(c, c.jumpSteps))
    seen.push(next)
    if (next.cost < best.cost - 0.5) best = next
  }
  return best
}

const limitsOf = (c: RowConstants, steps: number) => ({
  steps,
  strideMm: c.strideMm,
  depthFromMm: c.depthFromMm,
  depthToMm: c.depthToMm,
})

/** One of each arrangement, none of the best's: a tag stands elsewhere. */
function distinct(best: Fitted, seen: Fitted[], tags: number, c: RowConstants): Fitted[] {
  const same = (a: Fitted, b: Fitted) => {
    for (let i = 0; i < tags; i++)
      if (Math.abs((a.unknowns[i] as number) - (b.unknowns[i] as number)) > c.jumpMm) return false
    return true
  }
  const kept: Fitted[] = []
  for (const fit of seen.sort((a, b) => a.cost - b.cost))
    if (!same(fit, best) && !kept.some((k) => same(k, fit))) kept.push(fit)
  return kept
}
