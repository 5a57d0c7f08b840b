import { defineConfig } from 'vitest/config'

const conditions = ['source', 'node']
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts', 'journeys/*.journey.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
