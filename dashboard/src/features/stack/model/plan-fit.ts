/** What part of the room is fitted into the panel. */
import type { StackLayout } from '@lantai/contracts'
import { boundsOf, type Point, xy } from './geometry.ts'

export type FitChoice = 'room' | 'banks'

/**
 * The banks with the floor around them, where people look for a box; the whole room when it is asked for or holds no
 * banks. Walls, desk and door give bearings, but never at the price of the numbers.
 */
export function boundsToFit(
  layout: StackLayout,
  room: string,
  choice: FitChoice,
): { bounds: [Point, Point]; of: FitChoice } | null {
  const r = layout.rooms.find((x) => x.room === room)
  const banks = layout.banks.filter((b) => b.room === room)
  const aroundBanks = boundsOf(banks, 250)
  const wholeRoom = r && {
    bounds: [xy(0, r.heightMm), xy(r.widthMm, 0)] as [Point, Point],
    of: 'room' as const,
  }
  const banksOnly = aroundBanks && { bounds: aroundBanks, of: 'banks' as const }
  return (choice === 'room' ? (wholeRoom ?? banksOnly) : (banksOnly ?? wholeRoom)) ?? null
}
