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
import { sceneSets } from './scenes.ts'
import { shelvesBench } from './shelves.ts'
import { speedBench } from './speed.ts'

export const locatingSets = ['recordings', ...sceneSets, 'speed', 'pictures'] as const
export type LocatingSet = (typeof locatingSets)[number]

export interface LocatingOptions {
  quick: boolean
  /** null: recordings, the scenes to be judged by, and speed. Pictures are written only when they are asked for. */
  set: LocatingSet | null
  /** Seeds of the recordings, or drawn walks; null: as many as a judgement needs. */
  count: number | null
}

const say = (text: string) => process.stderr.write(`${text}\n`)

/**
 * Drawn walks of a set, so that there are several hundred misplaced boxes. Answers of one walk are right and wrong
 * together: with half as many, chance alone makes an ECE of .02.
 */
const walks = 60

export async function locatingBench(options: LocatingOptions): Promise<Figure[]> {
  const chosen: readonly LocatingSet[] = options.set
    ? [options.set]
    : ['recordings', 'test', 'test-hard', 'speed']
  const figures: Figure[] = []
  for (const name of chosen) figures.push(...(await figuresOf(name, options)))
  return figures
}

async function figuresOf(name: LocatingSet, { quick, count }: LocatingOptions): Promise<Figure[]> {
  if (name === 'recordings') return recorded(quick, count)
  if (name === 'pictures') {
    for (const file of writePictures(ours(locate), count ?? (quick ? 3 : 40))) say(`wrote ${file}`)
    return []
  }
  if (name === 'speed') return await speedBench(locate, quick)
  const methods = [ours(locate), echo, ...peers]
  return shelvesBench(name, methods, count ?? (quick ? 3 : walks), say)
}

function recorded(quick: boolean, count: number | null): Figure[] {
  const seeds = count ?? (quick ? 1 : 20)
  const variantSeeds = quick ? 0 : Math.min(5, seeds)
  const dir = recordingsDir()
  if (hasRecordings(dir)) return recordedBench(ours(locate), { dir, seeds, variantSeeds }, say)
  say(absentLine(dir))
  return []
}
