import { modesOf } from './evidence/curve.ts'
import { normalBelow } from './math.ts'
import { readRow, type ShelfOrder } from './order/shelf-order.ts'
import { samplesOf } from './profiles.ts'
import type { ShelfRow } from './rows.ts'
import { fitShelf, type Walk } from './walk.ts'

const nobody: ShelfOrder = {
  order: new Int32Array(0),
  rank: new Float64Array(0),
  moved: new Float64Array(0),
  out: new Uint8Array(0),
  x: new Float64Array(0),
  sigma: new Float64Array(0),
}

/** Order by radio alone: the rank is right when no neighbour stands on the other side. */
function byRadio(walk: Walk, row: ShelfRow): ShelfOrder {
  return walk.book.tags.all.length > walk.constants.order.jointTags
    ? tagByTag(row, walk.constants.evidence.leastMode)
    : jointly(walk, row)
}

/** Every tag where its own reads put it. */
function tagByTag({ members }: ShelfRow, leastMode: number): ShelfOrder {
  const n = members.length
  const hills = members.map(({ on: { curve, place } }) => {
    const sure = place.doubt.reduce((rest, d) => rest - d.weight, 1)
    const seen = modesOf(curve, leastMode).map((m) => ({ ...m, weight: m.weight * sure }))
    return [...seen, ...place.doubt]
  })
  const x = Float64Array.from(hills, (modes) => modes[0]?.x ?? 0)
  const sigma = Float64Array.from(hills, (modes, i) =>
    Math.sqrt(
      modes.reduce((s, m) => s + m.weight * (m.sigma ** 2 + (m.x - (x[i] as number)) ** 2), 0),
    ),
  )
  const order = Int32Array.from(members.keys()).sort((a, b) => (x[a] as number) - (x[b] as number))
  const rank = new Float64Array(n).fill(1)
  for (let k = 0; k + 1 < n; k++) {
    const [left, right] = [order[k] as number, order[k + 1] as number]
    const apart = (x[right] as number) - (x[left] as number)
    const sure = normalBelow(apart / Math.hypot(sigma[left] as number, sigma[right] as number))
    rank[left] = (rank[left] as number) * sure
    rank[right] = (rank[right] as number) * sure
  }
  return { order, rank, moved: new Float64Array(n), out: new Uint8Array(n), x, sigma }
}

/** All tags of the shelf in one fit. */
function jointly(walk: Walk, { shelf, members }: ShelfRow): ShelfOrder {
  const tags = members.map((m) => samplesOf(walk.profiles, m.belief.tag, walk.book.channels))
  const fit = fitShelf(walk, shelf, tags)
  const n = members.length
  const rank = new Float64Array(n).fill(1)
  for (const { left, right, deltaMm, sigmaMm } of fit.pairs) {
    const sure = normalBelow(deltaMm / sigmaMm)
    rank[left] = (rank[left] as number) * sure
    rank[right] = (rank[right] as number) * sure
  }
  const [moved, out] = [new Float64Array(n), new Uint8Array(n)]
  return { order: fit.order, rank, moved, out, x: fit.xMm, sigma: fit.sigmaMm }
}

/** Order of the tags on one shelf. */
export function rankShelf(walk: Walk, shelf: ShelfRow): ShelfOrder {
  if (shelf.members.length === 0) return nobody
  if (!shelf.row) return byRadio(walk, shelf)
  const found = readRow(
    shelf.row,
    shelf.members.map((m) => m.box),
  )
  return { ...found, sigma: found.sigma.map((s) => Math.hypot(s, walk.constants.order.railMm)) }
}
