import { defineConfig } from 'vitest/config'

const conditions = ['source', 'node']
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['src/**/*.test.ts', 'peers/**/*.test.ts'], testTimeout: 30_000 },
})
