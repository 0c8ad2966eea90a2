import { defineConfig } from 'vitest/config'

/** The set-up of all tests, on a file whose tests are meant to fail by it. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['attempts.ts'],
    setupFiles: ['../../../vitest.setup.ts'],
    testTimeout: 30_000,
  },
})
