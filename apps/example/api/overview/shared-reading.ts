/** One reading that several callers wait for. It ends early when none of them waits any more. */
export class SharedReading<Result> {
  readonly result: Promise<Result>
  readonly #abort = new AbortController()
  #waiting = 0

  constructor(read: (signal: AbortSignal) => Promise<Result>) {
    this.result = read(this.#abort.signal)
    // Whoever waits is told of a failure by `wait`. When nobody does any more, there is nobody to tell.
    this.result.catch(() => undefined)
  }

  get isAbandoned(): boolean {
    return this.#abort.signal.aborted
  }

  /** Settles with the reading, or with the reason of the caller's own signal if that comes first. */
  async wait(signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted()
    this.#waiting += 1
    let leave: (() => void) | undefined
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([this.result, left])
    } finally {
      if (leave !== undefined) signal.removeEventListener('abort', leave)
      this.#waiting -= 1
      if (this.#waiting === 0) this.#abort.abort(signal.reason)
    }
  }
}
