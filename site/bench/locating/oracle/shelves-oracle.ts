/**
 * The bound on drawn walks: whoever knows where every box truly stands, the true track of the cart, the statistics of
 * the multipath, and of each misplaced box that it is either there or in its slot. It decides by the likelihood ratio
 * of places as exact as Cramér and Rao allow. Shelves are taken as known.
 */
import { drawWalk, type TrueBox, type Walk, walkRanges } from '@lantai/firmware-sim'
import { sameEpc } from '../case.ts'
import { profilesOf } from '../methods/profile.ts'
import type { SceneSet } from '../scenes.ts'
import { leastSigma } from './bound.ts'
import { type Kernel, kernelOf } from './kernel.ts'
import { type KnownTag, type ResidualTrack, residualsOf, trueLine } from './residuals.ts'

/** A box that was read, where it truly stands. */
interface Box {
  truth: TrueBox
  tracks: ResidualTrack[]
}

export interface BoundRow {
  boxes: Box[]
  walk: Walk
}

const unknownDepthMm = 600

/** Residuals of all boxes of a walk, by shelf. */
export function boundRows(set: SceneSet, n: number): BoundRow[] {
  const walk = drawWalk(`${set}/${n}`, walkRanges[set])
  const scene = { ...walk.scene, poses: [...walk.truth.poses] }
  const profiles = profilesOf(scene, walk.reads, () => 0)
  const shelves = new Map(scene.shelves.map((s) => [s.shelf, s]))
  const known = walk.truth.boxes.flatMap((truth): { truth: TrueBox; tag: KnownTag }[] => {
    const profile = profiles.get(sameEpc(truth.epc))
    const shelf = truth.shelf === null ? undefined : shelves.get(truth.shelf)
    if (!profile || !shelf) return []
    const depth = ((shelf.depthMm ?? unknownDepthMm) + truth.pushedBackMm) / 1000
    return [{ truth, tag: { profile, x: truth.xMm / 1000, height: shelf.heightMm / 1000, depth } }]
  })
  const tags = known.map((k) => k.tag)
  const lines = new Map(scene.antennas.map(({ antenna }) => [antenna, trueLine(tags, antenna)]))
  const boxes = known.map(({ truth, tag }) => ({
    truth,
    tracks: residualsOf(tag, (antenna) => lines.get(antenna) ?? 0),
  }))
  return [...Map.groupBy(boxes, (b) => b.truth.shelf).values()].map((row) => ({
    boxes: row.sort((a, b) => a.truth.xMm - b.truth.xMm),
    walk,
  }))
}

export const shelvesKernel = (rows: readonly BoundRow[]): Kernel =>
  kernelOf(rows.map((r) => r.boxes.flatMap((b) => b.tracks)))

/** Distribution function of the standard normal (Abramowitz and Stegun 7.1.26). */
export function normal(z: number): number {
  const u = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * u)
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (poly * Math.exp(-u * u)) / 2
  return z > 0 ? 1 - tail : tail
}

/** How far apart two hypotheses about neighbours lie: √(δᵀ Σ⁻¹ δ), their errors going together by ρ. */
export function separation(
  shiftA: number,
  shiftB: number,
  sigmaA: number,
  sigmaB: number,
  together: number,
): number {
  const a = shiftA / sigmaA
  const b = shiftB / sigmaB
  return Math.sqrt((a * a - 2 * together * a * b + b * b) / (1 - together * together))
}

/** At one false alarm in a thousand, one-sided. */
const quantile999 = 3.0902
export const detection = (d: number): number => normal(d - quantile999)

/** Chance to decide wrongly when a pair is exchanged with chance `prior` and the likelier of the two is printed. */
export function mistakes(d: number, prior: number): { missed: number; invented: number } {
  const odds = Math.log((1 - prior) / prior)
  return { missed: normal(odds / d - d / 2), invented: normal(-odds / d - d / 2) }
}

export interface ShelvesBound {
  /** Share of boxes at their exact rank with the catalogue, when nothing goes wrong but the order of neighbours: boards
   * and boxes further astray are taken as known. */
  rank: number
  /** Planted ones that were read, and the share of them that can be found at one false report in a thousand. */
  planted: number
  recall: number
  /** Of pairs of exchanged neighbours alone. */
  swapRecall: number
  /** Of boxes that stand two places or more from their slot, on their own board. */
  astrayRecall: number
  /** Pairs of neighbours, and the share whose order can be told without a catalogue. */
  pairs: number
  adjacent: number
  sigmaCm: number
}

const thicknessOf = ({ walk }: BoundRow) =>
  new Map((walk.scene.expected ?? []).map((e) => [sameEpc(e.epc), e.thicknessMm / 1000]))

const unknownThickness = 0.035

interface Pair {
  /** Distance of the two orders in standard deviations. */
  d: number
  swapped: boolean
}

interface RowBound {
  sigmas: number[]
  pairs: Pair[]
  /** Of boxes astray on their own board, how far their two places are apart, in standard deviations. */
  astray: number[]
  /** Come from another board: taken as found, in favour of the bound. */
  fromElsewhere: number
}

/** Where the slot of a box is: beside the boxes in place that the catalogue has next to it. null when there is none. */
function homeOf(row: BoundRow, { truth }: Box): number | null {
  const slots = (row.walk.scene.expected ?? []).filter((e) => e.shelf === truth.shelf)
  const rank = slots.find((e) => sameEpc(e.epc) === sameEpc(truth.epc))?.rank ?? 0
  const standing = new Map(
    row.boxes.flatMap((b) => (b.truth.kind === 'in-place' ? [[sameEpc(b.truth.epc), b]] : [])),
  )
  const places = slots
    .sort((a, b) => Math.abs(a.rank - rank) - Math.abs(b.rank - rank))
    .flatMap((e) => standing.get(sameEpc(e.epc))?.truth.xMm ?? [])
  const near = places.slice(0, 2)
  return near.length === 0 ? null : near.reduce((sum, x) => sum + x, 0) / near.length / 1000
}

/** Beside its nearest neighbour, whose error is known and is partly its own. */
function astrayBy(row: BoundRow, i: number, sigma: number, kernel: Kernel): number {
  const box = row.boxes[i] as Box
  const home = homeOf(row, box)
  if (home === null) return Number.POSITIVE_INFINITY
  const gaps = [row.boxes[i - 1], row.boxes[i + 1]].flatMap((b) =>
    b ? [Math.abs(b.truth.xMm - box.truth.xMm) / 1000] : [],
  )
  const together = Math.exp(-Math.min(...gaps, 1) / kernel.neighbours)
  return Math.abs(box.truth.xMm / 1000 - home) / (sigma * Math.sqrt(1 - together ** 2))
}

function rowBound(row: BoundRow, kernel: Kernel): RowBound {
  const thickness = thicknessOf(row)
  const widthOf = (b: Box) => thickness.get(sameEpc(b.truth.epc)) ?? unknownThickness
  const sigmas = row.boxes.map((b) => leastSigma(b.tracks, kernel))
  const pairs = row.boxes.slice(1).map((b, i): Pair => {
    const a = row.boxes[i] as Box
    const together = Math.exp((a.truth.xMm - b.truth.xMm) / 1000 / kernel.neighbours)
    const at = [sigmas[i] as number, sigmas[i + 1] as number] as const
    // Exchanged, each goes by the width of the other.
    const d = separation(widthOf(b), -widthOf(a), ...at, together)
    return { d, swapped: a.truth.kind === 'swapped' && b.truth.kind === 'swapped' }
  })
  const astray = row.boxes.flatMap((b, i) =>
    b.truth.kind === 'moved-on-shelf' ? [astrayBy(row, i, sigmas[i] as number, kernel)] : [],
  )
  const fromElsewhere = row.boxes.filter((b) => b.truth.kind === 'moved-shelf').length
  return { sigmas, pairs, astray, fromElsewhere }
}

const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length

export function shelvesBound(rows: readonly BoundRow[], kernel: Kernel): ShelvesBound {
  const parts = rows.map((row) => rowBound(row, kernel))
  const pairs = parts.flatMap((p) => p.pairs)
  const sigmas = parts.flatMap((p) => p.sigmas).sort((x, y) => x - y)
  const astray = parts.flatMap((p) => p.astray)
  const fromElsewhere = parts.reduce((sum, p) => sum + p.fromElsewhere, 0)
  const swaps = pairs.filter((p) => p.swapped)
  const found = swaps.reduce((sum, p) => sum + 2 * detection(p.d), 0)
  const foundAstray = astray.reduce((sum, d) => sum + detection(d), 0)
  const prior = Math.max(1e-4, swaps.length / pairs.length)
  const wrong = pairs.reduce((sum, p) => {
    const { missed, invented } = mistakes(p.d, prior)
    return sum + 2 * (p.swapped ? missed : invented)
  }, 0)
  return {
    rank: 1 - wrong / sigmas.length,
    planted: fromElsewhere + astray.length + 2 * swaps.length,
    recall:
      (fromElsewhere + foundAstray + found) / (fromElsewhere + astray.length + 2 * swaps.length),
    astrayRecall: foundAstray / astray.length,
    swapRecall: found / (2 * swaps.length),
    pairs: pairs.length,
    adjacent: mean(pairs.map((p) => normal(p.d / 2))),
    sigmaCm: 100 * (sigmas[sigmas.length >> 1] as number),
  }
}
