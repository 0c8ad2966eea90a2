import type { OrganizationMembershipPage } from '@org-memberships/core'
import { beforeEverything, type Stamp } from '../members/table.js'
import type { MountedList } from './revalidation.js'

/** When a page was read, and by which organization's store: another one may be another user's. */
interface PageStamp extends Stamp {
  readonly by?: object
}

// Of the pages, not of a store: a page may sit in a cache longer than the store that fetched it lives.
const stamps = new WeakMap<OrganizationMembershipPage, PageStamp>()

export function stampOf(page: OrganizationMembershipPage): PageStamp {
  return stamps.get(page) ?? beforeEverything
}

export function setStamp(page: OrganizationMembershipPage, stamp: PageStamp): void {
  stamps.set(page, stamp)
}

/** Where a page stands in a cache: under `id`, as part of the list that stands under `listId`. */
export interface Place {
  readonly cache: object
  readonly id: string
  readonly listId: string
}

interface Slot extends Omit<Place, 'cache'> {
  page: OrganizationMembershipPage
  /** When it came, or when the last hook that showed it left. */
  leftAt: number
}

interface Given {
  readonly pages: readonly OrganizationMembershipPage[]
  readonly until: number
}

/** ms for which a page that nobody shows is kept for who comes back, once there are writes it would have to know. */
export const leftLifetime = 5 * 60_000

/**
 * Every page there is of one organization. It is told of each: when it is asked for, when it lands, when a list shows
 * it and when the last one leaves; so that a write is forgotten when no page is left that may not know it.
 */
export class PageRegistry {
  /** When each request under way has started: a page to come is a page. */
  readonly #open = new Set<number>()
  readonly #lists = new Set<MountedList>()
  readonly #slots = new WeakMap<object, Map<string, Slot>>()
  // Weakly: a cache may go with its <SWRConfig provider>, and nobody says so.
  readonly #caches = new Set<WeakRef<object>>()
  /** Pages that no list has taken yet, by key: of a seed, or preloaded. */
  readonly #given = new Map<string, Given>()

  get lists(): ReadonlySet<MountedList> {
    return this.#lists
  }

  isShown(listId: string, cache: object): boolean {
    return [...this.#lists].some((list) => list.id === listId && list.cache === cache)
  }

  /** Nothing of the organization is shown, kept or asked for. */
  get isEmpty(): boolean {
    return this.#lists.size === 0 && this.oldest() === Number.POSITIVE_INFINITY
  }

  ask(start: number): void {
    this.#open.add(start)
  }

  settle(start: number): void {
    this.#open.delete(start)
  }

  find({ cache, id }: Place): OrganizationMembershipPage | undefined {
    return this.#slots.get(cache)?.get(id)?.page
  }

  put({ cache, id, listId }: Place, page: OrganizationMembershipPage): void {
    let slots = this.#slots.get(cache)
    if (!slots) {
      this.#slots.set(cache, (slots = new Map()))
      this.#caches.add(new WeakRef(cache))
    }
    slots.set(id, { id, listId, page, leftAt: Date.now() })
  }

  /** @param lifetime ms for which a list may take them */
  give(
    key: string,
    pages: readonly OrganizationMembershipPage[],
    lifetime = Number.POSITIVE_INFINITY,
  ): void {
    this.#given.set(key, { pages, until: Date.now() + lifetime })
  }

  take(key: string): void {
    this.#given.delete(key)
  }

  /** @returns to be called when the list leaves */
  mount(list: MountedList): () => void {
    this.#lists.add(list)
    return () => {
      this.#lists.delete(list)
      const { cache, id } = list
      // What it shows may have come from elsewhere than from us: a persisted cache, say.
      for (const { page, place } of list.pages()) {
        if (!this.find(place)) this.put(place, page)
      }
      for (const slot of this.#slots.get(cache)?.values() ?? []) {
        if (slot.listId === id) slot.leftAt = Date.now()
      }
    }
  }

  *#slotsOfCaches(): Iterable<[object, Map<string, Slot>]> {
    for (const reference of this.#caches) {
      const cache = reference.deref()
      const slots = cache && this.#slots.get(cache)
      if (slots) yield [cache, slots]
      else this.#caches.delete(reference)
    }
  }

  *pages(): Iterable<OrganizationMembershipPage> {
    for (const { pages } of this.#given.values()) yield* pages
    for (const [, slots] of this.#slotsOfCaches()) for (const { page } of slots.values()) yield page
    // Middleware may have changed the key under which a cache has it: so by the object, too.
    for (const list of this.#lists) for (const { page } of list.pages()) yield page
  }

  /** When the first of all pages was asked for. */
  oldest(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const start of this.#open) oldest = Math.min(oldest, start)
    for (const page of this.pages()) oldest = Math.min(oldest, stampOf(page).start)
    return oldest
  }

  /** What nobody has shown for long, such as a search, must not keep every write since in memory. */
  expire(drop: (place: Place) => void, dropGiven: (key: string) => void): void {
    for (const [key, { until }] of this.#given) {
      if (Date.now() <= until) continue
      this.#given.delete(key)
      dropGiven(key)
    }
    for (const [cache, slots] of this.#slotsOfCaches()) {
      for (const { id, listId, leftAt } of slots.values()) {
        if (Date.now() - leftAt <= leftLifetime || this.isShown(listId, cache)) continue
        slots.delete(id)
        drop({ cache, id, listId })
      }
    }
  }

  clear(): void {
    for (const [, slots] of this.#slotsOfCaches()) slots.clear()
    this.#given.clear()
  }
}
