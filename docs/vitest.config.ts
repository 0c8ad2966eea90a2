import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'docs',
    include: ['test/**/*.test.ts'],
    setupFiles: ['../vitest.setup.ts'],
    // Nest and Clerk take a second to load: once for each worker, not once for each file.
    isolate: false,
    // What is awaited comes, however busy the machine is.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    environmentOptions: {
      // The hooks talk to an emulator on another port; whether a browser may is the server's affair.
      happyDOM: { settings: { fetch: { disableSameOriginPolicy: true } } },
    },
  },
})
