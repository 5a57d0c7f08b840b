/**
 * `npm run bench -- locating`: shelf order beside published methods and the catalogue echo, on recordings where they
 * are and on drawn walks past steel shelves. Figures as JSON lines, tables as Markdown on standard error.
 */
import { locate } from '@lantai/gateway'
import type { Figure } from '../figure.ts'
import { echo } from './methods/echo.ts'
import { ours } from './methods/ours.ts'
import { peers } from './methods/peers.ts'
import { writePictures } from './pictures/write.ts'
import { recordedBench } from './recorded.ts'
import { absentLine, hasRecordings, recordingsDir } from './recordings.ts'
import { type SceneSet, sceneSets } from './scenes.ts'
import { shelvesBench } from './shelves.ts'
import { speedBench } from './speed.ts'

export const locatingSets = ['recordings', ...sceneSets, 'speed', 'pictures'] as const
export type LocatingSet = (typeof locatingSets)[number]

export interface LocatingOptions {
  quick: boolean
  /** null: recordings, the scenes to be judged by, and speed. Pictures are written only when they are asked for. */
  set: LocatingSet | null
}

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Drawn walks of a set: several hundred misplaced boxes among them. */
const scenesOf = (set: SceneSet) => (set.endsWith('-hard') ? 30 : 60)

export async function locatingBench({ quick, set }: LocatingOptions): Promise<Figure[]> {
  const chosen: readonly LocatingSet[] = set ? [set] : ['recordings', 'test', 'test-hard', 'speed']
  const figures: Figure[] = []
  for (const name of chosen) figures.push(...(await figuresOf(name, quick)))
  return figures
}

async function figuresOf(name: LocatingSet, quick: boolean): Promise<Figure[]> {
  if (name === 'recordings') return recorded(quick)
  if (name === 'pictures') {
    for (const file of writePictures(ours(locate), quick ? 3 : 40)) say(`wrote ${file}`)
    return []
  }
  if (name === 'speed') return await speedBench(locate, quick)
  const methods = [ours(locate), echo, ...peers]
  return shelvesBench(name, methods, quick ? 3 : scenesOf(name), say)
}

function recorded(quick: boolean): Figure[] {
  const dir = recordingsDir()
  if (hasRecordings(dir))
    return recordedBench(
      ours(locate),
      { dir, seeds: quick ? 1 : 20, variantSeeds: quick ? 0 : 5 },
      say,
    )
  say(absentLine(dir))
  return []
}
