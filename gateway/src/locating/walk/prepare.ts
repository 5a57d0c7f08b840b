/** What the locator is given of a walk that has ended. Pure. */
import type { FrozenScene, Pose, WalkScene } from '@lantai/contracts'
import { type Blind, isIn, united, widened } from './blind.ts'
import type { ReadTable } from './columns.ts'
import { type Gathered, gapUs } from './recorder.ts'

/** Positions farther apart than this are a gap to the locator (`locatingConstants.track`), which says `odometer-gap`. */
const seenAsGapUs = 1.5 * gapUs

/** Times without a position, between the first and the last of them. */
function gapsOf(poses: readonly Pose[]): Blind[] {
  return poses.slice(1).flatMap((pose, i) => {
    const fromUs = (poses[i] as Pose).at
    return pose.at - fromUs > gapUs ? [{ fromUs, toUs: pose.at }] : []
  })
}

/**
 * The scene with the poses of this walk. Where the reader was not heard there are none: what nobody listened to is as
 * uncovered as what nobody walked along.
 */
export function sceneOf({ face: _, labels: __, ...frozen }: FrozenScene, g: Gathered): WalkScene {
  const blinds = widened(g.blinds, seenAsGapUs)
  return { ...frozen, poses: g.poses.filter((p) => !isIn(blinds, p.at)) }
}

/** Indices of the reads that may be placed: by an antenna of the scene, at a moment at which the cart's place is known. */
export function placeable(reads: ReadTable, scene: WalkScene): Uint32Array {
  const antennas = new Set(scene.antennas.map((a) => a.antenna))
  const gaps = united(gapsOf(scene.poses))
  const kept = new Uint32Array(reads.size)
  let count = 0
  for (let i = 0; i < reads.size; i++)
    if (antennas.has(reads.antenna[i] as number) && !isIn(gaps, reads.at[i] as number))
      kept[count++] = i
  return kept.slice(0, count)
}
