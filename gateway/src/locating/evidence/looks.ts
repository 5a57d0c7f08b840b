import type { EvidenceConstants } from '../constants.ts'
import { type Shape, shapeAt } from './shape.ts'
import { radPerMhzMm } from './views.ts'

/**
 * Phase and level that a tag of a tier should give one antenna, by how far aside the antenna is: free space, and what
 * steel does to all tags of the tier alike, once that is learned. Every `stepMm`, the middle is straight in front;
 * offset and strength are each tag's own.
 */
export interface Looks {
  stepMm: number
  phase: Float64Array
  level: Float64Array
}

/** dB of a read `aside` mm from straight in front, below one straight in front. */
export const asideDb = (aside: number, across2: number, lobe: number): number =>
  -(20 + lobe) * Math.log10(1 + (aside * aside) / across2)

export function looksOf(
  across2: number,
  referenceMhz: number,
  shape: Shape | null,
  c: EvidenceConstants,
): Looks {
  const half = Math.ceil((c.reachMm + c.searchMm + c.looksStepMm) / c.looksStepMm)
  const phase = new Float64Array(2 * half + 1)
  const level = new Float64Array(2 * half + 1)
  for (let i = 0; i <= 2 * half; i++) {
    const aside = (i - half) * c.looksStepMm
    phase[i] = radPerMhzMm * referenceMhz * Math.sqrt(aside * aside + across2)
    level[i] = asideDb(aside, across2, c.lobe)
    if (!shape) continue
    phase[i] = (phase[i] as number) + shapeAt(shape.phase, shape.stepMm, aside)
    level[i] = (level[i] as number) + shapeAt(shape.level, shape.stepMm, aside)
  }
  return { stepMm: c.looksStepMm, phase, level }
}
