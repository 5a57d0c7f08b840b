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

/**
 * Descends from several starts, then from moves away from the best, while a better one is found. A row longer than
 * `searchTags` has no time for that: one start, a few steps.
 */
export function search(
  model: RowModel,
  depths: readonly number[],
  gapMm: number,
  c: RowConstants,
): Found {
  const long = model.layout.tags > c.searchTags
  const tried = long ? [depths[depths.length >> 1] as number] : depths
  const seen = starts(model, tried, gapMm, c, long ? c.long : c).map((start) =>
    levenberg(model, start, limitsOf(c, long ? c.long.steps : c.firstSteps)),
  )
  const first = seen.reduce((a, b) => (b.cost < a.cost ? b : a))
  if (long) return { best: first, others: [] }
  const apart = [first, ...distinct(first, seen.slice(), model.layout.tags, c)]
  const found = apart.slice(0, c.improvedStarts).map((from) => improve(model, from, seen, c))
  const least = found.reduce((a, b) => (b.cost < a.cost ? b : a))
  const best = levenberg(model, least.unknowns, limitsOf(c, c.steps))
  return { best, others: distinct(best, seen, model.layout.tags, c) }
}

/** Moves away from the best and descends again, from each better one anew, until no move helps. */
function improve(model: RowModel, from: Fitted, seen: Fitted[], c: RowConstants): Fitted {
  let best = from
  for (let round = 0; round < c.rounds; round++) {
    const better = firstBetter(model, best, seen, c)
    if (!better) break
    best = better
  }
  return best
}

function firstBetter(model: RowModel, best: Fitted, seen: Fitted[], c: RowConstants) {
  for (const start of moves(model, best.unknowns, c)) {
    const next = levenberg(model, start, limitsOf(c, c.jumpSteps))
    seen.push(next)
    if (next.cost < best.cost - 0.5) return next
  }
  return undefined
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
