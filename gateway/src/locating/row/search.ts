import type { RowConstants } from '../constants.ts'
import { climb } from './climb.ts'
import { CoherentRow } from './coherent.ts'
import { type Fitted, levenberg } from './levenberg.ts'
import type { RowModel } from './model.ts'
import { scan } from './scan.ts'

/** The best fit, and other fits on the way that are places of their own. */
export interface Found {
  best: Fitted
  others: Fitted[]
}

/** The best of several starts: scan at each depth, tags moved one by one, then all together. */
export function search(
  model: RowModel,
  depths: readonly number[],
  gapMm: number,
  c: RowConstants,
): Found {
  const starts = depths.map((depth) => {
    const { x } = scan(model.profiles, model.layout.tags, model.antennas, depth, c)
    const row = new CoherentRow(
      model.profiles,
      model.layout.tags,
      model.antennas,
      spread(x, c.startGapMm),
      depth,
      c,
    )
    climb(row, gapMm, c)
    return row
  })
  starts.sort((a, b) => a.score - b.score)
  const limits = {
    steps: c.firstSteps,
    strideMm: c.strideMm,
    depthFromMm: c.depthFromMm,
    depthToMm: c.depthToMm,
  }
  const first = starts
    .slice(0, c.keptStarts)
    .map((row) => levenberg(model, startOf(model, row.x, row.depth, c), limits))
    .reduce((a, b) => (b.cost < a.cost ? b : a))
  return jumps(model, first, c)
}

/** Each tag tried at its other good places, the whole row following it. */
function jumps(model: RowModel, first: Fitted, c: RowConstants): Found {
  const seen: Fitted[] = [first]
  const limits = {
    steps: c.jumpSteps,
    strideMm: c.strideMm,
    depthFromMm: c.depthFromMm,
    depthToMm: c.depthToMm,
  }
  let best = first
  for (let round = 0; round < c.rounds; round++) {
    const before = best.cost
    const row = new CoherentRow(
      model.profiles,
      model.layout.tags,
      model.antennas,
      best.unknowns.slice(0, model.layout.tags),
      best.unknowns[model.layout.depth] as number,
      c,
    )
    const others = alternatives(row, c)
    for (const { tag, x } of others) {
      const start = best.unknowns.slice()
      start[tag] = x
      const next = levenberg(model, start, limits)
      seen.push(next)
      if (next.cost < best.cost - 0.5) best = next
    }
    if (best.cost > before - 0.5) break
  }
  best = levenberg(model, best.unknowns, { ...limits, steps: c.steps })
  return { best, others: distinct(best, seen, model.layout.tags, c) }
}

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

/** Other minima of each tag's score while the rest stand still, the best first. */
function alternatives(row: CoherentRow, c: RowConstants) {
  const found: { tag: number; x: number; score: number }[] = []
  for (let tag = 0; tag < row.tags; tag++) {
    const home = row.x[tag] as number
    const scores: number[] = []
    const places: number[] = []
    for (let by = -c.walkMm; by <= c.walkMm; by += c.walkStepMm) {
      places.push(home + by)
      scores.push(row.trial(tag, home + by))
    }
    row.put(tag, home)
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] as number
      if (Math.abs((places[i] as number) - home) < c.jumpMm) continue
      if (score < (scores[i - 1] ?? Infinity) && score < (scores[i + 1] ?? Infinity))
        found.push({ tag, x: places[i] as number, score })
    }
  }
  return found.sort((a, b) => a.score - b.score).slice(0, c.jumpsPerTag * row.tags)
}

function startOf(model: RowModel, x: Float64Array, depth: number, c: RowConstants): Float64Array {
  const { tags, size, common } = model.layout
  const u = new Float64Array(size)
  u.set(x)
  u[model.layout.depth] = depth
  for (const part of [0, 1]) {
    u[common + part] = c.answer[part] as number
    u.fill(c.answer[part] as number, (part + 1) * tags, (part + 2) * tags)
  }
  return u
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
