import { defineConfig } from 'vitest/config'

// No `import` here: vitest hands the list to Node, where it would turn `require('pg-pool')` into its ES module.
const conditions = ['source', 'node']
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
})
