/**
 * The time of day that never goes back: a clock that is set back does not make what is known younger.
 *
 *     time of day   12:00:00 ─── 12:00:10 ┐ set back
 *                                         └ 11:59:50 ───
 *     steady        12:00:00 ─── 12:00:10 ─ 12:00:10 ─── 12:00:30
 */
export class SteadyClock {
  #time = Date.now()
  #mark = performance.now()

  /** ms since the epoch */
  now(): number {
    const mark = performance.now()
    this.#time = Math.max(Date.now(), this.#time + (mark - this.#mark))
    this.#mark = mark
    return this.#time
  }
}
