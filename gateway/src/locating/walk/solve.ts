/** From a walk that has ended to what the console shows. Pure. */
import type { FrozenScene } from '@lantai/contracts'
import { locate } from '../locate.ts'
import { SceneError, type SceneProblemCode } from '../scene.ts'
import { prepareWalk } from './prepare.ts'
import type { Gathered } from './recorder.ts'
import { type ShownWalk, showWalk } from './result.ts'

export type Solved =
  | { readonly ok: true; readonly shown: ShownWalk }
  /** The cart was not walked, or its odometer was never heard. */
  | { readonly ok: false; readonly code: SceneProblemCode }

export function solveWalk(frozen: FrozenScene, gathered: Gathered): Solved {
  const { scene, reads } = prepareWalk(frozen, gathered)
  try {
    return { ok: true, shown: showWalk(frozen, locate(reads, scene), gathered.troubles) }
  } catch (error) {
    if (error instanceof SceneError) return { ok: false, code: error.code }
    throw error
  }
}
