// ms
const quietFor = 1_000

/** Causes that are remembered at a time; a text that differs each time must not fill the memory. */
const maxCauses = 100

/** What a Nest `Logger` has of what is needed here. */
interface Target {
  warn(line: string): unknown
  error(line: string, stack?: string): unknown
}

/**
 * Writes one line per cause and second, so that an outage is one line and not one for each request that it fails. How
 * many were left out stands at the end of the next line.
 */
export class RateLimitedLogger {
  readonly #logger: Target
  readonly #causes = new Map<string, { since: number; leftOut: number }>()

  constructor(logger: Target) {
    this.#logger = logger
  }

  /** @param cause what makes two lines the same, such as the message without its numbers */
  warn(cause: string, message: string): void {
    const line = this.#lineOf(cause, message)
    if (line !== undefined) this.#logger.warn(line)
  }

  /** @param cause what makes two lines the same */
  error(cause: string, message: string, stack?: string): void {
    const line = this.#lineOf(cause, message)
    if (line === undefined) return
    if (stack === undefined) this.#logger.error(line)
    else this.#logger.error(line, stack)
  }

  #lineOf(cause: string, message: string): string | undefined {
    const now = performance.now()
    const known = this.#causes.get(cause)
    if (known !== undefined && now - known.since < quietFor) {
      known.leftOut++
      return undefined
    }
    this.#causes.delete(cause)
    this.#causes.set(cause, { since: now, leftOut: 0 })
    const [oldest] = this.#causes.keys()
    if (this.#causes.size > maxCauses && oldest !== undefined) this.#causes.delete(oldest)
    const leftOut = known?.leftOut ?? 0
    return leftOut === 0 ? message : `${message} (and ${leftOut} more like it)`
  }
}
