import type { RosterEntries, RosterEntry } from './roster.js'
import { SharedReading } from './shared-reading.js'

/** Whether what is kept is what the API counts. */
export type Finding = 'same' | 'different' | 'unknown'

/** How many members have this role; with `undefined`, how many there are. */
export type Count = (role: string | undefined, signal: AbortSignal) => Promise<number>

// ms. What a reader sees may be this much older than what the API counts. However many read, it is asked no more often.
const trust = 1_500

// ms. Rather than wait longer, a reader is shown what is kept, and told that it was not compared.
const patience = 5_000

/**
 * Everybody, as they were read once and changed since, and what is known of how true that still is. Those who ask at
 * the same time share one comparison, and those who ask soon after have its result.
 */
export class KeptRoster {
  readonly entries: Map<string, RosterEntry>
  /** When it was last known to be true, ms since the epoch. */
  trueAt: number
  #finding: Finding = 'same'
  #comparedAt: number
  #comparison: SharedReading<Finding> | null = null
  readonly #count: Count

  constructor(entries: Map<string, RosterEntry>, readAt: number, count: Count) {
    this.entries = entries
    this.trueAt = readAt
    this.#comparedAt = readAt
    this.#count = count
  }

  async compare(signal: AbortSignal): Promise<Finding> {
    if (Date.now() < this.#comparedAt + trust) return this.#finding
    if (this.#comparison === null || this.#comparison.isAbandoned) {
      const comparison = new SharedReading(async (shared) => {
        const startedAt = Date.now()
        try {
          const finding = await this.#find(shared)
          if (finding === 'same') this.trueAt = startedAt
          this.#finding = finding
          this.#comparedAt = startedAt
          return finding
        } finally {
          if (this.#comparison === comparison) this.#comparison = null
        }
      })
      this.#comparison = comparison
    }
    return this.#comparison.wait(signal)
  }

  async #find(signal: AbortSignal): Promise<Finding> {
    const roles = [...countByRole(this.entries).keys()]
    const hurried = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    let total: number
    let counts: number[]
    try {
      // The total as well: those of a role that nobody had are in no other number.
      ;[total = 0, ...counts] = await Promise.all(
        [undefined, ...roles].map((role) => this.#count(role, hurried)),
      )
    } catch {
      // Nobody waits any more, so there is nothing to find.
      signal.throwIfAborted()
      return 'unknown'
    }
    // By now, and not by then: changes have been put in meanwhile.
    const known = countByRole(this.entries)
    const isSame =
      total === this.entries.size &&
      roles.every((role, index) => counts[index] === (known.get(role) ?? 0))
    return isSame ? 'same' : 'different'
  }
}

function countByRole(entries: RosterEntries): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { role } of entries.values()) counts.set(role, (counts.get(role) ?? 0) + 1)
  return counts
}
