/** What part of the room is fitted into the panel. */
import type { StackLayout } from '@lantai/contracts'
import { boundsOf, type Point, xy } from './geometry.ts'

export type FitChoice = 'auto' | 'room' | 'banks'

/** Below this pitch the numbers of a column no longer stand side by side. */
const readablePitchPx = 20

/**
 * The whole room where its columns stay readable, else the banks with the floor around them. Walls, desk and door
 * give bearings, but never at the price of the numbers.
 */
export function boundsToFit(
  layout: StackLayout,
  room: string,
  choice: FitChoice,
  panel: { width: number; height: number },
): { bounds: [Point, Point]; of: 'room' | 'banks' } | null {
  const r = layout.rooms.find((x) => x.room === room)
  const banks = layout.banks.filter((b) => b.room === room)
  const aroundBanks = boundsOf(banks, 250)
  const banksOnly = aroundBanks && { bounds: aroundBanks, of: 'banks' as const }
  if (!r) return banksOnly
  const wholeRoom = {
    bounds: [xy(0, r.heightMm), xy(r.widthMm, 0)] as [Point, Point],
    of: 'room' as const,
  }
  if (choice === 'room' || !banksOnly) return wholeRoom
  if (choice === 'banks') return banksOnly
  const pxPerMm = Math.min(panel.width / r.widthMm, panel.height / r.heightMm)
  const narrowest = Math.min(...banks.flatMap((b) => b.columns.map((c) => c.widthMm)))
  return pxPerMm * narrowest >= readablePitchPx ? wholeRoom : banksOnly
}
