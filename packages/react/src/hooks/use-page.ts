import type { OrganizationMembershipPage } from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import useSWR, { unstable_serialize as serialize, useSWRConfig } from 'swr'
import { contextOf } from '../page-projector.js'
import type { Projection } from '../overlay/project.js'
import { keyString, type PageKey } from '../keys.js'
import { cachedPage, type MembershipsStore, scopeOf } from '../store.js'
import { isAbandoned, type ListOptions, toSWRConfiguration } from './options.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

/** What is shown of one key. */
export interface ShownPage {
  readonly projection: Projection
  /** The key it was read for: with `keepPreviousData` that may be the one before. */
  readonly key: PageKey
}

interface KeptPage {
  readonly page: OrganizationMembershipPage
  readonly key: PageKey
  readonly generation: number
}

/**
 * One page by its key: SWR fetches it, the organization's log is laid over it.
 *
 * @param assertPage throws where an answer is not what was asked for
 */
export function usePage(
  store: MembershipsStore,
  key: PageKey | null,
  options: ListOptions<OrganizationMembershipPage>,
  assertPage?: (page: OrganizationMembershipPage) => void,
) {
  const { cache, mutate: scopedMutate, onError } = useSWRConfig()
  const organization = key ? store.organization(key[1]) : undefined
  const id = key && keyString(key)
  const fallbackData = key ? store.seededPage(key) : undefined
  const isSeeded = fallbackData !== undefined
  const swr = useSWR<OrganizationMembershipPage, Error>(
    key,
    async (pageKey: PageKey) => {
      const page = await store.fetchPage(pageKey, cache)
      assertPage?.(page)
      return page
    },
    {
      ...toSWRConfiguration(options, { onError }),
      ...(options.suspense && key && store.isPreloaded(key) && { revalidateOnMount: false }),
      fallbackData,
    },
  )

  const kept = useRef<KeptPage>(undefined)
  const { keepPreviousData = false, revalidateOnWrite = true } = options
  useIsomorphicLayoutEffect(() => {
    if (!keepPreviousData || !key || swr.data === undefined) return
    kept.current = { page: swr.data, key, generation: store.generation }
  })

  const latest = useRef({ key, organization, revalidateOnWrite })
  useIsomorphicLayoutEffect(() => {
    latest.current = { key, organization, revalidateOnWrite }
  })
  const { mutate } = swr
  useIsomorphicLayoutEffect(() => {
    if (!key || !organization || id === null) return undefined
    store.watchCache(cache, scopedMutate)
    store.takePreloaded(key)
    const leave = store.scopes.enter(scopeOf(key))
    const unmount = organization.mount({
      id: serialize(key),
      isInfinite: false,
      get mode() {
        return latest.current.revalidateOnWrite
      },
      pages: () => {
        const page = cachedPage(cache, key)
        return page ? [{ page, context: contextOf(key) }] : []
      },
      // SWR rejects only where the cache has been taken down with its provider: then nobody shows the list.
      revalidate: () => void mutate().catch(() => {}),
    })
    return () => {
      unmount()
      leave()
    }
    // The key is named by its id: its object is a new one at every render.
  }, [store, organization, id, cache])

  const show = (): ShownPage | undefined => {
    if (!key || !organization) return undefined
    if (swr.data !== undefined) {
      return { projection: organization.projector.project(swr.data, contextOf(key)), key }
    }
    const last = kept.current
    if (!keepPreviousData || !last || last.generation !== store.generation) return undefined
    // Never the rows of another organization, however briefly.
    if (last.key[1] !== key[1]) return undefined
    return {
      projection: organization.projector.project(last.page, contextOf(last.key)),
      key: last.key,
    }
  }

  const revalidate = useCallback(async (): Promise<Projection | undefined> => {
    const page = await mutate()
    const current = latest.current
    if (!page || !current.key || !current.organization) return undefined
    return current.organization.projector.project(page, contextOf(current.key))
  }, [mutate])
  return {
    subscribe: organization?.subscribe ?? neverChanges,
    organization,
    show,
    revalidate,
    get error(): Error | undefined {
      return isAbandoned(swr.error) ? undefined : swr.error
    },
    /** An abandoned request left an error behind, and its key is about to be fetched again. */
    get isLoading(): boolean {
      return (swr.isLoading && !isSeeded) || isAbandoned(swr.error)
    },
    get isValidating(): boolean {
      return swr.isValidating
    },
  }
}

const neverChanges = (): (() => void) => () => {}
