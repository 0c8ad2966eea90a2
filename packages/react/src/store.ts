import type { OrganizationMembershipPage, OrganizationMembershipQuery } from '@org-memberships/core'
import { type Cache, type ScopedMutator, type State, unstable_serialize as serialize } from 'swr'
import { isEqualJSON } from './directory.js'
import { GivenData } from './given-data.js'
import {
  organizationMembershipsKey,
  organizationPrefix,
  packagePrefix,
  type PageKey,
} from './keys.js'
import { OrganizationStore } from './organization-store.js'
import { beforeEverything } from './overlay/stamp.js'
import type { MountedList } from './revalidation.js'
import { RequestSlots } from './request-slots.js'
import { isAbandoned, RequestAbandonedError, RequestScopes } from './request-scopes.js'
import type { OrganizationMembershipsSeed } from './seed.js'
import { cachedPage, cacheKeyOf, keysOf, type ListData, scopeKeyOf, scopeOf } from './swr-cache.js'
import type { OrganizationMembershipsAPI } from './types.js'

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
  readonly given = new GivenData()
  /** Another object after each reset: what was kept aside before one must not be shown after it. */
  generation: object = {}
  /** Only while `reset` runs: SWR is to drop requests, and not to send new ones. */
  isPaused = false
  readonly #api: OrganizationMembershipsAPI
  readonly #slots: RequestSlots
  readonly #organizations = new Map<string, OrganizationStore>()
  // Weakly: a cache may go with its <SWRConfig provider>, and nobody tells us.
  readonly #caches = new Set<WeakRef<Cache>>()
  readonly #watched = new WeakSet<Cache>()
  readonly #leftAt = new WeakMap<Cache, Map<string, number>>()
  readonly #marks = new WeakMap<Cache, unknown>()
  readonly #mutators = new WeakMap<Cache, ScopedMutator>()
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

  organization(organizationId: string): OrganizationStore {
    let organization = this.#organizations.get(organizationId)
    if (!organization) {
      organization = new OrganizationStore(
        organizationId,
        this.#api,
        (id) => this.#cachedPages(id),
        this.#slots,
      )
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
    if (cache) {
      this.lookAt(cache)
      this.watchCache(cache)
    }
    const scope = this.scopes.open(scopeOf(key))
    const onAbort = () => scope.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const previous = () => cachedPage(cache, key)
    try {
      return await this.organization(key[1]).fetchPage(key[3], previous, scope.signal)
    } catch (error) {
      if (!scope.signal.aborted) throw error
      if (cache) setTimeout(() => this.#forgetAbandoned(key, cache), 0)
      throw scope.signal.reason
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

  /** SWR keeps what its fetcher threw, and would throw it at a hook that suspends with this key later. */
  #forgetAbandoned(key: PageKey, cache: Cache): void {
    const id = cacheKeyOf(scopeKeyOf(key))
    const entry = cache.get(id)
    if (!entry || !isAbandoned(entry.error)) return
    if (entry.data !== undefined || this.organization(key[1]).isShown(id, cache)) {
      cache.set(id, { ...entry, error: undefined })
    } else cache.delete(id)
  }

  // ---- what there is before a hook asks

  preload(
    organizationId: string,
    query?: OrganizationMembershipQuery,
  ): Promise<OrganizationMembershipPage | undefined> {
    const key = organizationMembershipsKey(organizationId, query)
    const loading = this.given.preload(key, () => this.fetchPage(key, undefined))
    // On hover nobody waits for it, and a failure there is nobody's concern.
    loading.catch(() => {})
    return loading
  }

  /** Idempotent, so it may be called while rendering. */
  addSeed(seed: OrganizationMembershipsSeed): void {
    this.given.addSeed(seed, (organizationId, page) =>
      this.organization(organizationId).directory.share(page, beforeEverything),
    )
  }

  /**
   * A later seed: a server has rendered again, after a server action say. A list on the screen that tells otherwise is
   * fetched. The seed itself is not shown, since nobody knows before which of our own writes it was read.
   */
  followSeed(seed: OrganizationMembershipsSeed): void {
    for (const [id, seeded] of Object.entries(seed)) {
      const key = JSON.parse(id) as PageKey
      const caches = new Set<object>()
      const { directory } = this.organization(key[1])
      const toRows = (page: OrganizationMembershipPage) => directory.share(page, beforeEverything)
      for (const list of this.organization(key[1]).mountedLists(cacheKeyOf(key))) {
        const shown = list.pages()
        const isNews = [seeded]
          .flat()
          .some((page, index) => !isEqualJSON(toRows(page), shown[index]?.page))
        if (isNews && !caches.has(list.cache)) list.revalidate()
        caches.add(list.cache)
      }
    }
  }

  // ---- SWR's caches, which hold the server truth

  /** A hook that inherits this cache is mounted; its pages count when the log decides what it may forget. */
  watchCache(cache: Cache): void {
    if (this.#watched.has(cache)) return
    this.#watched.add(cache)
    this.#caches.add(new WeakRef(cache))
  }

  /**
   * Notices when SWR has dropped what it held: after its `unload()`, `mutate(() => true, undefined)` or
   * `cache.clear()` nothing of before may be shown, ours included. A mark of ours in the cache goes with the rest.
   * Idempotent, so it may be called while rendering.
   */
  lookAt(cache: Cache, scopedMutate?: ScopedMutator): void {
    if (typeof window === 'undefined') return
    if (scopedMutate) this.#mutators.set(cache, scopedMutate)
    let mark: unknown = cache.get(markId)?.error
    if (mark === undefined) {
      mark = new Error('Not an error: while this is here, SWR has dropped nothing.')
      // Not as data, for there is none; an error goes the same way.
      cache.set(markId, { _k: markKey, error: mark } as State)
    }
    const last = this.#marks.get(cache)
    this.#marks.set(cache, mark)
    if (last && last !== mark) this.#forgetAll(cache)
  }

  #forgetAll(dropped: Cache): void {
    this.generation = {}
    this.given.clear()
    // SWR's filters skip infinite lists.
    const left = keysOf(dropped, packagePrefix).filter(
      (id) => id.startsWith('$inf$') && dropped.get(id)?.data !== undefined,
    )
    for (const id of left) dropped.set(id, { ...dropped.get(id), data: undefined })
    const isLeft = (list: MountedList) => list.cache !== dropped || left.includes(list.id)
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
    this.scopes.await(scopeOf(key))
    if (entry?.error === undefined) return
    // SWR throws this error now, and would throw it again at "try again" without asking: it is to be thrown once.
    setTimeout(() => {
      const later = cache.get(id)
      if (later?.error !== entry.error || later?.data !== undefined) return
      if (!this.organization(key[1]).isShown(id, cache)) cache.delete(id)
    }, 0)
  }

  *#liveCaches(): Iterable<Cache> {
    for (const reference of this.#caches) {
      const cache = reference.deref()
      if (cache) yield cache
      else this.#caches.delete(reference)
    }
  }

  *#cachedPages(organizationId: string): Iterable<OrganizationMembershipPage> {
    yield* this.given.pages(organizationId)
    for (const cache of this.#liveCaches()) {
      for (const id of keysOf(cache, organizationPrefix(organizationId))) {
        if (this.#isLeft(id, cache, organizationId)) {
          cache.delete(id)
          continue
        }
        const data = cache.get(id)?.data as ListData | undefined
        if (Array.isArray(data)) yield* data
        else if (data !== undefined) yield data
      }
    }
  }

  /** The last hook that showed a page has left it. */
  leave(id: string, cache: Cache): void {
    const pages = this.#leftAt.get(cache) ?? new Map<string, number>()
    this.#leftAt.set(cache, pages.set(id, Date.now()))
  }

  /** A search that somebody left long ago must not keep every write since in memory. */
  #isLeft(id: string, cache: Cache, organizationId: string): boolean {
    const leftAt = this.#leftAt.get(cache)?.get(id)
    if (leftAt === undefined) return false
    const isShown = this.organization(organizationId).isShown(id, cache)
    const isLong = Date.now() - leftAt > leftLifetime
    if (isShown || isLong) this.#leftAt.get(cache)?.delete(id)
    return isLong && !isShown
  }

  reset(): void {
    this.generation = {}
    this.given.clear()
    const reason = new DOMException('The memberships store was reset.', 'AbortError')
    this.scopes.abortAll(new RequestAbandonedError(reason.message))
    this.isPaused = true
    for (const cache of this.#liveCaches()) {
      for (const id of keysOf(cache, packagePrefix)) if (id !== markId) void this.#empty(cache, id)
    }
    this.isPaused = false
    for (const organization of this.#organizations.values()) organization.reset(reason)
  }

  async #empty(cache: Cache, id: string): Promise<void> {
    const isShown = [...this.#organizations.values()].some((it) => it.isShown(id, cache))
    try {
      // SWR drops the request of this key too, or a list that mounts soon would wait for it; and a list of another
      // store fetches again.
      await this.#mutators.get(cache)?.(id, undefined)
    } catch {
      // Taken down with its provider.
      cache.delete(id)
    }
    const entry = cache.get(id)
    // Without its entry SWR would say of a list that stays mounted that it loads.
    if (!isShown && entry?.data === undefined && !entry?.isValidating) cache.delete(id)
  }
}

/** ms for which a page that nobody shows is kept for who comes back, once there are writes it would have to know. */
const leftLifetime = 5 * 60_000

/** Names the mark that `lookAt` looks for. */
export const markKey = [...packagePrefix, 'mark'] as const

const markId = serialize(markKey)

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
