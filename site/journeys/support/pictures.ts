/** The same moment in every look that the design asks for: both sizes, light and dark. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { repositoryRoot } from '../../src/supervise/node-process.ts'
import type { Visitor } from '../stage.ts'

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const
const themes = ['light', 'dark'] as const

/** `artifacts/{name}-{theme}-{width}.png`, then back to the first look. */
export async function pictures(visitor: Visitor, name: string): Promise<void> {
  for (const size of sizes)
    for (const theme of themes) {
      await look(visitor, size, theme)
      await visitor.picture(`${name}-${theme}-${size.width}`)
    }
  await look(visitor, sizes[0], 'light')
}

async function look(visitor: Visitor, size: (typeof sizes)[number], theme: 'light' | 'dark') {
  const { page } = visitor
  // A pointer that somebody left somewhere draws what is below it.
  await page.mouse.move(0, 0)
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: theme })
  await page.locator(`html[data-theme=${theme}]`).waitFor()
  // What hangs on the size is drawn a frame after it was told of it.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))',
  )
}

/** Keeps a picture for the README, when whoever runs the journeys asks for it. */
export function keepForDocs(picture: string, as: string) {
  const { LANTAI_WRITE_IMAGES } = process.env
  if (LANTAI_WRITE_IMAGES !== '1') return
  const dir = `${repositoryRoot}docs/images`
  mkdirSync(dir, { recursive: true })
  copyFileSync(`${repositoryRoot}artifacts/${picture}.png`, `${dir}/${as}.png`)
}
