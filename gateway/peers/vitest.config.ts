import { defineConfig } from 'vitest/config'

const conditions = ['source', 'node', 'import', 'default']
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['*.test.ts'], testTimeout: 60_000 },
})
