import type { OrganizationMembershipPage } from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import type { PageKey } from '../keys.js'
import type { Projection } from '../overlay/project.js'
import { contextOf } from '../page-projector.js'
import { isAbandoned } from '../request-scopes.js'
import type { MembershipsStore } from '../store.js'
import { fallbackOf, type ListOptions, toSWRConfiguration } from './options.js'
import { neverChanges, useMountedList } from './use-mounted-list.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

/** What is shown of one key. */
export interface ShownPage {
  readonly projection: Projection
  /** The key it was read for: with `keepPreviousData` that may be the one before. */
  readonly key: PageKey
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
  const inherited = useSWRConfig()
  const { cache } = inherited
  const organization = key ? store.organization(key[1]) : undefined
  const fallbackData = key
    ? fallbackOf<OrganizationMembershipPage>(key, store, inherited)
    : undefined
  const swr = useSWR<OrganizationMembershipPage, Error>(
    key,
    async (pageKey: PageKey) => {
      const page = await store.fetchPage(pageKey, cache)
      assertPage?.(page)
      return page
    },
    {
      ...(key && store.given.isFresh(key, cache) && { revalidateOnMount: false }),
      ...toSWRConfiguration(options, inherited, store),
      fallbackData,
    },
  )
  const { mutate } = swr
  const current = useMountedList(store, key, swr, {
    keepPreviousData: options.keepPreviousData ?? inherited.keepPreviousData ?? false,
    revalidateOnWrite: options.revalidateOnWrite ?? true,
    fallbackData,
  })
  const show = (): ShownPage | undefined => {
    const shown = current()
    if (!shown || !organization) return undefined
    return {
      key: shown.key,
      projection: organization.projector.project(shown.data, contextOf(shown.key)),
    }
  }

  const latest = useRef({ key, organization })
  useIsomorphicLayoutEffect(() => {
    latest.current = { key, organization }
  })
  const revalidate = useCallback(async (): Promise<Projection | undefined> => {
    const page = await mutate()
    const asked = latest.current
    if (!page || !asked.key || !asked.organization) return undefined
    return asked.organization.projector.project(page, contextOf(asked.key))
  }, [mutate])
  return {
    subscribe: organization?.subscribe ?? neverChanges,
    organization,
    show,
    revalidate,
    get error(): Error | undefined {
      return isAbandoned(swr.error) ? undefined : swr.error
    },
    get isLoading(): boolean {
      return swr.isLoading && fallbackData === undefined
    },
    get isValidating(): boolean {
      return swr.isValidating
    },
  }
}
