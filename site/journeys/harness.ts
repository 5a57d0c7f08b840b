/** Journeys wait for what the page shows or for `site.settled()`, never for time. */
import { existsSync } from 'node:fs'
import { test } from 'vitest'
import { repositoryRoot } from '../src/supervise/node-process.ts'
import { browserPath } from './stage.ts'

export { type Look, Stage, type Visitor } from './stage.ts'

/** What a journey needs and does not have here; undefined when it can run. */
function lacking(): string | undefined {
  if (!existsSync(browserPath)) return `needs ${browserPath} (Debian package chromium)`
  if (!existsSync(`${repositoryRoot}dashboard/dist/www/index.html`))
    return 'needs the built page (npm run build)'
  return undefined
}

/** A test that says why it is skipped where there is no browser. */
export function journey(name: string, run: () => Promise<void>): void {
  test(name, async (context) => {
    const reason = lacking()
    if (reason) context.skip(reason)
    await run()
  })
}
