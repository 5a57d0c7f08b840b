/** What the locator is given of a walk that has ended. Pure. */
import type { FrozenScene, Pose, WalkRead, WalkScene } from '@lantai/contracts'
import { type Blind, isIn, overBefore, widened } from './blind.ts'
import type { ReadTable } from './columns.ts'
import { type Gathered, gapUs } from './recorder.ts'

/** "A pause of many seconds begins another pass" (contract of `Pose`): so long is put in where there is a gap. */
const pauseUs = 30_000_000

export interface Prepared {
  readonly scene: WalkScene
  readonly reads: Iterable<WalkRead>
}

/**
 * The scene with the poses of this walk, and its reads. Where the reader was not heard there are no poses: what nobody
 * listened to is as uncovered as what nobody walked along. On both sides of a gap are passes of their own, for nobody
 * knows how the cart went between them; what was read meanwhile has no place and is left out, as is what an antenna heard
 * that the scene does not have.
 */
export function prepareWalk(
  { face: _, labels: __, ...frozen }: FrozenScene,
  { poses, blinds, reads }: Gathered,
): Prepared {
  const deaf = widened(blinds, 1.5 * gapUs)
  const heard = poses.filter((p) => !isIn(deaf, p.at))
  const gaps = gapsOf(heard)
  const apart = (at: number) => at + pauseUs * overBefore(gaps, at)
  const antennas = new Set(frozen.antennas.map((a) => a.antenna))
  function* placed(): Generator<WalkRead> {
    for (let i = 0; i < reads.size; i++) {
      const at = Math.round(reads.at[i] as number)
      if (!antennas.has(reads.antenna[i] as number) || at < 0 || isIn(gaps, at)) continue
      yield { ...readAt(reads, i), at: apart(at) }
    }
  }
  return {
    scene: { ...frozen, poses: heard.map((p) => ({ ...p, at: apart(p.at) })) },
    reads: placed(),
  }
}

/** Times without a position, between the first and the last of them; in order. Their ends have positions. */
function gapsOf(poses: readonly Pose[]): Blind[] {
  return poses.slice(1).flatMap((pose, i) => {
    const fromUs = (poses[i] as Pose).at
    return pose.at - fromUs > gapUs ? [{ fromUs: fromUs + 1, toUs: pose.at - 1 }] : []
  })
}

function readAt(reads: ReadTable, i: number): Omit<WalkRead, 'at'> {
  const phase = reads.phase[i] as number
  return {
    epc: reads.epcs[reads.tag[i] as number] as string,
    antenna: reads.antenna[i] as number,
    channelMHz: reads.mhz[i] as number,
    phaseRad: Number.isNaN(phase) ? null : phase,
    rssiDbm: reads.rssi[i] as number,
  }
}
