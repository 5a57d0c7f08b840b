import type { Side } from '../shelving/place.ts'
import { type BankStatus, nothingKnown } from '../shelving/status.ts'
import type { ColumnState } from './frames.ts'
import type { MjjShelving } from './kind.ts'

/** What one look heard. A column that did not answer is absent; nothing of an older look stands in for it. */
export interface Heard {
  columns: ReadonlyMap<number, { moving: boolean; state: ColumnState | null }>
  /** Code of the alarm, 0 for none; null when nothing was said about it. */
  alarm: number | null
}

/** Turns the answers of one look into what was observed (rule S6). Pure. */
export function observe(device: MjjShelving, { columns, alarm }: Heard): BankStatus {
  // The fixed column has no drive and is not asked; it counts where aisles are judged.
  const movable = device.columns.slice(1)
  const motion = motionOf(movable.map((c) => columns.get(c)?.moving))
  const states = movable.map((c) => columns.get(c)?.state ?? null)
  return {
    uptimeS: null,
    inputs: {
      link: 'clear',
      // It has no forbid of its own; the latch is the gateway's (rule S7).
      forbid: 'clear',
      controllerFault: alarm === null ? 'unknown' : alarm === 0 ? 'clear' : 'active',
    },
    observed: {
      ...nothingKnown(device),
      motion,
      openAisle: motion === 'still' ? openAisleOf(device, states) : null,
      columns: device.columns.map((column) => {
        const state = columns.get(column)?.state ?? null
        return { column, xMm: null, locked: state === null ? null : state === 'locked' }
      }),
      faults: alarm ? [`alarm ${alarm}`] : [],
    },
  }
}

function motionOf(moving: readonly (boolean | undefined)[]) {
  if (moving.includes(true)) return 'moving'
  return moving.includes(undefined) ? 'unknown' : 'still'
}

/**
 * The aisle whose two neighbours stand away from it while every other column touches both of its own: its left
 * neighbour is left, its right neighbour right. Null when no aisle is, or when nobody has said which side is left.
 */
export function openAisleOf(
  { columns, leftIs }: Pick<MjjShelving, 'columns' | 'leftIs'>,
  movable: readonly (ColumnState | null)[],
): number | null {
  if (leftIs === undefined) return null
  const sides = movable.map((state) => sideOf(state, leftIs))
  const open = columns.filter((_, i) => sides.every((side, k) => side === expected(k + 1, i)))
  return open.length === 1 ? (open[0] ?? null) : null
}

/** How column `k` stands when the aisle after column `i` is open, both in rail order from the fixed one. */
const expected = (k: number, i: number): Side | 'both' =>
  k === i ? 'lower' : k === i + 1 ? 'higher' : 'both'

function sideOf(state: ColumnState | null, leftIs: Side): Side | 'both' | null {
  if (state === 'both') return 'both'
  if (state === 'left') return leftIs
  if (state === 'right') return leftIs === 'lower' ? 'higher' : 'lower'
  return null
}
