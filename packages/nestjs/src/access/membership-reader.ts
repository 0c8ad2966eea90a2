import { createHash } from 'node:crypto'
import {
  isAPIError,
  isConnectionError,
  isInvalidArgumentError,
  isNotFoundError,
  isResponseParseError,
  isTimeoutError,
  type OrganizationMembership,
  type OrganizationMembershipsClient,
  withoutPrivateMetadata,
} from '@org-memberships/core'
import { AccessUnavailableException } from '../errors/refusal.js'
import { KeptMemberships } from './kept-memberships.js'
import { LookupBudget } from './lookup-budget.js'
import { type MembershipCache, MemoryMembershipCache } from './membership-cache.js'
import { SharedLookups } from './shared-lookups.js'

export interface MembershipReaderOptions {
  /** @default a cache in memory */
  store?: MembershipCache
  /** Entries in the cache in memory. @default 10_000 */
  maxEntries?: number
  /** How long a membership is trusted without asking again, ms. @default 30_000 */
  freshFor?: number
  /** How long "not a member" is trusted, ms. @default 5_000 */
  negativeFor?: number
  /**
   * How old a membership may get while upstream limits the rate (429), fails (5xx) or cannot be reached, ms. After
   * that, callers are turned away with a 503.
   *
   * @default 120_000
   */
  staleFor?: number
  /**
   * How often per minute one user may make the API answer "not a member". Beyond that, the user's look-ups that would
   * ask the API are refused with a 429, so that nobody uses up the rate limit of all by trying organization ids.
   *
   * @default 30
   */
  maxMissesPerMinute?: number
}

// Longer ids are none; they would only fill the cache.
const longestId = 256
// ms
const lookupTimeout = 4_000
const longestPause = 30_000

/**
 * Reads a user's membership for access decisions: many callers at once cost one request, and what was read is kept
 * for a while.
 */
export class MembershipReader {
  readonly #client: OrganizationMembershipsClient
  readonly #kept: KeptMemberships
  readonly #lookups = new SharedLookups<OrganizationMembership | null>()
  readonly #budget: LookupBudget
  readonly #freshFor: number
  readonly #negativeFor: number
  readonly #staleFor: number
  /** Upstream said not to ask again before then: `performance.now()` ms. */
  #pausedUntil = Number.NEGATIVE_INFINITY
  #pauseReason: unknown

  /** @throws Error naming the option that cannot work */
  constructor(client: OrganizationMembershipsClient, options: MembershipReaderOptions = {}) {
    assertOptions(options)
    this.#client = client
    this.#freshFor = options.freshFor ?? 30_000
    this.#negativeFor = options.negativeFor ?? 5_000
    this.#staleFor = Math.max(options.staleFor ?? 120_000, this.#freshFor)
    this.#budget = new LookupBudget(options.maxMissesPerMinute ?? 30)
    // Each membership takes two: itself and its generation.
    const store = options.store ?? new MemoryMembershipCache(2 * (options.maxEntries ?? 10_000))
    this.#kept = new KeptMemberships(store, { entry: this.#staleFor, negative: this.#negativeFor })
  }

  /**
   * @param options.fresh whether the answer has to come from a look-up that begins now, such as before a change
   * @param options.signal ends the waiting; the look-up goes on as long as somebody else waits for it
   * @returns the membership without private metadata; `null` where there is none, whether the organization exists or not
   * @throws AccessUnavailableException when upstream fails and nothing recent enough is known
   * @throws MembershipsHttpException 429 when the user has asked about too many organizations of others
   */
  async get(
    organizationId: string,
    userId: string,
    { fresh = false, signal }: { fresh?: boolean; signal?: AbortSignal } = {},
  ): Promise<OrganizationMembership | null> {
    if (organizationId.length > longestId || userId.length > longestId) return null
    const key = keyOf(organizationId, userId)
    if (fresh) return this.#readFresh(organizationId, userId, signal)
    const { generation, known } = await this.#kept.read(key)
    if (known && known.age < (known.membership ? this.#freshFor : this.#negativeFor)) {
      return known.membership
    }
    // Something older at once is better than something new after several attempts.
    const usable = known && known.age < this.#staleFor ? known.membership : null
    try {
      return await this.#lookups.run(
        key,
        generation,
        (lookup) =>
          this.#lookUp(organizationId, userId, {
            ...lookup,
            // Of a membership that is known, or was a moment ago, nobody finds out by trying.
            isFree: usable !== null,
            maxRetries: usable === null ? undefined : 0,
          }),
        signal,
      )
    } catch (error) {
      if (!isOutage(error)) throw error
      if (usable !== null) return usable
      throw new AccessUnavailableException(error, retryAfterOf(error))
    }
  }

  /**
   * Forgets what is known of a user in an organization, in every process that shares the store. Once it has resolved,
   * nothing that was read before lets the user in.
   *
   * @throws Error when the shared store does not confirm it; this process has forgotten it all the same
   */
  async invalidate(organizationId: string, userId: string): Promise<void> {
    await this.#kept.revoke(keyOf(organizationId, userId))
  }

  /** Alone: waiting for a look-up that is under way would be long, and a change waits for this. */
  async #readFresh(
    organizationId: string,
    userId: string,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<OrganizationMembership | null> {
    const begin = () => Promise.resolve()
    const lookup = { signal, generation: undefined, begin, isFree: true, maxRetries: undefined }
    try {
      return await this.#lookUp(organizationId, userId, lookup)
    } catch (error) {
      if (!isOutage(error)) throw error
      throw new AccessUnavailableException(error, retryAfterOf(error))
    }
  }

  async #lookUp(
    organizationId: string,
    userId: string,
    lookup: {
      readonly signal: AbortSignal
      readonly generation: string | undefined
      readonly begin: (generation: string | undefined) => Promise<void>
      readonly isFree: boolean
      readonly maxRetries: number | undefined
    },
  ): Promise<OrganizationMembership | null> {
    const key = keyOf(organizationId, userId)
    const ask = async (spend: () => void) => {
      lookup.signal.throwIfAborted()
      if (performance.now() < this.#pausedUntil) throw this.#pauseReason
      // After the budget: what is refused writes nothing into a store that others share.
      const generation = lookup.generation ?? (await this.#kept.begin(key))
      await lookup.begin(generation)
      const readAt = this.#kept.now()
      const membership = await this.#read(organizationId, userId, lookup).catch(
        (error: unknown) => {
          // It was sent: whoever hangs up has not asked for less.
          if (lookup.signal.aborted) spend()
          if (isOutage(error)) this.#pauseFor(error)
          throw error
        },
      )
      if (membership === null) spend()
      if (generation !== undefined) this.#kept.keep(key, membership, generation, readAt)
      return membership
    }
    return lookup.isFree ? ask(() => {}) : this.#budget.run(userId, ask)
  }

  async #read(
    organizationId: string,
    userId: string,
    {
      signal,
      maxRetries,
    }: { readonly signal: AbortSignal; readonly maxRetries: number | undefined },
  ): Promise<OrganizationMembership | null> {
    try {
      const membership = await this.#client.get(
        { organizationId, userId },
        { signal, totalTimeout: lookupTimeout, ...(maxRetries !== undefined && { maxRetries }) },
      )
      return membership && withoutPrivateMetadata(membership)
    } catch (error) {
      // No such organization, or an id that cannot be one: the same to the caller as one that is not theirs.
      if (isNotFoundError(error) || isInvalidArgumentError(error)) return null
      throw error
    }
  }

  #pauseFor(error: unknown): void {
    const retryAfter = retryAfterOf(error)
    if (retryAfter === undefined || performance.now() < this.#pausedUntil) return
    this.#pausedUntil = performance.now() + Math.min(retryAfter, longestPause)
    this.#pauseReason = error
  }
}

function assertOptions({ store, ...numbers }: MembershipReaderOptions): void {
  if (numbers.maxMissesPerMinute !== undefined && !(numbers.maxMissesPerMinute >= 1)) {
    throw new Error('ClerkSessionAccess: cache.maxMissesPerMinute must be a number of at least 1.')
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    throw new Error(`ClerkSessionAccess: cache.${name} must be a number of at least 0.`)
  }
  for (const method of ['get', 'set'] as const) {
    if (store === undefined || typeof store[method] === 'function') continue
    throw new Error(`ClerkSessionAccess: cache.store needs a method ${method}; a Keyv has both.`)
  }
}

function keyOf(organizationId: string, userId: string): string {
  // A hash: ids come from callers, and a store may refuse keys that are long or hold odd letters.
  const ids = createHash('sha256').update(JSON.stringify([organizationId, userId]))
  return `org-memberships:2:${ids.digest('base64url')}`
}

function isOutage(error: unknown): boolean {
  if (isAPIError(error)) return error.status === 429 || error.status >= 500
  return isConnectionError(error) || isTimeoutError(error) || isResponseParseError(error)
}

function retryAfterOf(error: unknown): number | undefined {
  return isAPIError(error) ? error.retryAfter : undefined
}
