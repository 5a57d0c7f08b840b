import type { RowConstants } from '../constants.ts'
import { lnEvidence } from './evidence.ts'
import { type Fitted, levenberg } from './levenberg.ts'
import type { RowModel } from './model.ts'
import { moves } from './moves.ts'
import { starts } from './starts.ts'

/** The likeliest fit, and other fits on the way that are places of their own. */
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
  return likeliest(model, levenberg(model, least.unknowns, limitsOf(c, c.steps)), seen, c)
}

/**
 * Of the fits that are nearly as good as the one of least cost, the one whose places stand for most of the probability:
 * tags so near each other that the least step spoils the fit are an unlikely accident.
 */
function likeliest(model: RowModel, least: Fitted, seen: Fitted[], c: RowConstants): Found {
  const { tags } = model.layout
  const rivals = distinct(least, seen, tags, c)
    .filter((fit) => fit.cost < least.cost + c.rivalCost)
    .slice(0, c.rivals)
    .map((fit) => levenberg(model, fit.unknowns, limitsOf(c, c.steps)))
  let best = { fit: least, ln: lnEvidence(model, least) }
  for (const fit of rivals) {
    const ln = lnEvidence(model, fit)
    if (ln > best.ln) best = { fit, ln }
  }
  return { best: best.fit, others: distinct(best.fit, [least, ...rivals, ...seen], tags, c) }
}

/** Moves away from the best and descends again, from each better one anew, until no move helps. */
function improve(model: RowModel, from: Fitted, seen: Fitted[], c: RowConstants): Fitted {
  let best = from
  // A descent takes as long as the square of the tags, about.
  const enough = seen.length + Math.ceil(c.descents / model.layout.tags ** 2)
  for (let round = 0; round < c.rounds; round++) {
    const better = firstBetter(model, best, seen, enough, c)
    if (!better) break
    best = better
  }
  return best
}

/** Adds what it tries to `seen`, until there are `enough`. */
function firstBetter(
  model: RowModel,
  best: Fitted,
  seen: Fitted[],
  enough: number,
  c: RowConstants,
) {
  for (const start of moves(model, best.unknowns, c)) {
    if (seen.length >= enough) break
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

/** The best of a few starts, without moves: enough to compare assumptions about the row. */
export function first(
  model: RowModel,
  depths: readonly number[],
  gapMm: number,
  c: RowConstants,
): Fitted {
  return starts(model, depths, gapMm, c, c.lineFit.effort)
    .map((start) => levenberg(model, start, limitsOf(c, c.firstSteps)))
    .reduce((a, b) => (b.cost < a.cost ? b : a))
}
