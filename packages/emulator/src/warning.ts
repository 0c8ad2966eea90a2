/** Reports an error of the caller's code that must not end a request, or the process. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
