import type { OrderConstants } from '../constants.ts'
import { lnAdd, lnNormal, normalBelow } from '../math.ts'

/** A box that was read on this shelf. */
export interface RowBox {
  /** Where phase and RSSI put it, mm of the rail. */
  x: number
  /** Standard deviation of x against that of its neighbours. */
  sigma: number
  /** Index into the slots of this shelf; −1 where the catalogue has it elsewhere, or nowhere. */
  slot: number
  /** null where no catalogue knows it. */
  thicknessMm: number | null
}

/** What the catalogue has on this shelf, from left to right. */
export interface Slot {
  thicknessMm: number
  /** Probability that its box stands there unread: 0 where it was read, here or elsewhere. */
  silent: number
}

/** Right edge of the last box placed: what is believed of it, mm and mm². */
export interface Front {
  edge: number
  variance: number
}

/** The left end of a shelf before any box is placed. */
export const frontAt = (fromMm: number | null, firstX: number, c: OrderConstants): Front =>
  fromMm === null
    ? { edge: firstX, variance: c.unknownEndMm ** 2 }
    : { edge: fromMm, variance: c.endMm ** 2 }

/**
 * Places one more box right of the front: ln density of where it was measured, and the front behind it. Boxes stand
 * tight, or after a gap, or the radio was wrong about this one. `between` are slots passed over: their silent boxes
 * take up room as far as they are believed to stand there.
 */
export function foresee(
  front: Front,
  box: RowBox,
  between: readonly Slot[],
  c: OrderConstants,
): { ln: number; front: Front } {
  let edge = front.edge
  let variance = front.variance + c.slackMm ** 2
  for (const { silent, thicknessMm } of between) {
    edge += silent * thicknessMm
    variance += silent * (1 - silent) * thicknessMm ** 2
  }
  const half = (box.thicknessMm ?? c.unknownThicknessMm) / 2
  const halfVariance = box.thicknessMm === null ? (c.unknownThicknessSigmaMm / 2) ** 2 : 0
  return judge(edge + half, variance + halfVariance, box, half, halfVariance, c)
}

function judge(
  centre: number,
  variance: number,
  box: RowBox,
  half: number,
  halfVariance: number,
  c: OrderConstants,
) {
  const measured = box.sigma ** 2
  const off = box.x - centre
  const spread = variance + measured
  const tight = Math.log(1 - c.gap - c.wild) + lnNormal(off, spread)
  const gap =
    Math.log(c.gap / c.gapMm) -
    Math.max(0, off) / c.gapMm +
    Math.log(normalBelow(off / Math.sqrt(spread)) + 1e-12)
  const wild = Math.log(c.wild / c.wildMm)
  const ln = lnAdd(lnAdd(tight, gap), wild)
  const top = Math.max(tight, gap, wild)
  if (top === tight) {
    const gain = variance / spread
    return {
      ln,
      front: { edge: centre + gain * off + half, variance: (1 - gain) * variance + halfVariance },
    }
  }
  if (top === gap) return { ln, front: { edge: box.x + half, variance: measured + halfVariance } }
  return { ln, front: { edge: centre + half, variance: variance + halfVariance } }
}
