import type { ShelfBelief } from './assign.ts'
import type { EvidenceConstants } from './constants.ts'
import { type Curve, curveOf, type Mode } from './evidence/curve.ts'
import { viewsOf } from './evidence/views.ts'
import { type Place, placeOf } from './order/place.ts'
import type { Tiers } from './tiers.ts'
import { onToldShelf, type Told, toldCurve } from './told.ts'
import type { Walk } from './walk.ts'
import { lnMass, type Weights, weightsOf } from './weights.ts'

/** What the reads of one tag say if it stands on one tier. */
export interface OnTier {
  curve: Curve
  place: Place
  /** ln of how well they fit that tier, wherever along it. */
  ln: number
  /** ln of how well the antennas go together there, against phases that mean nothing. */
  between: number
  /** ln of how much better they fit this tier than that of the face behind; 0 of a tag that the catalogue knows. */
  infront: number
}

/** One tag, with what it says of every tier it may stand on. */
export interface TagEvidence {
  belief: ShelfBelief
  byTier: ReadonlyMap<number, OnTier>
  /** Of the tier its phases fit best: where along the rail hardly depends on the tier. */
  usual: OnTier | undefined
}

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

/** How widely a curve is spread: entropy of its density, nats (0 for 1 mm). */
function spreadOf({ ln, step }: Curve, { weight, all, top }: Weights): number {
  let mean = 0
  for (let g = 0; g < ln.length; g++) mean += (weight[g] as number) * ((ln[g] as number) - top)
  return Math.log(all * step) - mean / all
}

/** Reads may fit nowhere near the tag, which a sharp curve leaves out sooner; then it stands about where it was heard. */
function doubtsOf(spread: number, x: number, { doubt, far }: EvidenceConstants): Mode[] {
  const odds = Math.exp(doubt.lnOdds + doubt.perNat * spread)
  const all = 1 + odds + far.odds
  return [
    { x, sigma: doubt.mm, weight: odds / all },
    { x, sigma: far.mm, weight: far.odds / all },
  ]
}

/** As sure of its place on every tier, so that levels alone tell which. */
function toldEvidence(b: ShelfBelief, told: Told, tiers: Tiers, openLn: number): TagEvidence {
  const curve = toldCurve(told)
  const on: OnTier = { curve, place: placeOf(curve, []), ln: 0, between: 0, infront: 0 }
  const open = [...tiersInQuestion(b, tiers, openLn).keys()]
  return { belief: b, byTier: new Map(open.map((tier) => [tier, on])), usual: on }
}

/** What the reads of one tag say of every tier that levels leave open by `openLn`. */
export function evidenceOf(
  walk: Walk,
  tiers: Tiers,
  belief: ShelfBelief,
  openLn: number,
): TagEvidence {
  const told = walk.told.get(belief.tag)
  if (told) return toldEvidence(onToldShelf(belief, told), told, tiers, openLn)
  const { profiles, book, sights, referenceMhz, constants } = walk
  const c = forStrength(constants.evidence, belief.strengthDb)
  const { x } = belief.heard
  const foreign = belief.home < 0 && (walk.scene.expected ?? []).length > 0
  const byTier = new Map<number, OnTier>()
  for (const [tier, shelf] of tiersInQuestion(belief, tiers, openLn)) {
    const mine = sights[shelf] ?? []
    const views = viewsOf(profiles, belief.tag, x, book.channels, referenceMhz, mine, c)
    const alone = curveOf(views, mine, x, c)
    const share = c.between.share
    const curve = { ...alone, ln: alone.ln.map((l, g) => l + share * (alone.between[g] as number)) }
    const weights = weightsOf(curve.ln)
    const ln = lnMass(weightsOf(alone.ln))
    const between = (lnMass(weights) - ln) / share
    const place = placeOf(curve, doubtsOf(spreadOf(curve, weights), x, c), weights)
    const behind = foreign && curveOf(views, walk.behind[tier] ?? [], x, c)
    const infront = behind ? ln - lnMass(weightsOf(behind.ln)) : 0
    byTier.set(tier, { curve, place, ln, between, infront })
  }
  const usual = [...byTier.values()].reduce<OnTier | undefined>(
    (best, on) => (best && best.ln >= on.ln ? best : on),
    undefined,
  )
  return { belief, byTier, usual }
}
