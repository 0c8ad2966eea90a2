import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'react',
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['../../vitest.setup.ts', './vitest.console.ts'],
    globalSetup: ['./test/browser/chromium.global-setup.ts'],
    testTimeout: 20_000,
    environmentOptions: {
      // The hooks talk to an emulator on another port; whether a browser may is the server's affair.
      happyDOM: { settings: { fetch: { disableSameOriginPolicy: true } } },
    },
  },
})
