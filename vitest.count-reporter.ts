import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one line that counts its tests: `12 passed, 0 failed, 0 skipped`. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1
      // A file that fails to load runs no test, and must not look like a run without failures.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1
    }
    // After the default reporter's summary, which is written synchronously in the same event.
    setImmediate(() => {
      console.log(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`,
      )
    })
  }
}
