import { tooManyLookups } from '../errors/refusal.js'

/** Users who are remembered at a time: those who asked last. */
const maxUsers = 10_000
/** Look-ups of one user that run at once, and those that wait for that. */
const maxRunning = 8
const maxWaiting = 100
/** ms */
const minute = 60_000

interface Spending {
  /** Misses that have not been earned back. */
  spent: number
  /** `performance.now()` ms */
  at: number
  /** Each may turn out to be a miss. */
  running: number
  waiting: (() => void)[]
}

/**
 * Bounds how often one user makes the API answer "not a member": somebody who is signed in and tries organization ids
 * would otherwise use up the rate limit of the whole instance. Look-ups that find a membership cost nothing. Of those
 * that run nobody knows yet: where all of them could be misses, and where eight run, the next ones wait.
 */
export class LookupBudget {
  readonly #perMinute: number
  readonly #users = new Map<string, Spending>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /**
   * @param lookUp calls `spend` where it found nothing
   * @throws MembershipsHttpException 429 where the user has spent the budget
   */
  async run<T>(userId: string, lookUp: (spend: () => void) => Promise<T>): Promise<T> {
    const user = this.#userOf(userId)
    while (!this.#hasTurn(user)) {
      if (user.waiting.length >= maxWaiting) throw tooManyLookups(1_000)
      await new Promise<void>((resolve) => user.waiting.push(resolve))
    }
    user.running += 1
    try {
      return await lookUp(() => {
        user.spent += 1
      })
    } finally {
      user.running -= 1
      // All of them: the first may be refused, and then it is the turn of the next.
      const waiting = user.waiting
      user.waiting = []
      for (const wake of waiting) wake()
    }
  }

  #hasTurn(user: Spending): boolean {
    const now = performance.now()
    // Not by the product alone: an endless budget times no time at all is no number.
    if (now > user.at) {
      user.spent = Math.max(0, user.spent - ((now - user.at) / minute) * this.#perMinute)
      user.at = now
    }
    const over = user.spent + 1 - this.#perMinute
    if (over > 0) {
      throw tooManyLookups(Math.min(minute, Math.ceil((over / this.#perMinute) * minute)))
    }
    return user.running < maxRunning && user.running + over <= 0
  }

  #userOf(userId: string): Spending {
    const user = this.#users.get(userId) ?? {
      spent: 0,
      at: performance.now(),
      running: 0,
      waiting: [],
    }
    this.#users.delete(userId)
    this.#users.set(userId, user)
    const [oldest] = this.#users.keys()
    if (this.#users.size > maxUsers && oldest !== undefined) this.#users.delete(oldest)
    return user
  }
}
