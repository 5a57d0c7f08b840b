import type { RowConstants } from '../constants.ts'
import { CoherentRow } from './coherent.ts'
import type { RowModel } from './model.ts'

/** Other starts from a fit: what a descent cannot find from there, the most promising first. */
export function moves(model: RowModel, from: Float64Array, c: RowConstants): Float64Array[] {
  return [
    ...exchanges(model, from),
    ...places(model, from, c),
    ...depths(model, from, c),
    alike(model, from),
  ]
}

/** Neighbours, and those with one between them, change places; what they answer is forgotten. */
function exchanges(model: RowModel, from: Float64Array): Float64Array[] {
  const { tags } = model.layout
  const order = [...from.subarray(0, tags).keys()].sort(
    (a, b) => (from[a] as number) - (from[b] as number) || a - b,
  )
  const pairs = [1, 2].flatMap((apart) =>
    order.slice(apart).map((j, n) => [order[n] as number, j] as const),
  )
  return pairs.map(([i, j]) => {
    const next = from.slice()
    next[i] = from[j] as number
    next[j] = from[i] as number
    forget(model, next, i)
    forget(model, next, j)
    return next
  })
}

/** One tag goes to another minimum of its score while the rest stand still. */
function places(model: RowModel, from: Float64Array, c: RowConstants): Float64Array[] {
  const { tags, depth } = model.layout
  const row = new CoherentRow(
    model.profiles,
    tags,
    model.antennas,
    from.slice(0, tags),
    from[depth] as number,
    model.priorDepth,
    c,
  )
  const found = [...row.x.keys()].flatMap((tag) => minima(row, tag, c))
  found.sort((a, b) => a.score - b.score)
  return found.slice(0, c.jumpsPerTag * tags).map(({ tag, x }) => {
    const next = from.slice()
    next[tag] = x
    forget(model, next, tag)
    return next
  })
}

interface Minimum {
  tag: number
  x: number
  score: number
}

function minima(row: CoherentRow, tag: number, c: RowConstants): Minimum[] {
  const home = row.x[tag] as number
  const steps = Math.round(c.farMm / c.walkStepMm)
  const tried = Array.from({ length: 2 * steps + 1 }, (_, n) => {
    const x = home + (n - steps) * c.walkStepMm
    return { tag, x, score: row.trial(tag, x) }
  })
  row.put(tag, home)
  const score = (n: number) => tried[n]?.score ?? Number.POSITIVE_INFINITY
  return tried.filter(
    ({ x }, n) =>
      Math.abs(x - home) >= c.jumpMm && score(n) < score(n - 1) && score(n) < score(n + 1),
  )
}

/** The row nearer or farther, drawn together or apart as the angles ask for. */
function depths(model: RowModel, from: Float64Array, c: RowConstants): Float64Array[] {
  const { tags, depth } = model.layout
  const middle = from.subarray(0, tags).reduce((a, b) => a + b, 0) / tags
  return c.depthShares.map((share) => {
    const next = from.slice()
    next[depth] = share * (from[depth] as number)
    for (let i = 0; i < tags; i++) {
      next[i] = middle + share * ((from[i] as number) - middle)
      forget(model, next, i)
    }
    return next
  })
}

/** All tags answer as the usual tag does. */
function alike(model: RowModel, from: Float64Array): Float64Array {
  const next = from.slice()
  for (let i = 0; i < model.layout.tags; i++) forget(model, next, i)
  return next
}

function forget(model: RowModel, unknowns: Float64Array, tag: number) {
  const { tags, common } = model.layout
  unknowns[tags + tag] = unknowns[common] as number
  unknowns[2 * tags + tag] = unknowns[common + 1] as number
}
