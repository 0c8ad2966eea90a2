import type { OrganizationMembershipPage } from '@org-memberships/core'
import { type Cache, mutate, preload } from 'swr'
import { keyString, type PageKey } from './keys.js'
import type { OrganizationMembershipsSeed } from './seed.js'
import { cacheKeyOf, type ListData } from './swr-cache.js'

/** A seed older than this is still shown at once, but is then refetched. */
const seedLifetime = 60_000

/** ms for which a preloaded page needs no look at the server when it is shown. */
const preloadLifetime = 5000

interface Given<Data> {
  readonly key: PageKey
  /** Absent while a preload is under way. */
  readonly data: Data | undefined
  /** When it stops to be fresh. */
  readonly until: number
}

/** What the app has before a hook asks for it: seeds, and pages that were preloaded. */
export class GivenData {
  /** Until a hook mounts with them. */
  readonly #preloads = new Map<string, Given<OrganizationMembershipPage>>()
  readonly #seeds = new WeakSet<OrganizationMembershipsSeed>()
  readonly #seeded = new Map<string, Given<ListData>>()

  async preload(
    key: PageKey,
    fetch: () => Promise<OrganizationMembershipPage>,
  ): Promise<OrganizationMembershipPage | undefined> {
    const id = keyString(key)
    const given = { key, data: undefined, until: Date.now() + preloadLifetime }
    this.#preloads.set(id, given)
    try {
      const data = await preload(key, fetch)
      if (this.#preloads.get(id) === given) this.#preloads.set(id, { ...given, data })
      return data
    } catch (error) {
      // SWR would give the failure to the hook that mounts, however much later: that one is to ask by itself.
      if (this.#preloads.delete(id)) void mutate(key)
      throw error
    }
  }

  /** Idempotent, so it may be called while rendering. */
  addSeed(
    seed: OrganizationMembershipsSeed,
    share: (organizationId: string, page: OrganizationMembershipPage) => OrganizationMembershipPage,
  ): void {
    if (this.#seeds.has(seed)) return
    this.#seeds.add(seed)
    const until = Date.now() + seedLifetime
    for (const [id, seeded] of Object.entries(seed)) {
      const key = JSON.parse(id) as PageKey
      const data = Array.isArray(seeded)
        ? seeded.map((page) => share(key[1], page))
        : share(key[1], seeded)
      this.#seeded.set(id, { key, data, until })
    }
  }

  seededData(key: PageKey): ListData | undefined {
    return this.#seeded.get(keyString(key))?.data
  }

  /**
   * Whether what a hook is about to mount with is as good as an answer: a fresh seed, or a preloaded page that a hook
   * that suspends has taken as data (one that does not takes it as its request). Asked while rendering, so nothing is
   * used up here.
   */
  isFresh(key: PageKey, cache: Cache): boolean {
    const cached: unknown = cache.get(cacheKeyOf(key))?.data
    const given = (cached === undefined ? this.#seeded : this.#preloads).get(keyString(key))
    if (!given || Date.now() >= given.until) return false
    return cached === undefined || cached === given.data
  }

  /** A hook has mounted with this key: what it mounts with next time is not fresh any more. */
  take(key: PageKey): void {
    const id = keyString(key)
    this.#preloads.delete(id)
    const seeded = this.#seeded.get(id)
    if (seeded) this.#seeded.set(id, { ...seeded, until: 0 })
  }

  /** Pages of an organization that no hook has taken yet. */
  *pages(organizationId: string): Iterable<OrganizationMembershipPage> {
    for (const { key, data } of this.#preloads.values()) {
      if (data && key[1] === organizationId) yield data
    }
    for (const { key, data, until } of this.#seeded.values()) {
      if (data && until > 0 && key[1] === organizationId) yield* [data].flat()
    }
  }

  clear(): void {
    this.#seeded.clear()
    // A page that was preloaded and not used waits inside of SWR; asking for its key again makes SWR drop it.
    const keys = [...this.#preloads.values()].map(({ key }) => key)
    // In a moment, for this may be a render.
    queueMicrotask(() => {
      for (const key of keys) void mutate(key)
    })
    this.#preloads.clear()
  }
}
