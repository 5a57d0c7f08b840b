import type { CatalogueSlot } from './catalogue.ts'
import type { OrderConstants } from './constants.ts'
import type { Mode } from './evidence/curve.ts'
import { lnNormal, normalBelow } from './math.ts'
import { orderShelf, type ShelfOrder } from './order/lattice.ts'
import { frontAt, type RowBox, type Slot } from './order/packing.ts'
import { samplesOf } from './profiles.ts'
import type { Member, ShelfRow } from './rows.ts'
import { fitShelf, type Walk } from './walk.ts'

const nobody: ShelfOrder = {
  order: new Int32Array(0),
  rank: new Float64Array(0),
  moved: new Float64Array(0),
  x: new Float64Array(0),
  sigma: new Float64Array(0),
}

/** Order by radio alone: the rank is right when no neighbour stands on the other side. */
function byRadio(walk: Walk, row: ShelfRow): ShelfOrder {
  return walk.book.tags.all.length > walk.constants.order.jointTags
    ? tagByTag(row)
    : jointly(walk, row)
}

/** Every tag where its own reads put it. */
function tagByTag({ members }: ShelfRow): ShelfOrder {
  const n = members.length
  const x = Float64Array.from(members, (m) => m.modes[0]?.x ?? 0)
  const sigma = Float64Array.from(members, ({ modes }, i) =>
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
  return { order, rank, moved: new Float64Array(n), x, sigma }
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
  return { order: fit.order, rank, moved: new Float64Array(n), x: fit.xMm, sigma: fit.sigmaMm }
}

/** Where a box is looked for first: of its hills the one that suits its slot, if one does. */
function lookedFor(modes: readonly Mode[], slotX: number, c: OrderConstants): number {
  let sum = 0
  let at = 0
  for (const { x, sigma, weight } of modes) {
    const near = Number.isNaN(slotX)
      ? 0
      : Math.exp(lnNormal(x - slotX, sigma ** 2 + c.slotMm ** 2)) * c.wildMm
    const w = weight * (c.moved + near)
    sum += w
    at += w * x
  }
  return at / sum
}

function boxesOf(row: ShelfRow, slots: readonly CatalogueSlot[], c: OrderConstants) {
  const slotOf = new Map(slots.map((s) => [s.tag, s]))
  const boxes = row.members.map(({ belief, modes }: Member): RowBox => {
    const slot = slotOf.get(belief.tag)
    const slotX = slot ? (row.slotX[slot.slot] as number) : Number.NaN
    return {
      modes,
      at: lookedFor(modes, slotX, c),
      slot: slot?.slot ?? -1,
      thicknessMm: slot?.box.thicknessMm ?? null,
    }
  })
  const sorted = Int32Array.from(boxes.keys()).sort(
    (a, b) => (boxes[a] as RowBox).at - (boxes[b] as RowBox).at,
  )
  return { boxes: Array.from(sorted, (i) => boxes[i] as RowBox), sorted }
}

/**
 * Of two neighbours that changed places either may be called the one that moved, and each gets its share. Neither
 * stands in its slot, so each gets both.
 */
function exchanged({ order, moved }: ShelfOrder, boxes: readonly RowBox[]): Float64Array {
  const out = moved.slice()
  const read = boxes.map((b) => b.slot).sort((a, b) => a - b)
  for (let k = 0; k + 1 < order.length; k++) {
    const [i, j] = [order[k] as number, order[k + 1] as number]
    const [left, right] = [boxes[i]?.slot ?? -1, boxes[j]?.slot ?? -1]
    if (right < 0 || left <= right || read.indexOf(left) - read.indexOf(right) !== 1) continue
    const shares = [moved[i] as number, moved[j] as number]
    if (Math.min(...shares) < 0.1 * Math.max(...shares)) continue
    out[i] = out[j] = Math.min(1, (shares[0] ?? 0) + (shares[1] ?? 0))
  }
  return out
}

/**
 * Order of the tags on one shelf. `heard` are the tags that were read anywhere: a box of another shelf leaves its slot
 * empty, one that was read nowhere most likely stands in it.
 */
export function rankShelf(
  walk: Walk,
  row: ShelfRow,
  slots: readonly CatalogueSlot[],
  heard: ReadonlySet<number>,
): ShelfOrder {
  if (row.members.length === 0) return nobody
  if (slots.length === 0) return byRadio(walk, row)
  const c = walk.constants.order
  const { boxes, sorted } = boxesOf(row, slots, c)
  const room = slots.map(
    (s): Slot => ({
      thicknessMm: s.box.thicknessMm,
      silent: s.tag !== undefined && heard.has(s.tag) ? 0 : c.silent,
    }),
  )
  const from = walk.scene.shelves[row.shelf]?.fromMm ?? null
  const found = orderShelf(boxes, room, frontAt(from, boxes[0]?.at ?? 0, c), c)
  const back = (values: Float64Array): Float64Array => {
    const out = new Float64Array(values.length)
    for (const [k, i] of sorted.entries()) out[i] = values[k] as number
    return out
  }
  return {
    order: found.order.map((k) => sorted[k] as number),
    rank: back(found.rank),
    moved: back(exchanged(found, boxes)),
    x: back(found.x),
    sigma: back(found.sigma).map((s) => Math.hypot(s, c.railMm)),
  }
}
