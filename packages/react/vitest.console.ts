import nodeConsole from 'node:console'

// happy-dom reports aborted and refused requests to the console that was there before Vitest's own. Handed on to
// Vitest's, they are shown where the test fails, and nowhere else.
nodeConsole.error = (...given: unknown[]) => globalThis.console.error(...given)
