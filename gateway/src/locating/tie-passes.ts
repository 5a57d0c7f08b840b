import type { Catalogue } from './catalogue.ts'
import type { LocatingConstants } from './constants.ts'
import { type Curve, curveOf } from './evidence/curve.ts'
import { viewsOf } from './evidence/views.ts'
import { type Correction, corrected, correctionOf, type Mark, offsetCount } from './odometer.ts'
import { sampled } from './profiles.ts'
import { epcKey } from './read-book.ts'
import type { Walk } from './walk.ts'

/** A tag that ties passes: its shelf, and where it is glued, if it is. */
interface Tie {
  tag: number
  shelf: number
  x: number | null
}

/** Where one pass heard a tag, by its odometer. null where it did not. */
function curveOn(walk: Walk, { tag, shelf, x }: Tie, pass: number): Curve | null {
  const { profiles, book, sights, referenceMhz, constants } = walk
  const mine = sights[shelf] ?? []
  const centre = x ?? middleOn(walk, tag, pass)
  if (centre === null) return null
  const { reachMm, biasShare } = constants.odometer
  const phase = {
    ...constants.evidence.phase,
    sigma: biasShare * constants.evidence.phase.sigma,
  }
  const c = { ...constants.evidence, searchMm: reachMm + 50, phase }
  const views = viewsOf(profiles, tag, centre, book.channels, referenceMhz, mine, c, pass)
  const seen = views.reduce((n, v) => n + v.x.length, 0)
  return seen < constants.odometer.leastPlaces ? null : curveOf(views, mine, centre, c)
}

function middleOn({ profiles: p }: Walk, tag: number, pass: number): number | null {
  let sum = 0
  let at = 0
  for (let i = p.start[tag] as number; i < (p.start[tag + 1] as number); i++) {
    if (p.pass[i] !== pass) continue
    const w = 10 ** ((p.rssi[i] as number) / 20)
    sum += w
    at += w * (p.x[i] as number)
  }
  return sum > 0 ? at / sum : null
}

const valueAt = ({ from, step, ln }: Curve, x: number): number => {
  const at = (x - from) / step
  const i = Math.max(0, Math.min(ln.length - 2, Math.floor(at)))
  const share = Math.max(0, Math.min(1, at - i))
  return (1 - share) * (ln[i] as number) + share * (ln[i + 1] as number)
}

/** A tag of known place: the odometer that it was heard at, against where it stands. */
function standingMark(curve: Curve, x: number, c: LocatingConstants['odometer']): Mark {
  const half = (offsetCount(c) - 1) / 2
  return {
    at: x,
    ln: Float64Array.from({ length: 2 * half + 1 }, (_, k) =>
      valueAt(curve, x - (k - half) * c.stepMm),
    ),
  }
}

/** A tag of unknown place, heard on a pass that is corrected and on this one. */
function sharedMark(
  there: Curve,
  here: Curve,
  known: Correction,
  c: LocatingConstants['odometer'],
): Mark {
  const half = (offsetCount(c) - 1) / 2
  const weight = there.ln.map((l) => Math.exp(l))
  const ln = Float64Array.from({ length: 2 * half + 1 }, (_, k) => {
    let sum = 0
    for (const [g, w] of weight.entries()) {
      const x = corrected(there.from + g * there.step, known)
      const at = x - (k - half) * c.stepMm
      if (at < here.from || at > here.from + (here.ln.length - 1) * here.step) continue
      sum += w * Math.exp(valueAt(here, at))
    }
    return Math.log(sum + 1e-9)
  })
  return { at: here.from + ((here.ln.length - 1) / 2) * here.step, ln }
}

/** As weights: the greatest is one. */
function levelled(curve: Curve): Curve {
  const top = curve.ln.reduce((a, b) => Math.max(a, b))
  return { ...curve, ln: curve.ln.map((l) => l - top) }
}

function sharedMarks(
  walk: Walk,
  ties: readonly Tie[],
  anchor: number,
  pass: number,
  known: Correction,
): Mark[] {
  const marks: Mark[] = []
  for (const tie of ties) {
    if (marks.length >= walk.constants.odometer.enoughShared) break
    const there = curveOn(walk, tie, anchor)
    const here = there && curveOn(walk, tie, pass)
    if (there && here)
      marks.push(sharedMark(levelled(there), levelled(here), known, walk.constants.odometer))
  }
  return marks
}

/** Boxes of the catalogue where it has them; without one, every tag, as of the shelf in the middle. */
function sharedTies({ scene, book, profiles }: Walk, catalogue: Catalogue): Tie[] {
  const expected = catalogue.flatMap((slots, shelf) =>
    slots.flatMap(({ tag }) => (sampled(profiles, tag) ? [{ tag, shelf, x: null }] : [])),
  )
  if (expected.length > 0) return expected
  return [...book.tags.all.keys()]
    .filter((tag) => sampled(profiles, tag))
    .map((tag) => ({ tag, shelf: scene.shelves.length >> 1, x: null }))
}

/**
 * What to add to the odometer of every pass: by the shelf tags that it heard, or, where it heard none, by the tags that
 * it has in common with one that did.
 */
export function corrections(walk: Walk, catalogue: Catalogue): Correction[] {
  const { scene, book, profiles, track, shelfIndex, constants } = walk
  const c = constants.odometer
  const glued = scene.references.flatMap((r): Tie[] => {
    const tag = book.tags.find(epcKey(r.epc))
    const shelf = shelfIndex.get(r.shelf) as number
    return sampled(profiles, tag) ? [{ tag, shelf, x: r.xMm }] : []
  })
  const passes = [...track.passes.keys()]
  const marks = passes.map((pass) =>
    glued.flatMap((tie): Mark[] => {
      const curve = curveOn(walk, tie, pass)
      return curve ? [standingMark(curve, tie.x as number, c)] : []
    }),
  )
  const anchor = Math.max(
    0,
    marks.findIndex((m) => m.length > 0),
  )
  const known = correctionOf(marks[anchor] ?? [], c)
  const ties = passes.length > 1 ? sharedTies(walk, catalogue) : []
  return passes.map((pass) => {
    if (pass === anchor) return known
    const mine = marks[pass] as Mark[]
    return correctionOf(mine.length > 0 ? mine : sharedMarks(walk, ties, anchor, pass, known), c)
  })
}
