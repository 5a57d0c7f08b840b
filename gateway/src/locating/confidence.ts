import type { ConfidenceConstants } from './constants.ts'

/** Probabilities that never increase from face to shelf to rank. */
export interface Confidence {
  face: number
  shelf: number
  rank: number
}

/** One monotone curve through its knots; ends are carried on. */
export function onCurve(p: number, curve: readonly (readonly [number, number])[]): number {
  let before = curve[0] as readonly [number, number]
  for (const knot of curve) {
    if (p <= knot[0]) {
      const width = knot[0] - before[0]
      return width <= 0 ? knot[1] : before[1] + ((p - before[0]) / width) * (knot[1] - before[1])
    }
    before = knot
  }
  return before[1]
}

/** What is computed of the boxes of one shelf. */
export interface Computed {
  /** Indices of the boxes, from left to right. */
  order: Int32Array
  /** By box: probability that it stands on this shelf, and, if it does, that its rank is right. */
  shelf: readonly number[]
  rank: Float64Array
}

/** What a walk as a whole shows of its boxes. */
export interface WalkShows {
  /** Share of boxes that were found on other boards: as many again were not found out, and each shifts ranks. */
  astray: number
  /** Mean probability that a box printed in sequence is out of it, as computed. */
  unsettled: number
}

/** And what that says of its answers. */
export interface WalkTrust extends WalkShows {
  /** Mean probability that a box is not where it is said to be, for itself. */
  doubt: number
}

export function trustOf(shelves: readonly Computed[], walk: WalkShows): WalkTrust {
  let [sum, boxes] = [0, 0]
  for (const { order, shelf, rank } of shelves)
    for (const i of order) {
      sum += 1 - (shelf[i] as number) * (rank[i] as number)
      boxes++
    }
  return { ...walk, doubt: boxes > 0 ? sum / boxes : 0 }
}

/** ln odds of being misplaced of a box of this walk whose computed odds are even. */
function lnOfWalk({ astray, unsettled }: WalkShows, { misplaced: c }: ConfidenceConstants): number {
  const times = (share: number) => Math.log((share + c.leastShare) / c.usualShare)
  return c.ln + c.astray * times(astray) + c.unsettled * times(unsettled)
}

/**
 * Probability that a box is not in its slot: computed odds are surer than what happens, those of another board less so.
 * The more boxes are on other boards, the likelier is any to have been moved; and where many are in doubt, fewer of
 * those that seem to be were.
 */
export function misplaced(
  computed: number,
  onOtherBoard: boolean,
  walk: WalkShows,
  all: ConfidenceConstants,
): number {
  const c = all.misplaced
  const ln = Math.max(c.leastLn, lnOdds(computed))
  const told = c.odds * ln + c.evenBelow * Math.min(0, ln) + (onOtherBoard ? c.otherBoard : 0)
  return 1 / (1 + Math.exp(-told - lnOfWalk(walk, all)))
}

/** Computed ln odds from which on a box is likelier out of sequence than in it, and not below even odds. */
export const evenLn = (walk: WalkShows, all: ConfidenceConstants): number =>
  Math.max(0, -lnOfWalk(walk, all) / all.misplaced.odds)

const lnOdds = (p: number): number => Math.log(Math.max(1e-9, p) / Math.max(1e-9, 1 - p))

/**
 * Confidence of every tag of one shelf. A rank is right when the tag stands on this shelf, in this order, and so many
 * of those left of it stand on this shelf, too. On a walk that leaves its boxes in doubt, each of them is wrong oftener
 * than it says itself.
 */
export function confident(
  { order, shelf, rank }: Computed,
  { astray, doubt }: WalkTrust,
  c: ConfidenceConstants,
): Confidence[] {
  const out: Confidence[] = []
  const doubtful = c.doubtPower * Math.log((doubt + c.leastDoubt) / c.usualDoubt)
  let left = 1
  for (const [k, i] of order.entries()) {
    const mine = shelf[i] as number
    const ln = lnOdds(mine * (rank[i] as number) * left) - c.unseen * k * astray
    left *= mine
    const onShelf = onCurve(mine, c.shelfCurve)
    const onRank = onCurve(1 / (1 + Math.exp(doubtful - c.sharpness * ln)), c.rankCurve)
    out[i] = { face: onShelf, shelf: onShelf, rank: Math.min(onShelf, onRank) }
  }
  return out
}
