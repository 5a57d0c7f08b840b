/** What every method is given, and the truth that only the metrics see. */
import type { WalkRead, WalkScene } from '@lantai/contracts'

/** Where a tag really is. */
export interface TruePlace {
  epc: string
  /** null: not on any of the scene's shelves (another face, a trolley), or nowhere. */
  shelf: string | null
  /** Along the true rail, before any error of the odometer; null where nobody wrote it down. */
  xMm: number | null
  /** Counts in the figures. A neighbour of unknown place is heard and not scored. */
  scored: boolean
  /** Not where the catalogue has it: a misplaced box. False without a catalogue. */
  moved: boolean
}

export interface LocatingCase {
  name: string
  scene: WalkScene
  reads: WalkRead[]
  truth: TruePlace[]
  /**
   * Phase that cable and reader add per megahertz, measured on recordings that are not scored here. null: nobody
   * measured it, and a method may find it in the reads or do without.
   */
  lineRadPerMHz: number | null
}
