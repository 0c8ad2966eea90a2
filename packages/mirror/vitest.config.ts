import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'mirror',
    include: ['test/**/*.test.ts'],
    setupFiles: ['../../vitest.setup.ts'],
    globalSetup: ['test/support/postgres.global-setup.ts'],
    // A database starts in some files, which takes seconds on a busy machine. A hang ends here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
