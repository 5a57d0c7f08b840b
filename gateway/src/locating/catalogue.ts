import type { ExpectedBox, WalkScene } from '@lantai/contracts'
import { epcKey, type ReadBook } from './read-book.ts'

/** One box of the catalogue in its slot. */
export interface CatalogueSlot {
  box: ExpectedBox
  /** Tag of the book; undefined where nothing was read of it. */
  tag: number | undefined
  shelf: number
  /** Index among the slots of its shelf, from the left. */
  slot: number
  /** Middle of its spine, mm right of the left edge of the first box, were all stood tight. */
  centreMm: number
}

/** Slots of every shelf of the scene, from the left. */
export type Catalogue = CatalogueSlot[][]

export function catalogueOf(scene: WalkScene, book: ReadBook): Catalogue {
  const shelfIndex = new Map(scene.shelves.map((s, i) => [s.shelf, i]))
  const shelves: ExpectedBox[][] = scene.shelves.map(() => [])
  for (const box of scene.expected ?? []) shelves[shelfIndex.get(box.shelf) as number]?.push(box)
  return shelves.map((boxes, shelf) => {
    boxes.sort((a, b) => a.rank - b.rank)
    let edge = 0
    return boxes.map((box, slot) => {
      const centreMm = edge + box.thicknessMm / 2
      edge += box.thicknessMm
      return { box, tag: book.tags.find(epcKey(box.epc)), shelf, slot, centreMm }
    })
  })
}

const median = (values: number[]): number => {
  values.sort((a, b) => a - b)
  return values[values.length >> 1] as number
}

/**
 * Where the slots of one shelf are, as its boxes show: the middle of what the nearest boxes on both sides say, itself
 * left out. `seen[k]` is where the box of slot k was found, NaN where it was not found on this shelf. NaN where
 * nothing tells.
 */
export function slotPlaces(
  slots: readonly CatalogueSlot[],
  seen: Float64Array,
  fromMm: number | null,
  neighbours: number,
): Float64Array {
  return Float64Array.from(slots, ({ centreMm }, k) => {
    const shifts: number[] = []
    for (const step of [-1, 1]) {
      let found = 0
      for (let j = k + step; j >= 0 && j < slots.length && found < neighbours; j += step) {
        if (Number.isNaN(seen[j])) continue
        shifts.push((seen[j] as number) - (slots[j] as CatalogueSlot).centreMm)
        found++
      }
    }
    if (shifts.length > 0) return centreMm + median(shifts)
    return fromMm === null ? Number.NaN : fromMm + centreMm
  })
}
