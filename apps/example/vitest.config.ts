import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'example',
    include: ['e2e/**/*.test.ts'],
    setupFiles: ['../../vitest.setup.ts'],
    globalSetup: ['./e2e/chromium.global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
