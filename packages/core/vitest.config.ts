import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'core',
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['../../vitest.setup.ts'],
    // The cells of the failure table mostly wait.
    maxConcurrency: 24,
    // A busy machine is no fault; a hang is, and ends here.
    testTimeout: 30_000,
  },
})
