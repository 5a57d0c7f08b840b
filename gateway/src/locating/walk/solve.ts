/** From a walk that has ended to what the console shows. Pure. */
import type { FrozenScene, WalkRead } from '@lantai/contracts'
import { locate } from '../locate.ts'
import { SceneError, type SceneProblemCode } from '../scene.ts'
import type { ReadTable } from './columns.ts'
import { placeable, sceneOf } from './prepare.ts'
import type { Gathered } from './recorder.ts'
import { type ShownWalk, showWalk } from './result.ts'

export type Solved =
  | { readonly ok: true; readonly shown: ShownWalk }
  /** The cart was not walked, or its odometer was never heard. */
  | { readonly ok: false; readonly code: SceneProblemCode }

export function solveWalk(frozen: FrozenScene, gathered: Gathered): Solved {
  const scene = sceneOf(frozen, gathered)
  try {
    const reads = readsAt(gathered.reads, placeable(gathered.reads, scene))
    return { ok: true, shown: showWalk(frozen, locate(reads, scene), gathered.troubles) }
  } catch (error) {
    if (error instanceof SceneError) return { ok: false, code: error.code }
    throw error
  }
}

function* readsAt(reads: ReadTable, indices: Uint32Array): Generator<WalkRead> {
  for (const i of indices) {
    const phase = reads.phase[i] as number
    yield {
      at: Math.max(0, Math.round(reads.at[i] as number)),
      epc: reads.epcs[reads.tag[i] as number] as string,
      antenna: reads.antenna[i] as number,
      channelMHz: reads.mhz[i] as number,
      phaseRad: Number.isNaN(phase) ? null : phase,
      rssiDbm: reads.rssi[i] as number,
    }
  }
}
