import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one line that counts its tests: `12 passed, 0 failed, 0 skipped`. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    // An error that no test caught, a rejection nobody handled say, fails the run too.
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1
      // A file that does not load, or a hook that fails, runs no test, and must not look like a run without failures.
      if (module.errors().length > 0) counts.failed += 1
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) counts.failed += 1
      }
    }
    // After the default reporter's summary, which is written synchronously in the same event.
    setImmediate(() => {
      console.log(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`,
      )
    })
  }
}
