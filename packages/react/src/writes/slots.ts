/** Lets at most so many requests run at a time; the others start in the order in which they asked. */
export class RequestSlots {
  #free: number
  readonly #waiting: (() => void)[] = []

  /** @throws RangeError unless `count` is a whole number of at least 1, or Infinity */
  constructor(count: number) {
    if (!(count >= 1 && (Number.isInteger(count) || count === Number.POSITIVE_INFINITY))) {
      throw new RangeError(
        `maxConcurrentWrites must be a whole number of at least 1, not ${count}.`,
      )
    }
    this.#free = count
  }

  /** Calls `start` at once where a slot is free, otherwise as soon as one is. */
  take(start: () => void): void {
    if (this.#free === 0) {
      this.#waiting.push(start)
      return
    }
    this.#free -= 1
    start()
  }

  /** A request that had a slot has ended. */
  release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free += 1
  }
}
