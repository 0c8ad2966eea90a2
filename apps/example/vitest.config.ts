import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'example',
    include: ['e2e/**/*.test.ts'],
    setupFiles: ['../../vitest.setup.ts'],
    globalSetup: ['./e2e/chromium.global-setup.ts'],
    // The files share what they import: Nest and Clerk take a second to load, and hold nothing between tests.
    isolate: false,
    // Generous: a loaded machine is no failure. What works is done long before.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
