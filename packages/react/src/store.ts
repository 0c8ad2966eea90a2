import type { OrganizationMembershipPage, OrganizationMembershipQuery } from '@org-memberships/core'
import {
  type Cache,
  mutate,
  preload,
  type ScopedMutator,
  unstable_serialize as serialize,
} from 'swr'
import { unstable_serialize as serializeInfinite } from 'swr/infinite'
import { isEqualJSON } from './directory.js'
import {
  keyString,
  organizationMembershipsKey,
  organizationPrefix,
  packagePrefix,
  type PageKey,
  pageKeyAt,
} from './keys.js'
import { OrganizationStore } from './organization-store.js'
import { beforeEverything } from './overlay/stamp.js'
import type { MountedList } from './revalidation.js'
import { RequestAbandonedError, RequestScopes } from './request-scopes.js'
import type { OrganizationMembershipsSeed } from './seed.js'
import type { OrganizationMembershipsApi } from './types.js'

/** What the hooks of one client share: the writes under way, and the requests that can be aborted. */
export interface OrganizationMembershipsStore {
  /**
   * Starts loading a page before a component asks for it, on hover say. The first hook that mounts with this query
   * takes the answer instead of sending a request. In a browser only; on a server it resolves with `undefined`.
   */
  preload(
    organizationId: string,
    query?: OrganizationMembershipQuery,
  ): Promise<OrganizationMembershipPage | undefined>
  /**
   * Forgets everything, for sign-out: rows, seeds and unconfirmed writes. Requests under way are aborted, their
   * triggers reject, and an answer that comes late writes nothing. Mounted lists show nothing and do not load again by
   * themselves: unmount them, or call their `mutate()` once somebody has signed in.
   */
  reset(): void
}

/** A seed older than this is still shown at once, but is then refetched. */
const seedLifetime = 60_000

/** ms for which a preloaded page needs no look at the server when it is shown. */
const preloadLifetime = 5000

export class MembershipsStore implements OrganizationMembershipsStore {
  readonly scopes = new RequestScopes()
  readonly #api: OrganizationMembershipsApi
  readonly #organizations = new Map<string, OrganizationStore>()
  readonly #caches = new Map<Cache, ScopedMutator>()
  /** Until a hook mounts with them. */
  readonly #preloads = new Map<string, { key: PageKey; until: number }>()
  readonly #growing = new Set<string>()
  readonly #seeds = new WeakSet<OrganizationMembershipsSeed>()
  readonly #fallbacks = new Map<string, OrganizationMembershipPage | OrganizationMembershipPage[]>()
  readonly #seededAnswers = new Map<string, { page: OrganizationMembershipPage; until: number }>()
  #generation = 0

  constructor(api: OrganizationMembershipsApi) {
    this.#api = api
  }

  /** Counts resets: what was kept aside before one must not be shown after it. */
  get generation(): number {
    return this.#generation
  }

  organization(organizationId: string): OrganizationStore {
    let organization = this.#organizations.get(organizationId)
    if (!organization) {
      organization = new OrganizationStore(organizationId, this.#api, (id) => this.#cachedPages(id))
      this.#organizations.set(organizationId, organization)
    }
    return organization
  }

  // ---- fetching

  /** What SWR calls. An equal row keeps its object, and so does an equal page. */
  async fetchPage(
    key: PageKey,
    cache: Cache | undefined,
    signal?: AbortSignal,
  ): Promise<OrganizationMembershipPage> {
    signal?.throwIfAborted()
    const seeded = this.#takeSeed(key)
    if (seeded) return seeded
    const scope = this.scopes.open(scopeOf(key))
    const onAbort = () => scope.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const previous = () => cachedPage(cache, key)
    try {
      return await this.organization(key[1]).fetchPage(key[3], previous, scope.signal)
    } catch (error) {
      throw scope.signal.aborted ? scope.signal.reason : error
    } finally {
      scope.close()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The same for a page of an infinite list; see `grow`. */
  async fetchListPage(key: PageKey, cache: Cache): Promise<OrganizationMembershipPage> {
    const isFirst = key[3].offset === 0
    const loaded = isFirst && this.#growing.has(scopeOf(key)) ? cachedPage(cache, key) : undefined
    return loaded ?? this.fetchPage(key, cache)
  }

  /**
   * SWR fetches the first page again whenever an infinite list changes its size, and starts to within the call. Asked
   * for more, we give more: the page that is there answers.
   */
  grow<Result>(first: PageKey, setSize: () => Result): Result {
    const id = scopeOf(first)
    this.#growing.add(id)
    try {
      return setSize()
    } finally {
      this.#growing.delete(id)
    }
  }

  async preload(
    organizationId: string,
    query?: OrganizationMembershipQuery,
  ): Promise<OrganizationMembershipPage | undefined> {
    const key = organizationMembershipsKey(organizationId, query)
    this.#preloads.set(keyString(key), { key, until: Date.now() + preloadLifetime })
    return preload(key, () => this.fetchPage(key, undefined))
  }

  /**
   * A hook that suspends takes a preloaded page as data, not as its request, and would send one as it mounts. Asked
   * while rendering, so nothing is used up here.
   */
  isPreloaded(key: PageKey): boolean {
    return Date.now() < (this.#preloads.get(keyString(key))?.until ?? 0)
  }

  /** A hook has mounted with what was preloaded. */
  takePreloaded(key: PageKey): void {
    this.#preloads.delete(keyString(key))
  }

  // ---- seeds

  /** Idempotent, so it may be called while rendering. */
  addSeed(seed: OrganizationMembershipsSeed): void {
    if (this.#seeds.has(seed)) return
    this.#seeds.add(seed)
    const until = Date.now() + seedLifetime
    for (const [id, seeded] of Object.entries(seed)) {
      const first = JSON.parse(id) as PageKey
      const { directory } = this.organization(first[1])
      // On the screen already: `followSeed` has it fetched where it has changed.
      const isShown = this.#shownList(first) !== undefined
      const share = (page: OrganizationMembershipPage) => directory.share(page, beforeEverything)
      const pages = Array.isArray(seeded) ? seeded.map(share) : [share(seeded)]
      this.#fallbacks.set(
        id,
        Array.isArray(seeded) ? pages : (pages[0] as OrganizationMembershipPage),
      )
      for (const [index, page] of pages.entries()) {
        const key = Array.isArray(seeded) ? pageKeyAt(first, index) : first
        if (!isShown) this.#seededAnswers.set(keyString(key), { page, until })
      }
    }
  }

  /**
   * A later seed: a server has rendered again, after a server action say. A list on the screen that tells otherwise is
   * fetched. The seed itself is not shown, since nobody knows before which of our own writes it was read.
   */
  followSeed(seed: OrganizationMembershipsSeed): void {
    for (const [id, seeded] of Object.entries(seed)) {
      const list = this.#shownList(JSON.parse(id) as PageKey)
      const shown = list?.pages() ?? []
      const isNews = [seeded].flat().some((page, index) => !isEqualJSON(page, shown[index]?.page))
      if (isNews) list?.revalidate()
    }
  }

  #shownList(first: PageKey): MountedList | undefined {
    const cacheKey = first[2] === 'infinite' ? serializeInfinite(() => first) : serialize(first)
    return this.organization(first[1]).mountedList(cacheKey)
  }

  seededPage(key: PageKey): OrganizationMembershipPage | undefined {
    return this.#fallbacks.get(keyString(key)) as OrganizationMembershipPage | undefined
  }

  seededPages(first: PageKey): OrganizationMembershipPage[] | undefined {
    return this.#fallbacks.get(keyString(first)) as OrganizationMembershipPage[] | undefined
  }

  /** A seeded page answers one request: the one that SWR sends when it hydrates. */
  #takeSeed(key: PageKey): OrganizationMembershipPage | undefined {
    const seeded = this.#seededAnswers.get(keyString(key))
    this.#seededAnswers.delete(keyString(key))
    return seeded && Date.now() < seeded.until ? seeded.page : undefined
  }

  // ---- SWR's caches, which hold the server truth

  /** A hook that inherits this cache is mounted; its pages count when the log decides what it may forget. */
  watchCache(cache: Cache, scopedMutate: ScopedMutator): void {
    this.#caches.set(cache, scopedMutate)
  }

  *#cachedPages(organizationId: string): Iterable<OrganizationMembershipPage> {
    for (const cache of this.#caches.keys()) {
      for (const key of keysOf(cache, organizationPrefix(organizationId))) {
        const data = cache.get(key)?.data as
          | OrganizationMembershipPage
          | OrganizationMembershipPage[]
        if (Array.isArray(data)) yield* data
        else if (data !== undefined) yield data
      }
    }
  }

  reset(): void {
    this.#generation += 1
    this.#fallbacks.clear()
    this.#seededAnswers.clear()
    // A page that was preloaded and not used waits inside of SWR; asking for its key again makes SWR drop it.
    for (const { key } of this.#preloads.values()) void mutate(key)
    this.#preloads.clear()
    const reason = new DOMException('The memberships store was reset.', 'AbortError')
    this.scopes.abortAll(new RequestAbandonedError(reason.message))
    for (const organization of this.#organizations.values()) organization.reset(reason)
    this.#organizations.clear()
    for (const [cache, scopedMutate] of this.#caches) {
      for (const key of keysOf(cache, packagePrefix)) {
        void scopedMutate(key, undefined, { revalidate: false })
        cache.delete(key)
      }
    }
  }
}

export function cachedPage(
  cache: Cache | undefined,
  key: PageKey,
): OrganizationMembershipPage | undefined {
  return cache?.get(serialize(key))?.data as OrganizationMembershipPage | undefined
}

/** The list whose leaving makes a request pointless: the page itself, or the infinite list that it is part of. */
export function scopeOf(key: PageKey): string {
  return keyString(key[2] === 'page' ? key : pageKeyAt(key, 0))
}

/** SWR writes an array key as its items in order, each with a comma, so a shorter array is a prefix. */
function keysOf(cache: Cache, prefix: readonly string[]): string[] {
  const start = serialize([...prefix] as [string, ...string[]])
  return [...cache.keys()].filter((key) => key.replace(/^\$inf\$/, '').startsWith(start))
}

const storeOfClient = new WeakMap<OrganizationMembershipsApi, MembershipsStore>()

/**
 * The store of a client. One per client in a browser, so that a tree that suspends above the provider, or is mounted
 * twice, finds its writes again. On a server every render gets its own: a client may serve many users there.
 */
export function storeFor(api: OrganizationMembershipsApi): MembershipsStore {
  if (typeof window === 'undefined') return new MembershipsStore(api)
  let store = storeOfClient.get(api)
  if (!store) storeOfClient.set(api, (store = new MembershipsStore(api)))
  return store
}

/**
 * A store to hold in your own hands, where you need `preload` or `reset`. Give it to
 * `<OrganizationMembershipsProvider store={store}>`.
 */
export function createOrganizationMembershipsStore(
  client: OrganizationMembershipsApi,
): OrganizationMembershipsStore {
  return new MembershipsStore(client)
}
