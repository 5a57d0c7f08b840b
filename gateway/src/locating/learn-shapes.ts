import { asideDb, looksOf } from './evidence/looks.ts'
import { learnShape, type Residual } from './evidence/shape.ts'
import { radPerMhzMm, type Sight, viewsOf } from './evidence/views.ts'
import type { ShelfOrder } from './order/lattice.ts'
import type { ShelfRow } from './rows.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** What every antenna saw of one tag that stands at `x`, less free space; by antenna. */
function residualsOf(walk: Walk, tag: number, shelf: number, x: number): Residual[][] {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const mine = sights[shelf] ?? []
  const c = { ...constants.evidence, reachMm: constants.shape.reachMm }
  const out: Residual[][] = mine.map(() => [])
  for (const v of viewsOf(profiles, tag, x, book.channels, referenceMhz, mine, c)) {
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
  const { scene, constants } = walk
  const seen = Array.from(tiers.heightMm, () => scene.antennas.map((): Residual[][] => []))
  for (const [s, row] of rows.entries()) {
    const order = orders[s] as ShelfOrder
    for (const [i, { belief }] of row.members.entries()) {
      const settled =
        belief.home === row.shelf &&
        (order.moved[i] as number) < constants.shape.mostMoved &&
        (order.sigma[i] as number) < constants.shape.mostSigmaMm
      if (!settled) continue
      const tier = seen[tiers.ofShelf[row.shelf] as number]
      const residuals = residualsOf(walk, belief.tag, row.shelf, order.x[i] as number)
      for (const [a, r] of residuals.entries()) if (r.length > 0) tier?.[a]?.push(r)
    }
  }
  const shapes = seen.map((tier) => tier.map((tags) => learnShape(tags, constants.shape)))
  const sights = shapes.map((tier, t) => {
    const shelf = tiers.ofShelf.indexOf(t)
    return (walk.sights[shelf] ?? []).map((sight, a): Sight => {
      const shape = tier[a] ?? null
      const looks = looksOf(sight.across2, walk.referenceMhz, shape, constants.evidence)
      return { ...sight, looks }
    })
  })
  return {
    ...walk,
    sights: Array.from(tiers.ofShelf, (t) => sights[t] as Sight[]),
  }
}
