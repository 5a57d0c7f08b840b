/** Writes the pictures of docs/locating.md. All of them show drawn scenes: never a recording. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../../../src/supervise/node-process.ts'
import type { Method } from '../case.ts'
import { tallyMethod } from '../evaluate.ts'
import { calibrationError } from '../metrics.ts'
import { drawCase } from '../scenes.ts'
import { calibrationPicture } from './calibration.ts'
import { facePicture } from './face.ts'
import { phasePicture } from './phase-profile.ts'

const folder = join(repositoryRoot, 'docs', 'images', 'locating')

/** The files, from the root of the checkout. `scenes` walks give the calibration curve. */
export function writePictures(method: Method, scenes: number): string[] {
  mkdirSync(folder, { recursive: true })
  const given = drawCase('test-hard', 1)
  const { located, misplacement } = method.answer(given)
  const claims = ['test', 'test-hard'].flatMap((set) =>
    Array.from({ length: scenes }, (_, i) =>
      tallyMethod(method, drawCase(set as 'test' | 'test-hard', i + 1)),
    ).flatMap((t) => t.claims),
  )
  const ece = calibrationError(claims).toFixed(3)
  const pictures = {
    'phase-profile.svg': phasePicture(given, located),
    'face.svg': facePicture(given, located, misplacement, `模拟场景 · drawn scene ${given.name}`),
    'calibration.svg': calibrationPicture(
      claims,
      `${claims.length} 个回答，15 个等量区间 · answers, 15 bins of equal count; ECE ${ece}`,
    ),
  }
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(folder, name), svg)
  return Object.keys(pictures).map((name) => `docs/images/locating/${name}`)
}
