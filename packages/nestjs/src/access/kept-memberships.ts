import { randomUUID } from 'node:crypto'
import type { OrganizationMembership } from '@org-memberships/core'
import { GuardedStore } from './guarded-store.js'
import type { MembershipCache } from './membership-cache.js'
import { SteadyClock } from './steady-clock.js'

/** What is known of one user in one organization, and since when. */
export interface KnownMembership {
  /** Without private metadata; `null`: not a member, or no such organization. */
  readonly membership: OrganizationMembership | null
  /** How long ago the look-up began, ms. */
  readonly age: number
}

/** What a store says of one user in one organization. */
export interface KeptMembership {
  /** What a look-up that begins now may be kept under; `undefined`: there is none, or the store does not say. */
  readonly generation: string | undefined
  /** Absent where nothing is known, or only what is older than the last revocation. */
  readonly known?: KnownMembership
}

// ms. Clocks of processes differ by less; what was read later than that is not believed.
const clockTolerance = 5_000
/** ms. How much longer than an entry a generation is kept, so that it is not given anew for each entry. */
const generationMargin = 10 * 60_000

const revocationAttempts = 3
/** How long after a revocation that was not confirmed it is tried again, ms: twice as long after each time. */
const revocationPause = 2_000
const maxDistrusted = 10_000

/**
 * Memberships in a store that processes share, such that a revocation sticks. Beside each entry stands a generation: a
 * random text that every revocation replaces. A look-up has to know the generation before it begins, and its result counts
 * only as long as that generation stands. No clocks are compared, it does not matter when a write arrives, and where the
 * store has lost a generation, or does not say, nothing counts.
 *
 *     A  ── revoke: generation = 2 ──────────────────────────────────────────
 *     B  knows 1 ── look-up (still sees the member) ──── keeps it under 1 ───
 *     C                                  reads generation 2, entry of 1: passed over, looks up
 */
export class KeptMemberships {
  readonly #store: GuardedStore
  readonly #entryTTL: number
  readonly #negativeTTL: number
  readonly #generationTTL: number
  readonly #clock = new SteadyClock()
  /** Revocations that the store has not confirmed: it is not asked about these. The time is `performance.now()` ms. */
  readonly #distrusted = new Map<string, { attempts: number; until: number }>()

  #retry: NodeJS.Timeout | undefined
  #retryAfter = revocationPause

  /** @param times how long an entry, and "not a member", may be kept, ms */
  constructor(store: MembershipCache, times: { entry: number; negative: number }) {
    this.#store = new GuardedStore(store)
    this.#entryTTL = times.entry
    this.#negativeTTL = times.negative
    this.#generationTTL = Math.max(times.entry, times.negative) + generationMargin
  }

  /** ms since the epoch; never goes back */
  now(): number {
    return this.#clock.now()
  }

  async read(key: string): Promise<KeptMembership> {
    if (this.#isDistrusted(key)) return { generation: undefined }
    const values = await this.#store.read([key, generationKey(key)])
    // A revocation that began meanwhile.
    if (values === undefined || this.#isDistrusted(key)) return { generation: undefined }
    const [value, generation] = values
    if (typeof generation !== 'string') return { generation: undefined }
    const entry = readEntry(value)
    if (entry?.generation !== generation) return { generation }
    const age = this.now() - entry.readAt
    if (age < -clockTolerance) return { generation }
    return { generation, known: { membership: entry.membership, age } }
  }

  /**
   * Gives a member a generation, for a look-up that begins after this has resolved.
   *
   * @returns `undefined` where the store does not confirm it: what is looked up then cannot be kept
   */
  async begin(key: string): Promise<string | undefined> {
    if (this.#isDistrusted(key) || this.#store.isPaused) return undefined
    const generation = randomUUID()
    try {
      const standing = await this.#establish(key, generation)
      return typeof standing === 'string' ? standing : undefined
    } catch {
      return undefined
    }
  }

  /**
   * @param generation what `read` or `begin` said before the look-up began
   * @param readAt when it began, by `now`
   */
  keep(
    key: string,
    membership: OrganizationMembership | null,
    generation: string,
    readAt: number,
  ): void {
    const ttl = membership === null ? this.#negativeTTL : this.#entryTTL
    if (ttl <= 0 || this.#isDistrusted(key)) return
    const entry: Entry = { membership, readAt, generation }
    this.#store.writeLater(key, entry, ttl)
  }

  /**
   * Resolves when no process that asks the store will believe anything older.
   *
   * @throws Error when the store does not confirm it: at once where it hangs already. This process does not ask the
   * store about the member any more, and tells it again; until then others may believe what they have for as long as
   * they would without the revocation.
   */
  async revoke(key: string): Promise<void> {
    const ttl = this.#generationTTL
    const known = this.#distrusted.get(key)
    const mark = { attempts: (known?.attempts ?? 0) + 1, until: performance.now() + ttl }
    this.#distrusted.delete(key)
    this.#distrusted.set(key, mark)
    const [oldest] = this.#distrusted.keys()
    if (this.#distrusted.size > maxDistrusted && oldest !== undefined)
      this.#distrusted.delete(oldest)

    for (let attempt = 1; ; attempt++) {
      try {
        if (this.#store.isHanging) throw new Error('the store does not answer')
        await this.#renew(key)
        break
      } catch (error) {
        if (attempt < revocationAttempts && !this.#store.isHanging) continue
        this.#retryLater()
        throw new Error(
          'The shared membership cache did not confirm a revocation, so other processes may believe an older membership ' +
            'until it ends by itself. Call invalidate again.',
          { cause: error },
        )
      }
    }
    const current = this.#distrusted.get(key)
    if (current === undefined) return
    // The last of those that run at the same time decides.
    if (current.attempts <= 1) this.#distrusted.delete(key)
    else current.attempts--
  }

  /**
   * @returns the generation that stands afterwards. It may be another process's, and a store that answers before it has
   * kept a value, or hides that it failed, still says an old one: only what was read counts.
   */
  async #establish(key: string, generation: string): Promise<unknown> {
    await this.#store.write(generationKey(key), generation, this.#generationTTL)
    return this.#store.readBack(generationKey(key))
  }

  async #renew(key: string): Promise<void> {
    // One of its own for each attempt: one that comes late must not bring back what the next has ended.
    const generation = randomUUID()
    if ((await this.#establish(key, generation)) !== generation) {
      throw new Error('the store does not hold what was written')
    }
  }

  #retryLater(): void {
    if (this.#retry !== undefined) return
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      void this.#retryAll()
    }, this.#retryAfter)
    this.#retry.unref()
    this.#retryAfter *= 2
  }

  /** Tells the store of the revocations that it has not confirmed, until the older entries have ended by themselves. */
  async #retryAll(): Promise<void> {
    for (const [key, mark] of this.#distrusted) {
      if (!this.#isDistrusted(key)) continue
      try {
        await this.#renew(key)
      } catch {
        this.#retryLater()
        return
      }
      // Unless another revocation of it has begun meanwhile.
      if (this.#distrusted.get(key) === mark) this.#distrusted.delete(key)
    }
    this.#retryAfter = revocationPause
  }

  #isDistrusted(key: string): boolean {
    const mark = this.#distrusted.get(key)
    if (mark === undefined) return false
    if (mark.until > performance.now()) return true
    this.#distrusted.delete(key)
    return false
  }
}

interface Entry {
  readonly membership: OrganizationMembership | null
  /** ms since the epoch */
  readonly readAt: number
  readonly generation: string
}

function generationKey(key: string): string {
  return `${key}:generation`
}

/** A shared store may hold anything. */
function readEntry(value: unknown): Entry | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { membership, readAt, generation } = value as Partial<Entry>
  if (typeof readAt !== 'number' || !Number.isFinite(readAt)) return undefined
  if (typeof generation !== 'string') return undefined
  if (membership === null) return { membership, readAt, generation }
  if (typeof membership?.role !== 'string' || !Array.isArray(membership.permissions))
    return undefined
  return { membership, readAt, generation }
}
