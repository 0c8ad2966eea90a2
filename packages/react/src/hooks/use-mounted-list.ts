import { useRef, useSyncExternalStore } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import type { Organization } from '../organization.js'
import { keyString, type PageKey, pageKeyAt } from '../pages/keys.js'
import { isAbandoned } from '../pages/requests.js'
import type { MountedList } from '../pages/revalidation.js'
import { cacheKeyOf, keepFallback, type ListData, markKey, placeOf } from '../pages/swr.js'
import type { MembershipsStore } from '../store.js'
import type { ListSettings } from './options.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

/** Data with the key that it was read for: with `keepPreviousData` that may be the one before. */
export interface KeyedData<Data> {
  readonly key: PageKey
  readonly data: Data
}

interface SWRState<Data> extends ListStatus {
  readonly data: Data | undefined
  readonly mutate: () => Promise<unknown>
}

interface MountedListView<Data> {
  readonly current: () => KeyedData<Data> | undefined
  readonly status: ListStatus
  /** HTML that a server has rendered knows no write, and is hydrated as it is: while React does so, this is true. */
  readonly isBare: boolean
  readonly organization: Organization | undefined
}

export interface ListStatus {
  readonly error: Error | undefined
  readonly isLoading: boolean
  readonly isValidating: boolean
}

/**
 * What a page and an infinite list have in common: while they are mounted their requests are wanted, and writes may ask
 * them to fetch again.
 *
 * @returns `current` reads what is to be shown; until it is called, nobody has read SWR's data
 */
export function useMountedList<Data extends ListData>(
  store: MembershipsStore,
  key: PageKey | null,
  swr: SWRState<Data>,
  { keepPreviousData, revalidateOnWrite, fallbackData }: ListSettings<Data>,
): MountedListView<Data> {
  const { cache } = useSWRConfig()
  // Renders when the mark is dropped, with which everything that this list shows is gone; see `lookAt`.
  void useSWR(markKey, null, { suspense: false, keepPreviousData: false, fallbackData: undefined })
    .error
  const organization = key ? store.organization(key[1]) : undefined
  const id = key && keyString(key)
  const { generation } = store
  const isBare = useSyncExternalStore(
    neverChanges,
    isFalse,
    () => !!organization?.table.written.size,
  )
  const latest = useRef({ swr, revalidateOnWrite })
  const shownBy = useRef(store)
  const kept = useRef<(KeyedData<Data> & { readonly generation: object }) | undefined>(undefined)
  useIsomorphicLayoutEffect(() => {
    latest.current = { swr, revalidateOnWrite }
    if (!keepPreviousData || !key || swr.data === undefined) return
    kept.current = { key, data: swr.data, generation }
  })

  useIsomorphicLayoutEffect(() => {
    if (!key || !organization) return undefined
    const { pages } = organization
    const cacheKey = cacheKeyOf(key)
    const isInfinite = key[2] === 'infinite'
    if (fallbackData !== undefined) keepFallback(cache, key, fallbackData)
    // By what SWR gives: middleware may have changed the key.
    const cached = () =>
      [(cache.get(cacheKey)?.data ?? latest.current.swr.data ?? []) as Data | []].flat()
    const list: MountedList = {
      id: cacheKey,
      cache,
      isInfinite,
      get mode() {
        return latest.current.revalidateOnWrite
      },
      pages: () =>
        cached().map((page, index) => {
          const pageKey = isInfinite ? pageKeyAt(key, index) : key
          return { page, key: pageKey, place: placeOf(pageKey, cache) }
        }),
      // SWR rejects only where the cache has been taken down with its provider: then nobody shows the list.
      revalidate: () => void latest.current.swr.mutate().catch(() => {}),
    }
    // SWR knows keys, not stores: what another store has fetched may not be what this one's user sees.
    const isTakenOver = shownBy.current !== store && !cache.get(cacheKey)?.isValidating
    const isForeign = cached().some((page) => organization.isForeign(page))
    const isAlone = !pages.isShown(cacheKey, cache)
    if (store.given.hasUnused(key) || (isAlone && (isTakenOver || isForeign))) list.revalidate()
    store.given.take(key)
    shownBy.current = store
    const leave = store.scopes.enter(id as string)
    const unmount = organization.mount(list)
    pages.take(id as string)
    return () => {
      unmount()
      leave()
    }
    // The key is named by its id: its object is a new one at every render.
  }, [store, organization, id, cache])

  const current = () => {
    // After a reset, until SWR tells of it: SWR does not where a hook has mounted with the very data that is gone.
    if (!key || generation !== store.generation) return undefined
    if (swr.data !== undefined) return { key, data: swr.data }
    const last = kept.current
    if (!keepPreviousData || last?.generation !== generation) return undefined
    // Never the rows of another organization, however briefly.
    return last.key[1] === key[1] ? last : undefined
  }
  const status = {
    get error() {
      return isAbandoned(swr.error) ? undefined : swr.error
    },
    get isLoading() {
      return swr.isLoading && fallbackData === undefined
    },
    get isValidating() {
      return swr.isValidating
    },
  }
  return { current, status, organization, isBare }
}

export const isFalse = (): boolean => false
export const isTrue = (): boolean => true
export const neverChanges = (): (() => void) => () => {}
