import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'nestjs',
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['../../vitest.setup.ts'],
    // Nest, its two adapters and @clerk/backend take seconds to load: once for each worker, not once for each file.
    isolate: false,
    // What is awaited comes, however busy the machine is.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
