import type { RowConstants } from '../constants.ts'
import type { CoherentRow } from './coherent.ts'

/** One tag after the other to its best place, exchanges, other depths: while the score falls. */
export function climb(row: CoherentRow, gapMm: number, sweeps: number, c: RowConstants): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = row.score
    for (let tag = 0; tag < row.tags; tag++) moveOne(row, tag, gapMm, c)
    for (const apart of [1, 2]) exchange(row, apart)
    deepen(row, c)
    row.renew()
    if (row.score > before - 0.1) return
  }
}

function moveOne(row: CoherentRow, tag: number, gapMm: number, c: RowConstants) {
  const home = row.x[tag] as number
  let best = home
  let score = row.score - 1e-6
  for (let by = -c.walkMm; by <= c.walkMm; by += c.walkStepMm) {
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

function exchange(row: CoherentRow, apart: number) {
  const order = [...row.x.keys()].sort(
    (a, b) => (row.x[a] as number) - (row.x[b] as number) || a - b,
  )
  for (let n = 0; n + apart < order.length; n++) {
    const [i, j] = [order[n] as number, order[n + apart] as number]
    const [xi, xj] = [row.x[i] as number, row.x[j] as number]
    const score = row.score
    row.put(i, xj)
    row.put(j, xi)
    if (row.score < score - 1e-6) {
      order[n] = j
      order[n + apart] = i
    } else {
      row.put(i, xi)
      row.put(j, xj)
    }
  }
}

function deepen(row: CoherentRow, c: RowConstants) {
  for (const by of [-60, 60, -30, 30]) {
    const [depth, score] = [row.depth, row.score]
    if (depth + by < c.depthFromMm || depth + by > c.depthToMm) continue
    row.depth = depth + by
    row.renew()
    if (row.score < score) return
    row.depth = depth
    row.renew()
  }
}
