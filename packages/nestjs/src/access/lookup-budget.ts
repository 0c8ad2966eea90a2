import { tooManyLookups } from '../errors/refusal.js'

/** Users who are remembered at a time: those who missed last. */
const maxUsers = 10_000

interface Spending {
  /** Misses that have not been earned back. */
  spent: number
  /** `performance.now()` ms */
  at: number
}

/**
 * Bounds how often one user makes the API answer "not a member": somebody who is signed in and tries organization ids
 * would otherwise use up the rate limit of the whole instance. Look-ups that find a membership cost nothing.
 */
export class LookupBudget {
  readonly #perMinute: number
  readonly #users = new Map<string, Spending>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /**
   * Takes the cost of a look-up before it begins, so that many at once count as well.
   *
   * @returns gives the cost back, for a look-up that was no miss
   * @throws MembershipsHttpException 429 where the user has spent the budget
   */
  take(userId: string): () => void {
    const now = performance.now()
    const known = this.#users.get(userId)
    const earned = known === undefined ? 0 : ((now - known.at) / 60_000) * this.#perMinute
    const spent = Math.max(0, (known?.spent ?? 0) - earned)
    if (spent + 1 > this.#perMinute) {
      throw tooManyLookups(Math.ceil(((spent + 1 - this.#perMinute) / this.#perMinute) * 60_000))
    }
    const spending: Spending = { spent: spent + 1, at: now }
    this.#users.delete(userId)
    this.#users.set(userId, spending)
    const [oldest] = this.#users.keys()
    if (this.#users.size > maxUsers && oldest !== undefined) this.#users.delete(oldest)
    return () => {
      const current = this.#users.get(userId)
      if (current === undefined) return
      current.spent -= 1
      if (current.spent <= 0) this.#users.delete(userId)
    }
  }
}
