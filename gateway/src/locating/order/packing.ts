import type { OrderConstants } from '../constants.ts'
import type { Mode } from '../evidence/curve.ts'
import { normalBelow } from '../math.ts'

const rootTau = Math.sqrt(2 * Math.PI)
/** Standard deviations left of the front beyond which nothing of a hill is left. */
const farLeft = -7

/** A box that was read on this shelf. */
export interface RowBox {
  /** Where it may stand by radio alone, likeliest first; weights sum to one. */
  modes: readonly Mode[]
  /** Where it is looked for first: the search goes from left to right. */
  at: number
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

/** Middle of one box: foretold from those left of it, and as believed with its own reads; mm and mm². */
export interface Stand {
  foretold: number
  foretoldVariance: number
  middle: number
  variance: number
}

/** The left end of a shelf before any box is placed. */
export const frontAt = (fromMm: number | null, firstX: number, c: OrderConstants): Front =>
  fromMm === null
    ? { edge: firstX, variance: c.unknownEndMm ** 2 }
    : { edge: fromMm, variance: c.endMm ** 2 }

/** Right edge as foretold after the slots passed over: silent boxes take up room as far as they are believed there. */
function passOver(
  front: Front,
  slots: readonly Slot[],
  from: number,
  to: number,
  c: OrderConstants,
): Front {
  let edge = front.edge
  let variance = front.variance + c.slackMm ** 2
  for (let s = from; s < to; s++) {
    const { silent, thicknessMm } = slots[s] as Slot
    edge += silent * thicknessMm
    variance += silent * (1 - silent) * thicknessMm ** 2
  }
  return { edge, variance }
}

/**
 * Places one more box right of the front: ln density of its reads, where it stands, and the front behind it. Boxes
 * stand tight, or after a gap, or the reads of this one are wrong about it. Slots from `from` to before `to` are
 * passed over.
 */
export function foresee(
  front: Front,
  box: RowBox,
  slots: readonly Slot[],
  from: number,
  to: number,
  c: OrderConstants,
): { ln: number; front: Front; stand: Stand } {
  const ahead = passOver(front, slots, from, to, c)
  const half = (box.thicknessMm ?? c.unknownThicknessMm) / 2
  const halfVariance = box.thicknessMm === null ? (c.unknownThicknessSigmaMm / 2) ** 2 : 0
  const foretold = ahead.edge + half
  const variance = ahead.variance + halfVariance
  let density = c.wild / c.wildMm
  let top = density
  let stand: Stand = { foretold, foretoldVariance: variance, middle: foretold, variance }
  for (const mode of box.modes) {
    const measured = mode.sigma ** 2 + c.glueMm ** 2
    const off = mode.x - foretold
    const spread = variance + measured
    const sigma = Math.sqrt(spread)
    const z = off / sigma
    if (z < farLeft) continue
    const tight = (mode.weight * (1 - c.gap - c.wild) * Math.exp(-0.5 * z * z)) / (sigma * rootTau)
    const behind = z > 4 ? 1 : normalBelow(z)
    const gap = ((mode.weight * c.gap) / c.gapMm) * Math.exp(-Math.max(0, off) / c.gapMm) * behind
    density += tight + gap
    const most = Math.max(tight, gap)
    if (most <= top) continue
    top = most
    const loose = tight > gap ? variance : variance + c.gapMm ** 2
    const gain = loose / (loose + measured)
    stand = {
      foretold,
      foretoldVariance: loose,
      middle: foretold + gain * off,
      variance: (1 - gain) * loose,
    }
  }
  return {
    ln: Math.log(density),
    front: { edge: stand.middle + half, variance: stand.variance + halfVariance },
    stand,
  }
}
