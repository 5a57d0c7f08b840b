/** Which shelves are filled and with which boxes. Older years stand densely in 甲 and 乙; 丁 waits for growth. */
import { formatAddress } from '@lantai/contracts'
import type { Rng } from '../rng.ts'
import { sections, shelfWidthMm, shelves } from './layout.ts'
import { giai96, printedCode, tid96 } from './numbers.ts'

export const boxCount = 9_231

export interface StoreBox {
  readonly code: string
  readonly epc: string
  readonly tid: string
  readonly spineMm: number
  readonly home: string
  readonly column: number
}

/** Filled shelves of the 60 in each column, in column order; 740 of 2,700. */
const filled: readonly number[] = [
  [58, 60, 46, 52, 31, 42, 38, 24, 33, 19, 28, 14],
  [36, 27, 31, 17, 25, 21, 12, 18, 9, 14, 6],
  [18, 12, 7, 10, 6, 8, 0, 5, 0, 3, 0],
  [6, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0],
].flat()

interface Shelf {
  column: number
  side: 'A' | 'B'
  section: number
  shelf: number
}

/** Boxes in archive order: column, face, section, shelf from the top down, slot from the left. */
export function buildBoxes(rng: Rng): StoreBox[] {
  const places = filled.flatMap((n, i) => shelvesOfColumn(i + 1, n, rng.fork(`shelves-${i}`)))
  const counts = countsPerShelf(places.length, rng.fork('counts'))
  const ids = rng.fork('codes')
  const seen = new Set<string>()
  const boxes: StoreBox[] = []
  places.forEach((place, i) => {
    spinesOf(counts[i] as number, rng.fork(`spines-${i}`)).forEach((spineMm, k) => {
      boxes.push({
        code: freshCode(seen, ids),
        epc: giai96(1_000_001 + boxes.length),
        tid: tid96(ids.u32()),
        spineMm,
        home: formatAddress({ ...place, slot: k + 1 }),
        column: place.column,
      })
    })
  })
  return boxes
}

/** Sections fill from the walkway inwards; in a section the shelves at hand height come first. */
function shelvesOfColumn(column: number, count: number, rng: Rng): Shelf[] {
  const handy = [4, 5, 3, 2, 6, 1]
  const ranked = (['A', 'B'] as const).flatMap((side) =>
    Array.from({ length: sections }, (_, s) =>
      handy.map((shelf, reach) => ({
        column,
        side,
        section: s + 1,
        shelf,
        late: s * 1.4 + reach * 1.1 + (side === 'B' ? 2.2 : 0) + rng.float() * 2.4,
      })),
    ).flat(),
  )
  return ranked
    .sort((a, b) => a.late - b.late)
    .slice(0, count)
    .map(({ late: _, ...shelf }) => shelf)
    .sort((a, b) => a.side.localeCompare(b.side) || a.section - b.section || b.shelf - a.shelf)
}

function countsPerShelf(shelfCount: number, rng: Rng): number[] {
  const counts = Array.from({ length: shelfCount }, () =>
    rng.pick([10, 11, 12, 12, 13, 13, 14, 15]),
  )
  let missing = boxCount - counts.reduce((a, b) => a + b, 0)
  while (missing !== 0) {
    const i = rng.int(0, shelfCount - 1)
    const next = (counts[i] as number) + Math.sign(missing)
    if (next < 10 || next > 15) continue
    counts[i] = next
    missing -= Math.sign(missing)
  }
  return counts
}

function spinesOf(count: number, rng: Rng): number[] {
  const spines = Array.from({ length: count }, () => rng.pick([20, 30, 30, 40, 40, 40, 50, 50]))
  let free = shelfWidthMm - spines.reduce((a, b) => a + b, 0)
  while (free < 0) {
    const i = rng.int(0, count - 1)
    if (spines[i] === 20) continue
    spines[i] = (spines[i] as number) - 10
    free += 10
  }
  return spines
}

function freshCode(seen: Set<string>, rng: Rng): string {
  for (;;) {
    const code = printedCode('LT', (below) => rng.int(0, below - 1))
    if (seen.has(code)) continue
    seen.add(code)
    return code
  }
}

/** Shelves in the room, filled or not. */
export const shelfTotal = filled.length * 2 * sections * shelves
