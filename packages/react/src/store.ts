import type { OrganizationMembershipPage, OrganizationMembershipQuery } from '@org-memberships/core'
import type { Cache, ScopedMutator } from 'swr'
import { isEqualJSON } from './members/equal-json.js'
import { beforeEverything } from './members/table.js'
import { Organization } from './organization.js'
import { GivenPages } from './pages/given.js'
import { keyString, organizationMembershipsKey, type PageKey, scopeKeyOf } from './pages/keys.js'
import { leftLifetime } from './pages/registry.js'
import { isAbandoned, RequestAbandonedError, RequestScopes } from './pages/requests.js'
import type { MountedList } from './pages/revalidation.js'
import type { OrganizationMembershipsSeed } from './pages/seed.js'
import { cachedPage, cacheKeyOf, placeOf, SWRCaches } from './pages/swr.js'
import type { OrganizationMembershipsAPI } from './types.js'
import { RequestSlots } from './writes/slots.js'

/** What the hooks of one client share: the writes under way, and the requests that can be aborted. */
export interface OrganizationMembershipsStore {
  /**
   * Starts loading a page before a component asks for it, on hover say. The first hook that mounts with this query
   * takes the answer instead of sending a request; after a failure it sends its own. In a browser only; on a server it
   * resolves with `undefined`.
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

export interface OrganizationMembershipsStoreOptions {
  /**
   * How many writes may be in flight at a time, over all members and organizations. The others wait, so that their
   * timeouts do not run before the browser sends them.
   *
   * @default 8
   */
  maxConcurrentWrites?: number | undefined
}

export class MembershipsStore implements OrganizationMembershipsStore {
  readonly scopes = new RequestScopes()
  readonly given = new GivenPages()
  readonly caches = new SWRCaches()
  /** Another object after each reset: what was kept aside before one must not be shown after it. */
  generation: object = {}
  readonly #api: OrganizationMembershipsAPI
  readonly #slots: RequestSlots
  readonly #organizations = new Map<string, Organization>()
  readonly #growing = new Set<string>()

  constructor(
    api: OrganizationMembershipsAPI,
    { maxConcurrentWrites = 8 }: OrganizationMembershipsStoreOptions = {},
  ) {
    this.#api = api
    this.#slots = new RequestSlots(maxConcurrentWrites)
  }

  /** On a server every render gets a store of its own: what a module holds serves many users there. */
  forRender(): MembershipsStore {
    return typeof window === 'undefined' ? new MembershipsStore(this.#api) : this
  }

  organization(organizationId: string): Organization {
    let organization = this.#organizations.get(organizationId)
    if (!organization) {
      this.#evict()
      organization = new Organization(
        organizationId,
        this.#api,
        (place) => this.caches.drop(place),
        (id) => this.given.dropPreload(id),
        this.#slots,
      )
      this.#organizations.set(organizationId, organization)
    }
    organization.usedAt = Date.now()
    return organization
  }

  /** Forgets organizations that nobody has shown for long. */
  #evict(): void {
    for (const [id, organization] of this.#organizations) {
      if (Date.now() - organization.usedAt <= leftLifetime) continue
      organization.prune()
      if (organization.isIdle) this.#organizations.delete(id)
    }
  }

  // ---- fetching

  /**
   * What SWR calls. An equal row keeps its object, and so does an equal page.
   *
   * @param sentKey the key as SWR has it
   */
  async fetchPage(
    key: PageKey,
    cache: Cache | undefined,
    { signal, sentKey }: { signal?: AbortSignal | undefined; sentKey?: unknown } = {},
  ): Promise<OrganizationMembershipPage> {
    signal?.throwIfAborted()
    const look = () => {
      if (cache) this.lookAt(cache)
    }
    look()
    const organization = this.organization(key[1])
    const { pages } = organization
    const place = cache && placeOf(key, cache, sentKey)
    // A page that came with no request of this store, such as one that was preloaded.
    const cached = place && cachedPage(cache as Cache, key)
    if (cached && !pages.find(place)) pages.put(place, cached)
    const preloaded = place && this.given.use(key)
    if (preloaded) {
      const page = await preloaded
      pages.put(place, page)
      return organization.land(page)
    }
    const scope = this.scopes.open(keyString(scopeKeyOf(key)))
    const onAbort = () => scope.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await organization.fetchPage(key, place, scope.signal, look)
    } catch (error) {
      if (!scope.signal.aborted) throw error
      if (place)
        setTimeout(() => this.#dropError(place.listId, key, place.cache as Cache, isAbandoned), 0)
      throw scope.signal.reason
    } finally {
      scope.close()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The same for a page of an infinite list; see `grow`. */
  async fetchListPage(key: PageKey, cache: Cache): Promise<OrganizationMembershipPage> {
    const isFirst = key[3].offset === 0
    const loaded = isFirst && this.#growing.has(keyString(key)) ? cachedPage(cache, key) : undefined
    return loaded ?? this.fetchPage(key, cache)
  }

  /**
   * SWR fetches the first page again whenever an infinite list changes its size, and starts to within the call. Asked
   * for more, we give more: the page that is there answers.
   */
  grow<Result>(first: PageKey, setSize: () => Result): Result {
    const id = keyString(first)
    this.#growing.add(id)
    try {
      return setSize()
    } finally {
      this.#growing.delete(id)
    }
  }

  #dropError(id: string, key: PageKey, cache: Cache, isError: (error: unknown) => boolean): void {
    this.caches.dropError(cache, id, isError, this.organization(key[1]).pages.isShown(id, cache))
  }

  // ---- what there is before a hook asks

  preload(
    organizationId: string,
    query?: OrganizationMembershipQuery,
  ): Promise<OrganizationMembershipPage | undefined> {
    if (typeof window === 'undefined') return Promise.resolve(undefined)
    const key = organizationMembershipsKey(organizationId, query)
    const loading = this.fetchPage(key, undefined)
    // On hover nobody waits for it, and a failure there is nobody's concern.
    loading.catch(() => {})
    void this.#keepPreload(key, loading)
    return loading
  }

  async #keepPreload(key: PageKey, loading: Promise<OrganizationMembershipPage>): Promise<void> {
    const { pages } = this.organization(key[1])
    // A list that is there already asks by itself.
    if ([...pages.lists].some(({ id }) => id === cacheKeyOf(key))) return
    const isWaiting = await this.given.preload(key, loading)
    if (isWaiting) pages.give(keyString(key), [await loading], leftLifetime)
  }

  /** Idempotent, so it may be called while rendering. */
  addSeed(seed: OrganizationMembershipsSeed): void {
    this.given.addSeed(seed, (key, seeded) => {
      const { table, pages } = this.organization(key[1])
      const shared = seeded.map((page) => table.share(page, beforeEverything))
      pages.give(keyString(key), shared)
      return shared
    })
  }

  /**
   * A later seed: a server has rendered again, after a server action say. A list on the screen that says otherwise is
   * fetched. The seed itself is not shown, since nobody knows before which of our own writes it was read.
   */
  followSeed(seed: OrganizationMembershipsSeed): void {
    for (const [id, seeded] of Object.entries(seed)) {
      const key = JSON.parse(id) as PageKey
      const organization = this.organization(key[1])
      const news = [seeded].flat().map((page) => organization.table.share(page, beforeEverything))
      organization.revalidateLists((list) => {
        if (list.id !== cacheKeyOf(key)) return false
        const shown = list.pages()
        return news.some((page, index) => !isEqualJSON(page, shown[index]?.page))
      })
    }
  }

  // ---- SWR's caches, which hold what the server said

  /** After SWR has dropped what it held, nothing of before may be shown, ours included. */
  lookAt(cache: Cache, scopedMutate?: ScopedMutator): void {
    if (typeof window === 'undefined' || !this.caches.lookAt(cache, scopedMutate)) return
    this.generation = {}
    this.given.clear()
    const left = this.caches.dropInfinite(cache)
    const isLeft = (list: MountedList) => list.cache !== cache || left.includes(list.id)
    for (const organization of this.#organizations.values()) {
      organization.forget()
      // This may be a render, which must not make others render.
      queueMicrotask(() => organization.revalidateLists(isLeft))
    }
  }

  /** A hook is about to wait for this page in a `<Suspense>`. Called while rendering. */
  suspend(key: PageKey, cache: Cache): void {
    const id = cacheKeyOf(key)
    const entry = cache.get(id)
    if (entry?.data !== undefined) return
    this.scopes.await(keyString(key))
    if (entry?.error === undefined) return
    // SWR throws this error now, and would throw it again at "try again" without asking: it is to be thrown once.
    // React renders a second time before it shows an error, on a busy machine some tasks later: so when all is done.
    const whenIdle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 0))
    whenIdle(() => {
      if (this.organization(key[1]).pages.isShown(id, cache)) return
      this.#dropError(id, key, cache, (error) => error === entry.error)
    })
  }

  reset(): void {
    this.generation = {}
    this.given.clear()
    const reason = new DOMException('The memberships store was reset.', 'AbortError')
    this.scopes.abortAll(new RequestAbandonedError(reason.message))
    const organizations = [...this.#organizations.values()]
    this.caches.empty((id, cache) => organizations.some(({ pages }) => pages.isShown(id, cache)))
    for (const organization of organizations) organization.reset(reason)
  }
}

const storeOfClient = new WeakMap<OrganizationMembershipsAPI, MembershipsStore>()

/** One store for one client, so that a tree that suspends above the provider, or is mounted twice, finds its writes. */
export function storeFor(api: OrganizationMembershipsAPI): MembershipsStore {
  let store = storeOfClient.get(api)
  if (!store) storeOfClient.set(api, (store = new MembershipsStore(api)))
  return store
}

/**
 * A store to hold in your own hands, where you need `preload` or `reset`. Give it to
 * `<OrganizationMembershipsProvider store={store}>`.
 */
export function createOrganizationMembershipsStore(
  client: OrganizationMembershipsAPI,
  options?: OrganizationMembershipsStoreOptions,
): OrganizationMembershipsStore {
  return new MembershipsStore(client, options)
}
