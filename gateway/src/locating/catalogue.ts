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
