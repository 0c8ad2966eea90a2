import { Logger } from '@nestjs/common'
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
import {
  type CachedMembership,
  type MembershipCache,
  MemoryMembershipCache,
} from './membership-cache.js'

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
}

interface Flight {
  readonly result: Promise<OrganizationMembership | null>
  /** A change came in between: what is being read may be older than it. */
  isOutdated: boolean
}

// Longer ids are none; they would only fill the cache.
const longestId = 256
// ms
const storePatience = 500
const lookupTimeout = 4_000
const longestPause = 30_000

/**
 * Reads a user's membership for access decisions: many callers at once cost one request, and what was read is kept
 * for a while.
 */
export class MembershipReader {
  readonly #client: OrganizationMembershipsClient
  readonly #store: MembershipCache
  readonly #freshFor: number
  readonly #negativeFor: number
  readonly #staleFor: number
  readonly #flights = new Map<string, Flight>()
  readonly #logger = new Logger('ClerkSessionAccess')
  /** Upstream said not to ask again before then: `performance.now()` ms. */
  #pausedUntil = Number.NEGATIVE_INFINITY
  #pauseReason: unknown

  /** @throws Error naming the option that cannot work */
  constructor(client: OrganizationMembershipsClient, options: MembershipReaderOptions = {}) {
    assertOptions(options)
    this.#client = client
    this.#store = options.store ?? new MemoryMembershipCache(options.maxEntries)
    this.#freshFor = options.freshFor ?? 30_000
    this.#negativeFor = options.negativeFor ?? 5_000
    this.#staleFor = Math.max(options.staleFor ?? 120_000, this.#freshFor)
  }

  /**
   * @returns the membership without private metadata; `null` where there is none, whether the organization exists or not
   * @throws AccessUnavailableException when upstream fails and nothing recent enough is known
   */
  async get(
    organizationId: string,
    userId: string,
    { fresh = false }: { fresh?: boolean; signal?: AbortSignal } = {},
  ): Promise<OrganizationMembership | null> {
    if (organizationId.length > longestId || userId.length > longestId) return null
    if (fresh) return this.#readFresh(organizationId, userId)
    const key = keyOf(organizationId, userId)
    const running = this.#flights.get(key)
    if (running !== undefined) return running.result

    const flight: Flight = {
      isOutdated: false,
      // After this object exists, so that the flight can be told from a later one.
      result: Promise.resolve().then(() => this.#resolve(key, organizationId, userId, flight)),
    }
    this.#flights.set(key, flight)
    try {
      return await flight.result
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
  }

  /** Forgets what is known of a user in an organization, and what is being read of it right now. */
  async invalidate(organizationId: string, userId: string): Promise<void> {
    const key = keyOf(organizationId, userId)
    const flight = this.#flights.get(key)
    if (flight !== undefined) {
      flight.isOutdated = true
      this.#flights.delete(key)
    }
    await this.#useStore('delete', () => this.#store.delete(key))
  }

  async #resolve(
    key: string,
    organizationId: string,
    userId: string,
    flight: Flight,
  ): Promise<OrganizationMembership | null> {
    const known = readEntry(await this.#useStore('get', () => this.#store.get(key)))
    const age = known === undefined ? Number.POSITIVE_INFINITY : Date.now() - known.readAt
    if (known && age < (known.membership === null ? this.#negativeFor : this.#freshFor)) {
      return known.membership
    }
    const isUsable = age < this.#staleFor && known?.membership != null
    try {
      if (performance.now() < this.#pausedUntil) throw this.#pauseReason
      const membership = await this.#read(organizationId, userId, isUsable)
      if (!flight.isOutdated) await this.#keep(key, membership)
      return membership
    } catch (error) {
      if (!isOutage(error)) throw error
      this.#pauseFor(error)
      if (isUsable) return known.membership
      throw new AccessUnavailableException(error, retryAfterOf(error))
    }
  }

  async #readFresh(organizationId: string, userId: string): Promise<OrganizationMembership | null> {
    try {
      return await this.#read(organizationId, userId, false)
    } catch (error) {
      if (!isOutage(error)) throw error
      throw new AccessUnavailableException(error, retryAfterOf(error))
    }
  }

  async #read(
    organizationId: string,
    userId: string,
    hasOlder: boolean,
  ): Promise<OrganizationMembership | null> {
    try {
      const membership = await this.#client.get(
        { organizationId, userId },
        // Something older at once is better than something new after several attempts.
        { totalTimeout: lookupTimeout, ...(hasOlder && { maxRetries: 0 }) },
      )
      return membership && withoutPrivateMetadata(membership)
    } catch (error) {
      // No such organization, or an id that cannot be one: the same to the caller as one that is not theirs.
      if (isNotFoundError(error) || isInvalidArgumentError(error)) return null
      throw error
    }
  }

  async #keep(key: string, membership: OrganizationMembership | null): Promise<void> {
    const value: CachedMembership = { membership, readAt: Date.now() }
    const ttl = membership === null ? this.#negativeFor : this.#staleFor
    if (ttl > 0) await this.#useStore('set', () => this.#store.set(key, value, ttl))
  }

  #pauseFor(error: unknown): void {
    const retryAfter = retryAfterOf(error)
    if (retryAfter === undefined || performance.now() < this.#pausedUntil) return
    this.#pausedUntil = performance.now() + Math.min(retryAfter, longestPause)
    this.#pauseReason = error
  }

  /** A store that fails or stalls costs a request upstream, never an answer. */
  async #useStore(what: string, use: () => unknown): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined
    try {
      const result = use()
      if (!(result instanceof Promise)) return result
      const patience = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no answer for ${storePatience} ms`)),
          storePatience,
        )
      })
      return await Promise.race([result, patience])
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown reason'
      this.#logger.warn(`The membership cache failed at '${what}' and is passed over: ${reason}`)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
}

function assertOptions({ store, ...numbers }: MembershipReaderOptions): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    throw new Error(`ClerkSessionAccess: cache.${name} must be a number of at least 0.`)
  }
  for (const method of ['get', 'set', 'delete'] as const) {
    if (store === undefined || typeof store[method] === 'function') continue
    throw new Error(
      `ClerkSessionAccess: cache.store needs a method ${method}; a Keyv has all three.`,
    )
  }
}

function keyOf(organizationId: string, userId: string): string {
  return `org-memberships:${JSON.stringify([organizationId, userId])}`
}

/** A shared store may hold anything. */
function readEntry(value: unknown): CachedMembership | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { membership, readAt } = value as Partial<CachedMembership>
  if (typeof readAt !== 'number' || readAt > Date.now() + longestPause) return undefined
  if (membership === null) return { membership, readAt }
  if (typeof membership?.role !== 'string' || !Array.isArray(membership.permissions))
    return undefined
  return { membership, readAt }
}

function isOutage(error: unknown): boolean {
  if (isAPIError(error)) return error.status === 429 || error.status >= 500
  return isConnectionError(error) || isTimeoutError(error) || isResponseParseError(error)
}

function retryAfterOf(error: unknown): number | undefined {
  return isAPIError(error) ? error.retryAfter : undefined
}
