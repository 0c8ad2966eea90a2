/** Where look-ups are kept. A `Keyv` fits, so a Redis can serve several processes. Each method may be async or not. */
export interface MembershipCache {
  get(key: string): unknown
  /**
   * @param value plain JSON
   * @param ttl ms. The store must keep the value for that long: it may hold a revocation.
   */
  set(key: string, value: unknown, ttl: number): unknown
}

/** The cache of one process: the entries used last, up to a number of them. */
export class MemoryMembershipCache implements MembershipCache {
  readonly #entries = new Map<string, { value: unknown; until: number }>()
  readonly #maximum: number

  constructor(maximum = 10_000) {
    this.#maximum = maximum
  }

  get(key: string): unknown {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= performance.now()) return undefined
    // A Map iterates in the order of insertion: back in at the end, the oldest use stays first.
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: unknown, ttl: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: performance.now() + ttl })
    if (this.#entries.size <= this.#maximum) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }

  get size(): number {
    return this.#entries.size
  }
}
