/**
 * `npm run bench -- locating`: shelf order beside published methods and the catalogue echo, on recordings where they
 * are and on drawn walks past steel shelves. Figures as JSON lines, tables as Markdown on standard error.
 */
import { locate } from '@lantai/gateway'
import type { Figure } from '../figure.ts'
import { echo } from './methods/echo.ts'
import { ours } from './methods/ours.ts'
import { peers } from './methods/peers.ts'
import { recordedBench } from './recorded.ts'
import { absentLine, hasRecordings, recordingsDir } from './recordings.ts'
import { type SceneSet, sceneSets } from './scenes.ts'
import { shelvesBench } from './shelves.ts'

export const locatingSets = ['recordings', ...sceneSets] as const
export type LocatingSet = (typeof locatingSets)[number]

export interface LocatingOptions {
  quick: boolean
  /** null: recordings, and the scenes to be judged by. */
  set: LocatingSet | null
}

const say = (text: string) => process.stderr.write(`${text}\n`)

const scenesOf = (set: SceneSet) => (set.endsWith('-hard') ? 60 : 60)

export function locatingBench({ quick, set }: LocatingOptions): Figure[] {
  const chosen: readonly LocatingSet[] = set ? [set] : ['recordings', 'test', 'test-hard']
  const own = ours(locate)
  return chosen.flatMap((name) => {
    if (name === 'recordings') return recorded(quick)
    const scenes = quick ? 3 : scenesOf(name)
    return shelvesBench(name, [own, echo, ...peers], scenes, say).figures
  })
}

function recorded(quick: boolean): Figure[] {
  const dir = recordingsDir()
  if (hasRecordings(dir))
    return recordedBench(ours(locate), { dir, seeds: quick ? 1 : 20, variants: !quick }, say)
  say(absentLine(dir))
  return []
}
