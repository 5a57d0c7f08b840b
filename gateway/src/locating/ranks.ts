import type { CatalogueSlot } from './catalogue.ts'
import type { OrderConstants } from './constants.ts'
import { normalBelow } from './math.ts'
import { orderShelf, type ShelfOrder } from './order/lattice.ts'
import { frontAt, type Slot } from './order/packing.ts'
import { relativeSigmas, type ShelfRow } from './rows.ts'

/** Order by radio alone: the rank is right when no neighbour stands on the other side. */
function byRadio({ fit }: ShelfRow): ShelfOrder {
  const n = fit.xMm.length
  const rank = new Float64Array(n).fill(1)
  for (const { left, right, deltaMm, sigmaMm } of fit.pairs) {
    const sure = normalBelow(deltaMm / sigmaMm)
    rank[left] = (rank[left] as number) * sure
    rank[right] = (rank[right] as number) * sure
  }
  return { order: fit.order, rank, moved: new Float64Array(n) }
}

/**
 * Order of the tags on one shelf. `heard` are the tags that were read anywhere: a box of another shelf leaves its slot
 * empty, one that was read nowhere most likely stands in it.
 */
export function rankShelf(
  row: ShelfRow,
  slots: readonly CatalogueSlot[],
  heard: ReadonlySet<number>,
  fromMm: number | null,
  c: OrderConstants,
): ShelfOrder {
  if (slots.length === 0 || row.members.length === 0) return byRadio(row)
  const { fit, members } = row
  const slotOf = new Map(slots.map((s) => [s.tag, s]))
  const sigma = relativeSigmas(row)
  const sorted = fit.order
  const boxes = Array.from(sorted, (i) => {
    const slot = slotOf.get(members[i]?.tag)
    return {
      x: fit.xMm[i] as number,
      sigma: sigma[i] as number,
      slot: slot?.slot ?? -1,
      thicknessMm: slot?.box.thicknessMm ?? null,
    }
  })
  const room = slots.map(
    (s): Slot => ({
      thicknessMm: s.box.thicknessMm,
      silent: s.tag !== undefined && heard.has(s.tag) ? 0 : c.silent,
    }),
  )
  const front = frontAt(fromMm, boxes[0]?.x ?? 0, c)
  const { order, rank, moved } = orderShelf(boxes, room, front, c)
  return {
    order: order.map((k) => sorted[k] as number),
    rank: unsort(rank, sorted),
    moved: unsort(moved, sorted),
  }
}

function unsort(values: Float64Array, sorted: Int32Array): Float64Array {
  const out = new Float64Array(values.length)
  for (const [k, i] of sorted.entries()) out[i] = values[k] as number
  return out
}
