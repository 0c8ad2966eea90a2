import { defineConfig } from 'vitest/config'
import { CountReporter } from './vitest.count-reporter.js'

/** What is too long for `test`: long fuzz, packed tarballs, other Node lines. Bounded, so that the gate can run it. */
export default defineConfig({
  test: {
    include: ['{packages/*,apps/*,docs}/soak/**/*.soak.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    globalSetup: ['./apps/example/e2e/chromium.global-setup.ts'],
    // As long as in the example's own tests, of which some are here.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', new CountReporter()],
    silent: 'passed-only',
    allowOnly: false,
    maxWorkers: '100%',
  },
})
