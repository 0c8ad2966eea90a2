import { defineConfig } from 'vitest/config'
import { CountReporter } from './vitest.count-reporter.js'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'docs'],
    reporters: ['default', new CountReporter()],
    // A skipped or lone test must not pass the gate unseen.
    allowOnly: false,
    // What a passing test prints is noise.
    silent: 'passed-only',
    // By default one core is left idle, half of a small machine.
    maxWorkers: '100%',
  },
})
