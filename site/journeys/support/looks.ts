/** How a screen looks to a critical eye: axe, sizes of text, what overflows, what lies on what. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Visitor } from '../stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const measure = readFileSync(fileURLToPath(new URL('measure.js', import.meta.url)), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}
export interface Measured {
  readonly small: readonly string[]
  readonly wide: readonly string[]
  readonly overlaps: readonly string[]
  /** Which of page and `main` scroll. */
  readonly scrolls: readonly string[]
  /** Climate chips on the plan. */
  readonly chips: number
}

/** Violations that shut people out: one line for each rule, with its first place. */
export async function seriousOf({ page }: Visitor): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] })`,
  )) as { violations: Violation[] }
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(
      (v) =>
        `${v.id}, ${v.nodes.length} times, as ${v.nodes[0]?.html} ${v.nodes[0]?.failureSummary}`,
    )
}

export async function measured({ page }: Visitor): Promise<Measured> {
  return (await page.evaluate(measure)) as Measured
}

/** Sets size and theme, and waits until the page has drawn itself so. */
export async function lookThrough(
  { page }: Visitor,
  size: { width: number; height: number },
  theme: 'light' | 'dark',
): Promise<void> {
  // A pointer that somebody left somewhere draws what is below it.
  await page.mouse.move(0, 0)
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.locator(`html[data-theme=${theme}]`).waitFor()
  await page.evaluate('document.fonts.ready')
  // What hangs on the size is drawn a frame after it was told of it.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))',
  )
}
