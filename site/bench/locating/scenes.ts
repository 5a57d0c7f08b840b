/**
 * Walks past steel shelves, drawn by seed. Development and test have ranges and seeds of their own: the methods are
 * tuned on the first and judged on the second, and no seed is ever in both.
 */
import {
  drawWalk,
  type TrueBox,
  type Walk,
  type WalkRanges,
  walkRanges,
} from '@lantai/firmware-sim'
import type { LocatingCase, TruePlace } from './case.ts'

export const sceneSets = [
  'development',
  'development-hard',
  'development-wide',
  'test',
  'test-hard',
] as const
export type SceneSet = (typeof sceneSets)[number]

export const isSceneSet = (name: string): name is SceneSet =>
  (sceneSets as readonly string[]).includes(name)

/** What stands in another place than the catalogue has it; a removed one was heard from somewhere else. */
export const movedKinds: readonly TrueBox['kind'][] = [
  'swapped',
  'moved-shelf',
  'moved-on-shelf',
  'removed',
]

const placeOf = ({ epc, shelf, xMm, kind, tag }: TrueBox): TruePlace => ({
  epc,
  shelf,
  xMm: shelf === null ? null : xMm,
  scored: true,
  moved: movedKinds.includes(kind),
  dead: tag === 'dead',
})

export const caseOf = (name: string, { scene, reads, truth }: Walk): LocatingCase => ({
  name,
  scene,
  reads: [...reads],
  truth: truth.boxes.map(placeOf),
  ranks: 'printed',
  freeOffset: false,
  lineRadPerMHz: null,
})

/** The nth scene of a set, from 1. `change` narrows or widens its ranges. */
export function drawCase(
  set: SceneSet,
  n: number,
  change: (ranges: WalkRanges) => WalkRanges = (ranges) => ranges,
): LocatingCase {
  const seed = `${set}/${n}`
  return caseOf(seed, drawWalk(seed, change(walkRanges[set])))
}
