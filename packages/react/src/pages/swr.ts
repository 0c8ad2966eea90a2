import type { OrganizationMembershipPage } from '@org-memberships/core'
import { type Cache, type ScopedMutator, type State, unstable_serialize as serialize } from 'swr'
import { packagePrefix, type PageKey, pageKeyAt, scopeKeyOf } from './keys.js'
import type { Place } from './registry.js'

/** What SWR's cache holds for a list: a page, or the pages of an infinite one. */
export type ListData = OrganizationMembershipPage | OrganizationMembershipPage[]

/** What SWR puts before the key of an infinite list. Written out, so that nobody loads `swr/infinite` for it. */
const infinitePrefix = '$inf$'

/** Where SWR's cache holds the data of the list that a key begins. */
export function cacheKeyOf(key: PageKey): string {
  return (key[2] === 'page' ? '' : infinitePrefix) + serialize(key)
}

/** @param sentKey the key as SWR has it: middleware may have changed it */
export function placeOf(key: PageKey, cache: Cache, sentKey: unknown = key): Place {
  return { cache, id: serialize(sentKey as string), listId: cacheKeyOf(scopeKeyOf(key)) }
}

export function cachedPage(cache: Cache, key: PageKey): OrganizationMembershipPage | undefined {
  return cache.get(serialize(key))?.data as OrganizationMembershipPage | undefined
}

/**
 * Puts what a list shows before anything is fetched where fetched pages are, so that an infinite list grows from it.
 * SWR is not told, for it shows it already.
 */
export function keepFallback(cache: Cache, key: PageKey, data: ListData): void {
  const put = (id: string, value: ListData, name: unknown) => {
    const entry = cache.get(id)
    if (entry?.data === undefined) cache.set(id, { _k: name, ...entry, data: value } as State)
  }
  put(cacheKeyOf(key), data, key)
  if (!Array.isArray(data)) return
  for (const [index, page] of data.entries()) {
    const pageKey = pageKeyAt(key, index)
    put(serialize(pageKey), page, pageKey)
  }
}

/** Names a mark of ours in each cache, which goes when SWR drops what it holds. */
export const markKey = [...packagePrefix, 'mark'] as const

const markId = serialize(markKey)

/** The caches of SWR that hooks of one store inherit. */
export class SWRCaches {
  // Weakly: a cache may go with its <SWRConfig provider>, and nobody says so.
  readonly #caches = new Set<WeakRef<Cache>>()
  readonly #marks = new WeakMap<Cache, unknown>()
  readonly #mutators = new WeakMap<Cache, ScopedMutator>()
  /** Only while they are emptied: SWR is to drop requests, and not to send new ones. */
  isPaused = false

  /**
   * Notices when SWR has dropped what it held: after its `unload()`, `mutate(() => true, undefined)` or
   * `cache.clear()`. Idempotent, so it may be called while rendering.
   *
   * @returns whether it has since the last look
   */
  lookAt(cache: Cache, scopedMutate?: ScopedMutator): boolean {
    if (scopedMutate) this.#mutators.set(cache, scopedMutate)
    let mark: unknown = cache.get(markId)?.error
    if (mark === undefined) {
      mark = new Error('Not an error: while this is here, SWR has dropped nothing.')
      // Not as data, for there is none; an error goes the same way.
      cache.set(markId, { _k: markKey, error: mark } as State)
    }
    const last = this.#marks.get(cache)
    this.#marks.set(cache, mark)
    if (!last) this.#caches.add(new WeakRef(cache))
    return last !== undefined && last !== mark
  }

  /** Drops what SWR's filters skip. @returns the ids of the infinite lists that there were */
  dropInfinite(cache: Cache): string[] {
    const left = idsIn(cache).filter(
      (id) => id.startsWith(infinitePrefix) && cache.get(id)?.data !== undefined,
    )
    for (const id of left) cache.set(id, { ...cache.get(id), data: undefined })
    return left
  }

  /** Drops one page, and the list that it is part of. */
  drop({ cache, id, listId }: Place): void {
    for (const key of [id, listId]) (cache as Cache).delete(key)
  }

  /** Drops every page of this package, whoever put it there, and the requests for it. */
  empty(isShown: (id: string, cache: Cache) => boolean): void {
    this.isPaused = true
    for (const reference of this.#caches) {
      const cache = reference.deref()
      if (!cache) this.#caches.delete(reference)
      else for (const id of idsIn(cache)) void this.#empty(cache, id, isShown)
    }
    this.isPaused = false
  }

  async #empty(
    cache: Cache,
    id: string,
    isShown: (id: string, cache: Cache) => boolean,
  ): Promise<void> {
    const isStaying = isShown(id, cache)
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
    if (!isStaying && entry?.data === undefined && !entry?.isValidating) cache.delete(id)
  }

  /** SWR keeps an error, and would throw it again at a hook that suspends with this key later. */
  dropError(
    cache: Cache,
    id: string,
    isError: (error: unknown) => boolean,
    isShown: boolean,
  ): void {
    const entry = cache.get(id)
    if (!entry || !isError(entry.error)) return
    if (entry.data !== undefined || isShown) cache.set(id, { ...entry, error: undefined })
    else cache.delete(id)
  }
}

/** SWR writes an array key as its items in order, each with a comma, so a shorter array is a prefix. */
function idsIn(cache: Cache): string[] {
  const start = serialize([...packagePrefix] as [string, ...string[]])
  return [...cache.keys()].filter(
    (id) => id !== markId && (id.startsWith(start) || id.startsWith(infinitePrefix + start)),
  )
}
