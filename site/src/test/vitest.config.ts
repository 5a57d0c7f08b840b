/** One group of the whole repository's tests, named by LANTAI_TEST_GROUP. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { type GroupName, groups } from './groups.ts'

const { LANTAI_TEST_GROUP = 'unit' } = process.env
const group = groups[LANTAI_TEST_GROUP as GroupName]
// Not 'import': Vitest hands these on to Node, where `require` would then be given ES modules.
const conditions = ['source', 'node']

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  cacheDir: '.cache/vitest',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [...group.include],
    exclude: ['**/node_modules/**', '**/dist/**', ...group.exclude],
    fileParallelism: group.parallel,
    ...(group.side && { maxWorkers: group.side }),
    testTimeout: group.watchdogMs,
    hookTimeout: group.watchdogMs,
    css: true,
    passWithNoTests: true,
    reporters: ['dot', fileURLToPath(new URL('./reporter.ts', import.meta.url))],
  },
})
