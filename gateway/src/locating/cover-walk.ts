import type { CoverageMap } from '@lantai/contracts'
import type { Catalogue } from './catalogue.ts'
import {
  type CoverReference,
  type CoverSlot,
  coverageOf,
  type ShelfWay,
  type Stretch,
  walkedStretches,
} from './coverage.ts'
import type { ShelfOrder } from './order/shelf-order.ts'
import { epcKey } from './read-book.ts'
import type { ShelfRow } from './rows.ts'
import type { Walk } from './walk.ts'

function readsOf({ profiles: p }: Walk, tag: number | undefined): number {
  if (tag === undefined) return 0
  let reads = 0
  for (let i = p.start[tag] as number; i < (p.start[tag + 1] as number); i++)
    reads += p.weight[i] as number
  return reads
}

/** Tracks of the antenna nearest in height to each shelf. */
function waysOf(walk: Walk): ShelfWay[] {
  const { scene, track, poseX, constants } = walk
  const c = constants.coverage
  const slow = walkedStretches(track, poseX, c.fastestMmPerS, c)
  const walked = walkedStretches(track, poseX, Number.POSITIVE_INFINITY, c)
  const extent: Stretch = [
    poseX.reduce((a, b) => Math.min(a, b)),
    poseX.reduce((a, b) => Math.max(a, b)),
  ]
  return scene.shelves.map(({ heightMm }) => {
    const nearest = scene.antennas.reduce((a, b) =>
      Math.abs(b.offsetMm[1] - heightMm) < Math.abs(a.offsetMm[1] - heightMm) ? b : a,
    )
    const along = nearest.offsetMm[0]
    const shift = ([a, b]: Stretch): Stretch => [a + along, b + along]
    return { slow: slow.map(shift), walked: walked.map(shift), extent: shift(extent) }
  })
}

/** The coverage map of a walk: the proof of every slot of the catalogue. */
export function coverWalk(
  walk: Walk,
  catalogue: Catalogue,
  rows: readonly ShelfRow[],
  orders: readonly ShelfOrder[],
): CoverageMap {
  const { scene, book, shelfIndex, constants } = walk
  const found = new Map<number, { shelf: number; x: number }>()
  for (const [s, { shelf, members }] of rows.entries())
    for (const [i, m] of members.entries())
      found.set(m.belief.tag, { shelf, x: orders[s]?.x[i] ?? Number.NaN })
  const slots = catalogue.flatMap((mine, shelf) =>
    mine.map(({ box, tag, slot }): CoverSlot => {
      const place = tag === undefined ? undefined : found.get(tag)
      const x = place?.shelf === shelf ? place.x : (rows[shelf]?.row?.slotX(slot) ?? Number.NaN)
      return {
        epc: box.epc,
        shelf,
        rank: box.rank,
        x: Number.isNaN(x) ? null : Math.round(x * 10) / 10,
        reads: readsOf(walk, tag),
        elsewhere: tag !== undefined && readsOf(walk, tag) > 0 && place?.shelf !== shelf,
      }
    }),
  )
  const references = scene.references.map(
    (r): CoverReference => ({
      shelf: shelfIndex.get(r.shelf) as number,
      x: r.xMm,
      reads: readsOf(walk, book.tags.find(epcKey(r.epc))),
    }),
  )
  return coverageOf(scene, slots, references, waysOf(walk), constants.coverage)
}
