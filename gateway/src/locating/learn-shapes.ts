import type { UnrestConstants } from './constants.ts'
import { antennaOffsets, type Fresh, freshOf } from './evidence/between.ts'
import { asideDb, looksOf } from './evidence/looks.ts'
import { learnShape, type Residual } from './evidence/shape.ts'
import { radPerMhzMm, type Sight, type View, viewsOf } from './evidence/views.ts'
import type { ShelfOrder } from './order/shelf-order.ts'
import type { ShelfRow } from './rows.ts'
import { commonOf, type Settled } from './side-by-side.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** As far as reads count; a shape takes what lies within its own reach. */
const viewsAt = (walk: Walk, { tag, shelf, x }: Settled): View[] => {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const mine = sights[shelf] ?? []
  return viewsOf(profiles, tag, x, book.channels, referenceMhz, mine, constants.evidence)
}

/** What every antenna saw of one tag, less free space; by antenna. */
function residualsOf(walk: Walk, { shelf, x }: Settled, views: readonly View[]): Residual[][] {
  const { sights, referenceMhz, constants } = walk
  const c = constants.evidence
  const mine = sights[shelf] ?? []
  const out: Residual[][] = mine.map(() => [])
  for (const v of views) {
    const { across2 } = mine[v.antenna] as Sight
    for (let i = 0; i < v.x.length; i++) {
      const aside = (v.x[i] as number) - x
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

/** What the boxes of one tier show. */
interface Taught {
  sights: Sight[]
  /** What is new in their phases, box by box. */
  fresh: Fresh[][]
}

/** Sights of one tier with what its boxes show: to each antenna for itself, then between antennas. */
function taught(walk: Walk, shelf: number, boxes: readonly Settled[]): Taught {
  const { scene, constants } = walk
  const seen = scene.antennas.map((): Residual[][] => [])
  const { shape, evidence: c } = constants
  const views = boxes.map((box) => viewsAt(walk, box))
  for (const [i, box] of boxes.entries())
    for (const [a, r] of residualsOf(walk, box, views[i] as View[]).entries())
      if (r.length > 0) seen[a]?.push(r)
  const sights = (walk.sights[shelf] ?? []).map((sight, a): Sight => {
    const looks = looksOf(sight.across2, walk.referenceMhz, learnShape(seen[a] ?? [], shape), c)
    return { ...sight, looks }
  })
  const fresh = boxes.map((box, i) =>
    (views[i] as View[])
      .map((v) => freshOf(v, sights[v.antenna] as Sight, box.x, c))
      .filter((f) => f !== null),
  )
  const offsets = antennaOffsets(fresh, sights.length, c.between)
  return { sights: sights.map((sight, a) => ({ ...sight, offset: offsets[a] ?? null })), fresh }
}

/**
 * How much larger the bias of phases is on this walk than is usual: rooms differ by a factor of two, and so do carts.
 * From what is new in the phases of boxes whose place is known; the place itself was found from them, so a little
 * unrest stands for much, and calm is taken for less than it seems.
 */
function unrestOf(fresh: readonly Fresh[], c: UnrestConstants): number {
  let squares = c.usualSquare * c.usualPhases
  let count = c.usualPhases
  for (const { y } of fresh)
    for (const v of y.subarray(1)) {
      squares += Math.min(c.mostSquare, v * v)
      count++
    }
  const ratio = squares / count / c.usualSquare
  return Math.max(c.least, Math.min(c.most, ratio ** (ratio > 1 ? c.power : c.calmPower)))
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
  const byTier = settled.map((boxes, t) => taught(walk, tiers.ofShelf.indexOf(t), boxes))
  const { evidence } = walk.constants
  const { phase } = evidence
  const unrest = unrestOf(
    byTier.flatMap((t) => t.fresh.flat()),
    evidence.unrest,
  )
  const grown = { ...phase, sigma: phase.sigma * unrest, noise: phase.noise * unrest }
  const known = (more: Partial<typeof evidence>): Walk => ({
    ...walk,
    sights: Array.from(tiers.ofShelf, (t) => (byTier[t] as Taught).sights),
    constants: { ...walk.constants, evidence: { ...evidence, phase: grown, ...more } },
  })
  const common = commonOf(known({}), settled.flat())
  return known({ beside: { ...evidence.beside, common } })
}
