import { antennaOffsets, seenOf } from './evidence/between.ts'
import { asideDb, looksOf } from './evidence/looks.ts'
import { learnShape, type Residual } from './evidence/shape.ts'
import { radPerMhzMm, type Sight, type View, viewsOf } from './evidence/views.ts'
import type { ShelfOrder } from './order/lattice.ts'
import type { ShelfRow } from './rows.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** A box that stands in its sequence, and where its neighbours have it. */
interface Settled {
  tag: number
  shelf: number
  x: number
}

const viewsAt = (walk: Walk, { tag, shelf, x }: Settled, reachMm: number): View[] => {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const c = { ...constants.evidence, reachMm }
  return viewsOf(profiles, tag, x, book.channels, referenceMhz, sights[shelf] ?? [], c)
}

/** What every antenna saw of one tag, less free space; by antenna. */
function residualsOf(walk: Walk, box: Settled): Residual[][] {
  const { sights, referenceMhz, constants } = walk
  const { shelf, x } = box
  const c = constants.evidence
  const mine = sights[shelf] ?? []
  const out: Residual[][] = mine.map(() => [])
  for (const v of viewsAt(walk, box, constants.shape.reachMm)) {
    const { across2 } = mine[v.antenna] as Sight
    for (const [i, at] of v.x.entries()) {
      const aside = at - x
      const way = Math.sqrt(aside * aside + across2)
      out[v.antenna]?.push({
        aside,
        phase: (v.phase[i] as number) - radPerMhzMm * referenceMhz * way,
        level: (v.rssi[i] as number) - asideDb(aside, across2, c.lobe),
      })
    }
  }
  return out
}

/** Boxes that teach, by tier. */
function settledOf(
  { constants }: Walk,
  tiers: Tiers,
  rows: readonly ShelfRow[],
  orders: readonly ShelfOrder[],
): Settled[][] {
  const settled = Array.from(tiers.heightMm, (): Settled[] => [])
  for (const [s, { shelf, members }] of rows.entries()) {
    const { moved, sigma, x } = orders[s] as ShelfOrder
    for (const [i, { belief }] of members.entries())
      if (
        belief.home === shelf &&
        (moved[i] as number) < constants.shape.mostMoved &&
        (sigma[i] as number) < constants.shape.mostSigmaMm
      )
        settled[tiers.ofShelf[shelf] as number]?.push({
          tag: belief.tag,
          shelf,
          x: x[i] as number,
        })
  }
  return settled
}

/** Sights of one tier with what its boxes show: to each antenna for itself, then between antennas. */
function taught(walk: Walk, shelf: number, boxes: readonly Settled[]): Sight[] {
  const { scene, constants } = walk
  const seen = scene.antennas.map((): Residual[][] => [])
  for (const box of boxes)
    for (const [a, r] of residualsOf(walk, box).entries()) if (r.length > 0) seen[a]?.push(r)
  const sights = (walk.sights[shelf] ?? []).map((sight, a): Sight => {
    const shape = learnShape(seen[a] ?? [], constants.shape)
    const looks = looksOf(sight.across2, walk.referenceMhz, shape, constants.evidence)
    return { ...sight, looks }
  })
  const c = constants.evidence
  const together = boxes.map((box) =>
    viewsAt(walk, box, c.reachMm)
      .map((v) => seenOf(v, sights[v.antenna] as Sight, box.x, c))
      .filter((seen) => seen !== null),
  )
  const offsets = antennaOffsets(together, sights.length, c.between)
  return sights.map((sight, a) => ({ ...sight, offset: offsets[a] ?? null }))
}

/**
 * The walk with what steel does to each tier: learned from the boxes that stand in their catalogue's sequence, whose
 * places their neighbours tell.
 */
export function learnShapes(
  walk: Walk,
  tiers: Tiers,
  rows: readonly ShelfRow[],
  orders: readonly ShelfOrder[],
): Walk {
  const settled = settledOf(walk, tiers, rows, orders)
  const sights = settled.map((boxes, t) => taught(walk, tiers.ofShelf.indexOf(t), boxes))
  return { ...walk, sights: Array.from(tiers.ofShelf, (t) => sights[t] as Sight[]) }
}
