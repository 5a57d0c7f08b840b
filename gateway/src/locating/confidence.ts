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

/**
 * Confidence of every tag of one shelf. A rank is right when the tag stands on this shelf, in this order, and so many
 * of those left of it stand on this shelf, too. `rank` and `shelf` are probabilities by tag. `astray` is the share of
 * boxes of this face that were found on other boards: as many again were not found out, and each shifts the ranks right
 * of it.
 */
export function confident(
  order: Int32Array,
  rank: Float64Array,
  shelf: readonly number[],
  astray: number,
  c: ConfidenceConstants,
): Confidence[] {
  const out: Confidence[] = []
  const unseen = c.unseen * Math.max(0, astray - c.freeAstray)
  let left = 1
  for (const i of order) {
    const mine = shelf[i] as number
    const raw = mine * (rank[i] as number) * left
    left *= mine * (1 - unseen)
    const onShelf = onCurve(mine, c.shelfCurve)
    out[i] = { face: onShelf, shelf: onShelf, rank: Math.min(onShelf, onCurve(raw, c.rankCurve)) }
  }
  return out
}
