import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'emulator',
    include: ['test/**/*.test.{ts,tsx}'],
    // The properties and the fuzz take seconds, and more where other suites run beside them.
    testTimeout: 60_000,
    setupFiles: ['../../vitest.setup.ts'],
  },
})
