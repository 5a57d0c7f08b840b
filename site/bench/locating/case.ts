/** What every method is given, and the truth that only the metrics see. */
import type { Located, WalkRead, WalkScene } from '@lantai/contracts'

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
  /** A dead tag stays silent wherever it is asked. */
  dead: boolean
}

export interface LocatingCase {
  name: string
  scene: WalkScene
  reads: WalkRead[]
  truth: TruePlace[]
  /**
   * `printed`: the rank of an answer is judged as it stands. `scored`: it is counted anew among the scored tags, since
   * others of unknown place stand between them.
   */
  ranks: 'printed' | 'scored'
  /** One offset of a whole row is no error: nobody measured where the rail began. */
  freeOffset: boolean
  /**
   * Phase that cable and reader add per megahertz, measured on recordings that are not scored here. null: nobody
   * measured it, and a method may find it in the reads or do without.
   */
  lineRadPerMHz: number | null
}

/** What a method says of a case. */
export interface Answer {
  located: readonly Located[]
  /** How sure it is that a box is not in its place, in any unit that grows; of boxes read and expected. */
  misplacement: ReadonlyMap<string, number>
  /** Boxes of which it says more than silence: that they may be gone. */
  suspected: readonly string[]
}

export interface Method {
  name: string
  /** Its confidence is meant, and is judged. */
  confident: boolean
  answer(given: LocatingCase): Answer
}

export const sameEpc = (epc: string): string => epc.toUpperCase()
