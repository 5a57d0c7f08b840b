import { boardEnds, probabilities, type ShelfBelief } from './assign.ts'
import { type Catalogue, slotPlaces } from './catalogue.ts'
import type { EvidenceConstants, ShelfConstants } from './constants.ts'
import { curveOf, lnMass, type Mode, modesOf, withDoubt } from './evidence/curve.ts'
import { viewsOf } from './evidence/views.ts'
import { lnAdd, lnNormal, normalBelow } from './math.ts'
import type { Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'

/** What the reads of one tag say if it stands on one tier. */
interface OnTier {
  modes: Mode[]
  /** ln of how well they fit that tier, wherever along it. */
  ln: number
  /** ln of how well the antennas go together there, against phases that mean nothing. */
  between: number
}

/** One tag, with what it says of every tier it may stand on. */
export interface TagEvidence {
  belief: ShelfBelief
  byTier: ReadonlyMap<number, OnTier>
}

/** One tag that is believed on a shelf, and where on it radio alone puts it. */
export interface Member {
  belief: ShelfBelief
  modes: Mode[]
}

/** The tags that are believed on one shelf. */
export interface ShelfRow {
  shelf: number
  members: Member[]
  /** Where the slots of the catalogue are, NaN where nothing tells. */
  slotX: Float64Array
}

const nowhere = -1

/** The likeliest shelf, −1 for none of them. */
export function likeliest(b: ShelfBelief): number {
  let best = b.lnStray
  let shelf = nowhere
  for (const [i, l] of b.ln.entries())
    if (l > best) {
      best = l
      shelf = b.shelves[i] as number
    }
  return shelf
}

/** Probability that this tag stands on the shelf it is believed on. */
export const shelfProbability = (b: ShelfBelief, shelf: number): number =>
  probabilities(b)[b.shelves.indexOf(shelf)] ?? 0

/** Tiers that levels alone do not rule out, with one shelf of each. */
function tiersInQuestion(b: ShelfBelief, tiers: Tiers, openLn: number): Map<number, number> {
  const top = b.ln.reduce((a, v) => Math.max(a, v), Number.NEGATIVE_INFINITY)
  const open = new Map<number, number>()
  for (const [i, shelf] of b.shelves.entries())
    if ((b.ln[i] as number) >= top - openLn) open.set(tiers.ofShelf[shelf] as number, shelf)
  return open
}

/** Half of the dB two ways are missing on each, so reflections weigh more against the direct way of a weak tag. */
function forStrength(c: EvidenceConstants, strengthDb: number): EvidenceConstants {
  const more = Math.min(c.mostBias, Math.max(c.leastBias, 10 ** (-strengthDb / c.biasDb)))
  return { ...c, phase: { ...c.phase, sigma: c.phase.sigma * more } }
}

/** How likely it is that the reads fit nowhere near the tag: less, the better they fit somewhere. */
function doubtOf(ln: number, strengthDb: number, c: EvidenceConstants): number {
  const usual = Math.min(c.mostDoubt, c.doubt * (1 + Math.max(0, -strengthDb / c.doubtDb)))
  const odds = (usual / (1 - usual)) * Math.exp(-c.doubtPower * ln)
  return Math.min(c.mostDoubt, Math.max(c.leastDoubt, odds / (1 + odds)))
}

function evidenceOf(walk: Walk, tiers: Tiers, belief: ShelfBelief, openLn: number): TagEvidence {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const c = forStrength(constants.evidence, belief.strengthDb)
  const { x } = belief.heard
  const byTier = new Map<number, OnTier>()
  for (const [tier, shelf] of tiersInQuestion(belief, tiers, openLn)) {
    const mine = sights[shelf] ?? []
    const views = viewsOf(profiles, belief.tag, x, book.channels, referenceMhz, mine, c)
    const alone = curveOf(views, mine, x, c)
    const share = c.between.share
    const curve = { ...alone, ln: alone.ln.map((l, g) => l + share * (alone.between[g] as number)) }
    const ln = lnMass(alone)
    const between = (lnMass(curve) - ln) / share
    const doubt = doubtOf(ln, belief.strengthDb, c)
    const near = withDoubt(modesOf(curve, c.leastMode), x, doubt, c.heardMm)
    const modes = withDoubt(near, x, c.farDoubt, c.farMm)
    byTier.set(tier, { modes, ln, between })
  }
  return { belief, byTier }
}

/** ln density of what was heard of a tag that stands anywhere on a board. */
function lnOnBoard(
  modes: readonly Mode[],
  [from, to]: readonly [number, number],
  c: ShelfConstants,
) {
  const known = Number.isFinite(from) && Number.isFinite(to)
  let mass = c.wild
  for (const { x, sigma, weight } of modes) {
    const blur = Math.hypot(sigma, c.edgeMm)
    mass += weight * (normalBelow((to - x) / blur) - normalBelow((from - x) / blur))
  }
  return Math.log(mass / (known ? to - from : c.anywhereMm))
}

/** ln density of what was heard of a tag that most likely stands in its slot. */
function lnAtHome(
  modes: readonly Mode[],
  slotX: number,
  lnOnIt: number,
  c: ShelfConstants,
): number {
  let inSlot = Math.log(c.wild / c.anywhereMm)
  for (const m of modes)
    inSlot = lnAdd(inSlot, Math.log(m.weight) + lnNormal(m.x - slotX, m.sigma ** 2 + c.slotMm ** 2))
  return lnAdd(Math.log(c.elsewhereOnShelf) + lnOnIt, Math.log(1 - c.elsewhereOnShelf) + inSlot)
}

/**
 * How well the reads fit a tier, and where along it, speaks for a shelf, too: a box heard where its slot is most likely
 * stands in it, one that stands on another board is heard anywhere along that one.
 */
function weigh(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  rows: readonly ShelfRow[],
  evidence: readonly TagEvidence[],
): ShelfBelief[] {
  const c = walk.constants.shelf
  const ends = boardEnds(walk.scene)
  const slotOf = new Map(catalogue.flat().map((s) => [s.tag, s]))
  return evidence.map(({ belief, byTier }) => {
    const slot = slotOf.get(belief.tag)
    // Where along the rail hardly depends on the tier: what was not looked at shares the place of the likeliest.
    const all = [...byTier.values()]
    const most = Math.max(...all.map((t) => t.ln))
    const usual = all.find((t) => t.ln === most)
    const ln = belief.ln.map((was, i) => {
      const shelf = belief.shelves[i] as number
      const on = byTier.get(tiers.ofShelf[shelf] as number) ?? usual
      if (!on) return was
      const onIt = lnOnBoard(on.modes, ends[shelf] as [number, number], c)
      const slotX = slot && shelf === belief.home ? rows[shelf]?.slotX[slot.slot] : undefined
      const atHome = slotX !== undefined && !Number.isNaN(slotX)
      const place = atHome ? lnAtHome(on.modes, slotX, onIt, c) : onIt
      const phases = c.phaseTrust * (on.ln - most) + c.betweenTrust * on.between
      return was + place + Math.log(c.anywhereMm) + phases
    })
    return { ...belief, ln }
  })
}

/** The tags by the shelf they are believed on. */
function rowsOf(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  evidence: readonly TagEvidence[],
): ShelfRow[] {
  const groups: Member[][] = walk.scene.shelves.map(() => [])
  for (const { belief, byTier } of evidence) {
    const shelf = likeliest(belief)
    const modes = byTier.get(tiers.ofShelf[shelf] ?? -1)?.modes
    if (modes) groups[shelf]?.push({ belief, modes })
  }
  return groups.map((members, shelf) => ({
    shelf,
    members,
    slotX: slotXOf(walk, catalogue, shelf, members),
  }))
}

function slotXOf(walk: Walk, catalogue: Catalogue, shelf: number, members: readonly Member[]) {
  const slots = catalogue[shelf] ?? []
  const at = new Map(members.map((m) => [m.belief.tag, m.modes[0]?.x ?? Number.NaN]))
  const seen = Float64Array.from(slots, (s) =>
    s.tag === undefined ? Number.NaN : (at.get(s.tag) ?? Number.NaN),
  )
  const from = walk.scene.shelves[shelf]?.fromMm ?? null
  return slotPlaces(slots, seen, from, walk.constants.shelf.slotNeighbours)
}

/** Shelf and place along it of every tag: by levels first, then by phases and by where the catalogue has it. */
export function fitRows(
  walk: Walk,
  tiers: Tiers,
  catalogue: Catalogue,
  heard: readonly ShelfBelief[],
  openLn: number,
): { beliefs: ShelfBelief[]; rows: ShelfRow[] } {
  const evidence = heard.map((b) => evidenceOf(walk, tiers, b, openLn))
  const rows = rowsOf(walk, tiers, catalogue, evidence)
  const beliefs = weigh(walk, tiers, catalogue, rows, evidence)
  const weighed = evidence.map(({ byTier }, i) => ({ belief: beliefs[i] as ShelfBelief, byTier }))
  return { beliefs, rows: rowsOf(walk, tiers, catalogue, weighed) }
}
