import type { OrganizationMembershipPage } from '@org-memberships/core'
import { keyString, type PageKey } from './keys.js'
import type { OrganizationMembershipsSeed } from './seed.js'

/** ms for which a seed needs no look at the server when it is shown. */
const seedLifetime = 60_000

/** ms for which a preloaded page needs none. */
const preloadLifetime = 5000

type Data = OrganizationMembershipPage | OrganizationMembershipPage[]

interface Given {
  readonly key: PageKey
  /** Absent while a preload is under way. */
  readonly data?: Data
  /** When it stops to be fresh. */
  readonly until: number
}

/** What the app has before a hook asks for it: seeds, and pages that were preloaded. */
export class GivenPages {
  readonly #seeds = new WeakSet<OrganizationMembershipsSeed>()
  readonly #seeded = new Map<string, Given>()
  /** Until a hook mounts with them. */
  readonly #preloads = new Map<string, Given>()

  /** Idempotent, so it may be called while rendering. @param share takes note of a page, and gives it in our objects */
  addSeed(
    seed: OrganizationMembershipsSeed,
    share: (
      key: PageKey,
      pages: readonly OrganizationMembershipPage[],
    ) => OrganizationMembershipPage[],
  ): void {
    if (this.#seeds.has(seed)) return
    this.#seeds.add(seed)
    for (const [id, seeded] of Object.entries(seed)) {
      const key = JSON.parse(id) as PageKey
      const pages = share(key, [seeded].flat())
      const data = Array.isArray(seeded) ? pages : pages[0]
      this.#seeded.set(id, { key, data: data as Data, until: Date.now() + seedLifetime })
    }
  }

  seededData(key: PageKey): Data | undefined {
    return this.#seeded.get(keyString(key))?.data
  }

  /** @returns to be called with the page that was preloaded */
  preload(key: PageKey): (data: OrganizationMembershipPage) => void {
    const id = keyString(key)
    const given: Given = { key, until: Date.now() + preloadLifetime }
    this.#preloads.set(id, given)
    return (data) => {
      if (this.#preloads.get(id) === given) this.#preloads.set(id, { ...given, data })
    }
  }

  /** @returns whether there was one */
  dropPreload(key: PageKey): boolean {
    return this.#preloads.delete(keyString(key))
  }

  /**
   * Whether what a hook is about to mount with is as good as an answer: a fresh seed, or a preloaded page that a hook
   * that suspends has taken as data (one that does not takes it as its request). Asked while rendering, so nothing is
   * used up here.
   *
   * @param cached what the cache has already
   */
  isFresh(key: PageKey, cached: unknown): boolean {
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

  /** @returns the keys that were preloaded */
  clear(): PageKey[] {
    const keys = [...this.#preloads.values()].map(({ key }) => key)
    this.#seeded.clear()
    this.#preloads.clear()
    return keys
  }
}
