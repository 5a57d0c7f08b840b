/** How many files each box holds and how many pages each file: the room's totals hold exactly. */
import type { Rng } from '../rng.ts'
import type { StoreBox } from './boxes.ts'

export const fileCount = 65_772
export const pageCount = 4_059_600

/** Files per box, by spine: a thin box holds fewer. Sums to `fileCount`. */
export function filesPerBox(boxes: readonly StoreBox[], rng: Rng): number[] {
  const counts = boxes.map((b) => Math.max(1, Math.round(b.spineMm * 0.19 + rng.normal() * 1.4)))
  return settle(counts, fileCount, rng, { low: 1, high: 16 })
}

/** Pages per file. A file of a thin box is about as thick as others; sums to `pageCount`. */
export function pagesPerFile(files: number, rng: Rng): number[] {
  const pages = Array.from({ length: files }, () =>
    Math.max(6, Math.min(240, Math.round(57 * Math.exp(rng.normal() * 0.4)))),
  )
  return settle(pages, pageCount, rng, { low: 6, high: 260 })
}

/** Nudges random entries by one until the sum is right. */
function settle(
  counts: number[],
  total: number,
  rng: Rng,
  { low, high }: { low: number; high: number },
): number[] {
  let missing = total - counts.reduce((a, b) => a + b, 0)
  while (missing !== 0) {
    const i = rng.int(0, counts.length - 1)
    const next = (counts[i] as number) + Math.sign(missing)
    if (next < low || next > high) continue
    counts[i] = next
    missing -= Math.sign(missing)
  }
  return counts
}
