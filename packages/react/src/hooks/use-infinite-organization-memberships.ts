import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
} from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import { useSWRConfig } from 'swr'
import useSWRInfinite from 'swr/infinite'
import {
  type InfiniteOrganizationMembershipQuery,
  infiniteOrganizationMembershipsKey,
  type PageKey,
  pageKeyAt,
} from '../pages/keys.js'
import type { ListProjection } from '../pages/projector.js'
import { useStore } from '../provider.js'
import { isAbandoned } from '../pages/requests.js'
import { cachedPage } from '../pages/swr.js'
import { loadAllPages, type LoadAllOptions } from './load-all.js'
import { type InfiniteListOptions, isSameData, useListSettings } from './options.js'
import { neverChanges, useMountedList } from './use-mounted-list.js'
import { joinLazily, useIsomorphicLayoutEffect, useTrackedView } from './use-tracked-view.js'

export type InfiniteOrganizationMembershipsOptions = InfiniteListOptions<
  OrganizationMembershipPage[]
>

/** The loaded pages as they are to be shown: what the server said, with your unconfirmed writes applied. */
export interface InfiniteOrganizationMembershipsResponse {
  /** The pages, in order; `undefined` while none is known. */
  readonly data: OrganizationMembershipPage[] | undefined
  /** The rows of all pages in one array, each member once. */
  readonly memberships: OrganizationMembership[] | undefined
  /** All matches of the query, as the page that was read last says. */
  readonly totalCount: number | undefined
  /** The organization as the newest answer has it. `membersCount` is here, not in the rows. */
  readonly organization: Organization | undefined
  /** How many pages are asked for. */
  readonly size: number
  /** Loads pages up to this number, and no other page again. Keeps its identity. */
  readonly setSize: (size: number | ((size: number) => number)) => Promise<void>
  /** Loads every page that is left, four at a time, and shows them at once. Keeps its identity. */
  readonly loadAll: (options?: LoadAllOptions) => Promise<void>
  readonly hasNextPage: boolean
  /** A page that `setSize` asked for is on its way, or the first. */
  readonly isLoadingMore: boolean
  /** True while something shown has not been confirmed by the server. */
  readonly isOptimistic: boolean
  /** Why the last fetch failed: of core's error family, or what your client throws. */
  readonly error: Error | undefined
  /** A first fetch is under way. With `keepPreviousData` what another query has brought may be shown meanwhile. */
  readonly isLoading: boolean
  /** A fetch is under way. */
  readonly isValidating: boolean
  /** Fetches every loaded page again. Keeps its identity. */
  readonly mutate: () => Promise<void>
}

/** With `suspense: true` the component waits until the first pages are known. */
export interface SuspendedInfiniteOrganizationMembershipsResponse extends InfiniteOrganizationMembershipsResponse {
  readonly data: OrganizationMembershipPage[]
  readonly memberships: OrganizationMembership[]
  readonly totalCount: number
}

/**
 * A list of an organization's members that grows page by page. With `null` for the organization or the query nothing
 * is requested; a new query begins at `initialSize` again.
 *
 * @example
 * ```tsx
 * const { memberships, hasNextPage, setSize } = useInfiniteOrganizationMemberships('org_1', { limit: 50 })
 * const more = () => setSize((size) => size + 1)
 * ```
 */
export function useInfiniteOrganizationMemberships(
  organizationId: string,
  query: InfiniteOrganizationMembershipQuery | undefined,
  options: InfiniteOrganizationMembershipsOptions & { suspense: true },
): SuspendedInfiniteOrganizationMembershipsResponse
export function useInfiniteOrganizationMemberships(
  organizationId: string | null | undefined,
  query?: InfiniteOrganizationMembershipQuery | null,
  options?: InfiniteOrganizationMembershipsOptions,
): InfiniteOrganizationMembershipsResponse
export function useInfiniteOrganizationMemberships(
  organizationId: string | null | undefined,
  query?: InfiniteOrganizationMembershipQuery | null,
  options: InfiniteOrganizationMembershipsOptions = {},
): InfiniteOrganizationMembershipsResponse {
  const store = useStore('useInfiniteOrganizationMemberships')
  const { cache, mutate: scopedMutate } = useSWRConfig()
  const first =
    organizationId && query !== null
      ? infiniteOrganizationMembershipsKey(organizationId, query)
      : null
  const settings = useListSettings(store, first, options, 'auto')
  const swr = useSWRInfinite<OrganizationMembershipPage, Error>(
    (index, previous: OrganizationMembershipPage | null) => {
      if (!first) return null
      const known = previous ?? cachedPage(cache, first)
      const isPastEnd =
        index > 0 && known !== undefined && index * first[3].limit >= known.totalCount
      return isPastEnd ? null : pageKeyAt(first, index)
    },
    (key: PageKey) => store.fetchListPage(key, cache),
    {
      ...settings.swr,
      compare: isSameData,
      initialSize: Math.max(options.initialSize ?? 1, settings.fallbackData?.length ?? 0),
    },
  )

  const latest = useRef({ first, store, cache, scopedMutate, swr })
  useIsomorphicLayoutEffect(() => {
    latest.current = { first, store, cache, scopedMutate, swr }
  })
  const { current, status, organization, isBare } = useMountedList(store, first, swr, settings)
  const read = (): View => {
    const shown = current()
    if (!shown || !organization) return unknownView
    const { data, key } = shown
    const list = toView(organization.projector.projectList(data, key, isBare), data, key)
    return { ...list, organization: organization.table.organization }
  }
  const view = useTrackedView(organization?.subscribe ?? neverChanges, read, unknownView)

  const mutate = useCallback(async () => {
    await latest.current.swr.mutate()
  }, [])
  const setSize = useCallback(async (size: number | ((size: number) => number)) => {
    const list = latest.current
    if (!list.first) return
    await list.store.grow(list.first, () => list.swr.setSize(size))
  }, [])
  const loadAll = useCallback(async (loadOptions?: LoadAllOptions) => {
    const list = latest.current
    if (!list.first) return
    try {
      const count = await loadAllPages(list.first, list, loadOptions)
      await list.store.grow(list.first, () => list.swr.setSize(count))
    } catch (error) {
      // Nobody shows the list any more.
      if (!isAbandoned(error)) throw error
    }
  }, [])

  // oxlint-disable-next-line react/refs -- the functions are handed on, and called after rendering
  return joinLazily(joinLazily(view, status), {
    mutate,
    setSize,
    loadAll,
    size: swr.size,
    get isLoadingMore() {
      const isShort = (swr.data?.length ?? 0) < swr.size
      return swr.isValidating && isShort && (view.hasNextPage || swr.data === undefined)
    },
  })
}

type View = Pick<
  InfiniteOrganizationMembershipsResponse,
  'data' | 'memberships' | 'totalCount' | 'organization' | 'hasNextPage' | 'isOptimistic'
>

function toView(
  { pages, memberships, totalCount, isOptimistic }: ListProjection,
  base: readonly OrganizationMembershipPage[],
  [, , , { limit }]: PageKey,
): Omit<View, 'organization'> {
  // A page that came short was the last, whatever our own writes have done to the total since.
  const isAtEnd = (base.at(-1)?.data.length ?? 0) < limit
  const hasNextPage = !isAtEnd && base.length * limit < (totalCount ?? 0)
  return { data: pages, memberships, totalCount, hasNextPage, isOptimistic }
}

const unknownView: View = {
  data: undefined,
  memberships: undefined,
  totalCount: undefined,
  organization: undefined,
  hasNextPage: false,
  isOptimistic: false,
}
