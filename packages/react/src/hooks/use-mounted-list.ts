import type { OrganizationMembershipPage } from '@org-memberships/core'
import { useRef } from 'react'
import { useSWRConfig } from 'swr'
import { keyString, type PageKey, pageKeyAt } from '../keys.js'
import { contextOf } from '../page-projector.js'
import { type MembershipsStore, scopeOf } from '../store.js'
import type { RevalidateMode } from '../types.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

interface MountedListOptions {
  readonly keepPreviousData: boolean
  readonly revalidateOnWrite: RevalidateMode
}

/** Data with the key that it was read for: with `keepPreviousData` that may be the one before. */
export interface KeyedData<Data> {
  readonly key: PageKey
  readonly data: Data
}

/**
 * What a page and an infinite list have in common: while they are mounted their requests are wanted, and writes may ask
 * them to fetch again.
 *
 * @param cacheKey where SWR's cache holds the data
 * @returns reads what is to be shown; until it is called, nobody has read SWR's data
 */
export function useMountedList<
  Data extends OrganizationMembershipPage | OrganizationMembershipPage[],
>(
  store: MembershipsStore,
  key: PageKey | null,
  cacheKey: string,
  swr: { readonly data: Data | undefined; readonly mutate: () => Promise<unknown> },
  { keepPreviousData, revalidateOnWrite }: MountedListOptions,
): () => KeyedData<Data> | undefined {
  const { cache, mutate: scopedMutate } = useSWRConfig()
  const organization = key ? store.organization(key[1]) : undefined
  const id = key && keyString(key)
  const latest = useRef({ swr, revalidateOnWrite })
  const kept = useRef<(KeyedData<Data> & { readonly generation: number }) | undefined>(undefined)
  useIsomorphicLayoutEffect(() => {
    latest.current = { swr, revalidateOnWrite }
    if (!keepPreviousData || !key || swr.data === undefined) return
    kept.current = { key, data: swr.data, generation: store.generation }
  })

  useIsomorphicLayoutEffect(() => {
    if (!key || !organization) return undefined
    store.watchCache(cache, scopedMutate)
    store.takePreloaded(key)
    const isInfinite = key[2] === 'infinite'
    const leave = store.scopes.enter(scopeOf(key))
    const unmount = organization.mount({
      id: cacheKey,
      isInfinite,
      get mode() {
        return latest.current.revalidateOnWrite
      },
      pages: () => {
        const data = (cache.get(cacheKey)?.data ?? []) as Data | []
        return [data].flat().map((page, index) => ({
          page,
          context: contextOf(isInfinite ? pageKeyAt(key, index) : key),
        }))
      },
      // SWR rejects only where the cache has been taken down with its provider: then nobody shows the list.
      revalidate: () => void latest.current.swr.mutate().catch(() => {}),
    })
    return () => {
      unmount()
      leave()
    }
    // The key is named by its id: its object is a new one at every render.
  }, [store, organization, id, cache])

  return () => {
    if (!key) return undefined
    if (swr.data !== undefined) return { key, data: swr.data }
    const last = kept.current
    if (!keepPreviousData || last?.generation !== store.generation) return undefined
    // Never the rows of another organization, however briefly.
    return last.key[1] === key[1] ? last : undefined
  }
}

export const neverChanges = (): (() => void) => () => {}
