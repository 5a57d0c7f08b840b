import type { WalkScene } from '@lantai/contracts'
import type { LocatingConstants } from './constants.ts'
import type { Line } from './evidence/lines.ts'
import type { Sight } from './evidence/views.ts'
import type { Profiles } from './profiles.ts'
import type { ReadBook } from './read-book.ts'
import { fitRow, type RowFit, type TagSamples } from './row/row.ts'
import type { Tiers } from './tiers.ts'
import type { Told } from './told.ts'
import type { Track } from './track.ts'

/** A walk on the rail: what every later step starts from. */
export interface Walk {
  scene: WalkScene
  book: ReadBook
  track: Track
  /** x of the poses and of the samples is the rail's: the odometer was corrected. */
  poseX: Float64Array
  profiles: Profiles
  /** Cable and reader, by antenna of the scene. */
  lines: Line[]
  tiers: Tiers
  /** By shelf and antenna of the scene. */
  sights: Sight[][]
  /** The same of boards of the face behind, by tier and antenna. */
  behind: Sight[][]
  /** Phases are brought to this channel. */
  referenceMhz: number
  shelfIndex: ReadonlyMap<string, number>
  /** Places known from elsewhere, by tag; empty unless an oracle asks. */
  told: ReadonlyMap<number, Told>
  constants: LocatingConstants
}

/** Fits tags that stand on one shelf, by radio alone. */
export function fitShelf(walk: Walk, shelf: number, tags: TagSamples[]): RowFit {
  const { heightMm, depthMm } = walk.scene.shelves[shelf] as WalkScene['shelves'][number]
  const { order, line, row } = walk.constants
  return fitRow(
    {
      tags,
      antennas: walk.scene.antennas.map(({ offsetMm: [, up, towards] }, a) => {
        const { radPerMhz, sigma } = walk.lines[a] as Line
        return {
          upMm: up - heightMm,
          towardsMm: towards,
          lineRadPerMhz: sigma <= line.sureSigma ? radPerMhz : null,
        }
      }),
      depthMm,
      minGapMm: order.minGapMm,
    },
    row,
  )
}
