import type { OrganizationMembership } from '@org-memberships/core'

/** What is known of one user in one organization, and since when. Plain JSON. */
export interface CachedMembership {
  /** Without private metadata; `null`: not a member, or no such organization. */
  membership: OrganizationMembership | null
  /** ms since the epoch */
  readAt: number
}

/** Where look-ups are kept. A `Keyv` fits, so a Redis can serve several processes. Each method may be async or not. */
export interface MembershipCache {
  get(key: string): unknown
  /** @param ttl ms */
  set(key: string, value: CachedMembership, ttl: number): unknown
  delete(key: string): unknown
}

/** The cache of one process: the entries used last, up to a number of them. */
export class MemoryMembershipCache implements MembershipCache {
  readonly #entries = new Map<string, { value: CachedMembership; until: number }>()
  readonly #maximum: number

  constructor(maximum = 10_000) {
    this.#maximum = maximum
  }

  get(key: string): CachedMembership | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= Date.now()) return undefined
    // A Map iterates in the order of insertion: back in at the end, the oldest use stays first.
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: CachedMembership, ttl: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: Date.now() + ttl })
    if (this.#entries.size <= this.#maximum) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }
}
