import type { RowConstants } from '../constants.ts'
import type { CoherentRow } from './coherent.ts'

/** One tag after the other to its best place, exchanges, other depths and answers: while the score falls. */
export function climb(row: CoherentRow, gapMm: number, sweeps: number, c: RowConstants): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = row.score
    const walk = sweep === 1 ? c.farMm : c.walkMm
    for (let tag = 0; tag < row.tags; tag++) moveOne(row, tag, walk, gapMm, c)
    rearrange(row, row.tags > c.clusterTags ? c.rearrangeLong : c.rearrangeTags)
    deepen(row, c)
    retune(row, c)
    row.renew()
    if (row.score > before - 0.1) return
  }
}

function moveOne(row: CoherentRow, tag: number, walkMm: number, gapMm: number, c: RowConstants) {
  const home = row.x[tag] as number
  let best = home
  let score = row.score - 1e-6
  for (let by = -walkMm; by <= walkMm; by += c.walkStepMm) {
    if (by === 0 || crowded(row.x, tag, home + by, gapMm)) continue
    const found = row.trial(tag, home + by)
    if (found < score) {
      score = found
      best = home + by
    }
  }
  row.put(tag, best)
}

function crowded(x: Float64Array, tag: number, at: number, gapMm: number): boolean {
  for (let j = 0; j < x.length; j++)
    if (j !== tag && Math.abs((x[j] as number) - at) < gapMm) return true
  return false
}

/** The places stay, and a stretch of up to `most` tags takes them in another order: shifted by one, or turned about. */
function rearrange(row: CoherentRow, most: number) {
  const order = [...row.x.keys()].sort(
    (a, b) => (row.x[a] as number) - (row.x[b] as number) || a - b,
  )
  for (let length = 2; length <= Math.min(most, order.length); length++)
    for (let from = 0; from + length <= order.length; from++) {
      const stretch = order.slice(from, from + length)
      const [first, last] = [stretch[0] as number, stretch.at(-1) as number]
      const orders = [[...stretch.slice(1), first]]
      if (length > 2) orders.push([last, ...stretch.slice(0, -1)])
      if (length > 3) orders.push(stretch.toReversed())
      for (const next of orders) if (better(row, stretch, next)) order.splice(from, length, ...next)
    }
}

/** Gives the places of `was` to `next` where that is better. */
function better(row: CoherentRow, was: number[], next: number[]): boolean {
  const [x, score] = [row.x.slice(), row.score]
  for (const [n, tag] of next.entries()) row.x[tag] = x[was[n] as number] as number
  row.renew()
  if (row.score < score - 1e-6) return true
  row.x.set(x)
  row.renew()
  return false
}

/** Nearer or farther, as it stands or drawn together or apart as the angles ask for. */
function deepen(row: CoherentRow, c: RowConstants) {
  for (const by of [-60, 60, -30, 30])
    for (const share of [1, (row.depth + by) / row.depth]) {
      const [x, depth, score] = [row.x.slice(), row.depth, row.score]
      if (depth + by < c.depthFromMm || depth + by > c.depthToMm) continue
      const middle = x.reduce((a, b) => a + b, 0) / x.length
      row.depth = depth + by
      for (const [i, v] of x.entries()) row.x[i] = middle + share * (v - middle)
      row.renew()
      if (row.score < score - 1e-6) return
      row.depth = depth
      row.x.set(x)
      row.renew()
    }
}

/** The common answer, a step at a time. */
function retune(row: CoherentRow, c: RowConstants) {
  for (const [re, im] of [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const) {
    const [answer, score] = [row.answer, row.score]
    row.answer = [answer[0] + re * c.answerStep, answer[1] + im * c.answerStep]
    row.renew()
    if (row.score < score - 1e-6) return
    row.answer = answer
    row.renew()
  }
}
