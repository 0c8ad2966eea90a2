import type { OrganizationMembershipPage } from '@org-memberships/core'
import { keyString, type PageKey } from './keys.js'
import type { OrganizationMembershipsSeed } from './seed.js'

/** ms for which a seed needs no look at the server when it is shown. */
const seedLifetime = 60_000

/** ms for which a preloaded page needs none. */
const preloadLifetime = 5000

type Data = OrganizationMembershipPage | OrganizationMembershipPage[]

interface Seeded {
  readonly data: Data
  /** When it stops to be fresh. */
  until: number
}

interface Preload {
  readonly loading: Promise<OrganizationMembershipPage>
  readonly until: number
  page: OrganizationMembershipPage | undefined
  /** It has answered a request of a hook. */
  isUsed: boolean
}

/** What the app has before a hook asks for it: seeds, and pages that were preloaded. */
export class GivenPages {
  readonly #seeds = new WeakSet<OrganizationMembershipsSeed>()
  readonly #seeded = new Map<string, Seeded>()
  /** Until a hook has mounted with them. */
  readonly #preloads = new Map<string, Preload>()

  /** Idempotent, so it may be called while rendering. @param share takes note of pages, and gives them in our objects */
  addSeed(
    seed: OrganizationMembershipsSeed,
    share: (key: PageKey, pages: readonly OrganizationMembershipPage[]) => Data[],
  ): void {
    if (this.#seeds.has(seed)) return
    this.#seeds.add(seed)
    for (const [id, seeded] of Object.entries(seed)) {
      const pages = share(JSON.parse(id) as PageKey, [seeded].flat())
      const data = (Array.isArray(seeded) ? pages : pages[0]) as Data
      this.#seeded.set(id, { data, until: Date.now() + seedLifetime })
    }
  }

  seededData(key: PageKey): Data | undefined {
    return this.#seeded.get(keyString(key))?.data
  }

  /** @returns whether the page has come, and no hook has mounted with it yet */
  async preload(key: PageKey, loading: Promise<OrganizationMembershipPage>): Promise<boolean> {
    const id = keyString(key)
    const until = Date.now() + preloadLifetime
    const preload: Preload = { loading, until, page: undefined, isUsed: false }
    this.#preloads.set(id, preload)
    try {
      preload.page = await loading
      return this.#preloads.get(id) === preload
    } catch {
      // The hook that mounts is to ask by itself.
      if (this.#preloads.get(id) === preload) this.#preloads.delete(id)
      return false
    }
  }

  hasUnused(key: PageKey): boolean {
    return this.#preloads.get(keyString(key))?.isUsed === false
  }

  /** The answer to the first request of a hook. */
  use(key: PageKey): Promise<OrganizationMembershipPage> | undefined {
    const preload = this.#preloads.get(keyString(key))
    if (!preload || preload.isUsed) return undefined
    preload.isUsed = true
    return preload.loading
  }

  /**
   * Whether what a hook is about to mount with is as good as an answer: a fresh seed, or a preloaded page that a hook
   * that suspends has been given. Asked while rendering, so nothing is used up here.
   *
   * @param cached what the cache has already
   */
  isFresh(key: PageKey, cached: unknown): boolean {
    const id = keyString(key)
    if (cached === undefined) return Date.now() < (this.#seeded.get(id)?.until ?? 0)
    const preload = this.#preloads.get(id)
    return preload?.page === cached && Date.now() < preload.until
  }

  /** A hook has mounted with this key: what it mounts with next time is not fresh any more. */
  take(key: PageKey): void {
    const id = keyString(key)
    this.#preloads.delete(id)
    const seeded = this.#seeded.get(id)
    if (seeded) seeded.until = 0
  }

  dropPreload(id: string): void {
    this.#preloads.delete(id)
  }

  clear(): void {
    this.#seeded.clear()
    this.#preloads.clear()
  }
}
