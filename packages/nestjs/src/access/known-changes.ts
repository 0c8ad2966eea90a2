import { SteadyClock } from './steady-clock.js'

/** By how much the clock that stamped a token may be ahead of ours, ms. */
const clockSkew = 5_000
const mostKept = 10_000

/**
 * When a member was changed last, as far as this process knows: what a session token says of its user may be older. At
 * most so many are kept; a token from before the last one that was dropped may be older than a change as well.
 */
export class KnownChanges {
  /** ms since the epoch */
  readonly #changedAt = new Map<string, number>()
  /** Set back, a clock would make a change older than the tokens of before. */
  readonly #clock = new SteadyClock()
  #droppedUntil = Number.NEGATIVE_INFINITY

  add(organizationId: string, userId: string): void {
    const key = keyOf(organizationId, userId)
    this.#changedAt.delete(key)
    this.#changedAt.set(key, this.#clock.now())
    if (this.#changedAt.size <= mostKept) return
    const oldest = this.#changedAt.entries().next()
    if (oldest.done === true) return
    const [dropped, at] = oldest.value
    this.#changedAt.delete(dropped)
    this.#droppedUntil = Math.max(this.#droppedUntil, at)
  }

  /**
   * True where a token may have been issued before the last change of its user.
   *
   * @param issuedAt ms since the epoch; tokens carry whole seconds, rounded down
   */
  mayBeAfter(issuedAt: number | undefined, organizationId: string, userId: string): boolean {
    const at = this.#changedAt.get(keyOf(organizationId, userId)) ?? this.#droppedUntil
    if (at === Number.NEGATIVE_INFINITY) return false
    return issuedAt === undefined || issuedAt <= at + clockSkew
  }
}

function keyOf(organizationId: string, userId: string): string {
  return JSON.stringify([organizationId, userId])
}
