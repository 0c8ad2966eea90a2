import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
} from '@org-memberships/core'
import { useCallback } from 'react'
import { organizationMembershipsKey, positionOf } from '../pages/keys.js'
import { useStore } from '../provider.js'
import type { ListOptions } from './options.js'
import { type ShownPage, usePage } from './use-page.js'
import { joinLazily, useTrackedView } from './use-tracked-view.js'

export type OrganizationMembershipsOptions = ListOptions<OrganizationMembershipPage>

/** One page as it is to be shown: what the server said, with your unconfirmed writes applied. */
export interface OrganizationMembershipsResponse {
  /** The page; `undefined` while it is not known. An empty page has `data: []`. */
  readonly data: OrganizationMembershipPage | undefined
  /** The rows of `data`. */
  readonly memberships: OrganizationMembership[] | undefined
  /** All matches of the query, before `limit` and `offset`. */
  readonly totalCount: number | undefined
  /** The organization as the newest answer has it. `membersCount` is here, not in the rows. */
  readonly organization: Organization | undefined
  readonly pageCount: number | undefined
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** True while something shown has not been confirmed by the server. */
  readonly isOptimistic: boolean
  /** Why the last fetch failed: of core's error family, or what your client throws. */
  readonly error: Error | undefined
  /** A first fetch is under way. With `keepPreviousData` what another query has brought may be shown meanwhile. */
  readonly isLoading: boolean
  /** A fetch is under way. */
  readonly isValidating: boolean
  /** Fetches again. Resolves with the page as it is then shown. Keeps its identity. */
  readonly mutate: () => Promise<OrganizationMembershipPage | undefined>
}

/** With `suspense: true` the component waits until the page is known. */
export interface SuspendedOrganizationMembershipsResponse extends OrganizationMembershipsResponse {
  readonly data: OrganizationMembershipPage
  readonly memberships: OrganizationMembership[]
  readonly totalCount: number
  readonly pageCount: number
}

/**
 * One page of an organization's members. With `null` for the organization or the query nothing is requested.
 *
 * @example
 * ```tsx
 * const { memberships, totalCount, isLoading } = useOrganizationMemberships('org_1', { role: 'org:admin', limit: 20 })
 * ```
 */
export function useOrganizationMemberships(
  organizationId: string,
  query: OrganizationMembershipQuery | undefined,
  options: OrganizationMembershipsOptions & { suspense: true },
): SuspendedOrganizationMembershipsResponse
export function useOrganizationMemberships(
  organizationId: string | null | undefined,
  query?: OrganizationMembershipQuery | null,
  options?: OrganizationMembershipsOptions,
): OrganizationMembershipsResponse
export function useOrganizationMemberships(
  organizationId: string | null | undefined,
  query?: OrganizationMembershipQuery | null,
  options: OrganizationMembershipsOptions = {},
): OrganizationMembershipsResponse {
  const store = useStore('useOrganizationMemberships')
  const key =
    organizationId && query !== null ? organizationMembershipsKey(organizationId, query) : null
  const page = usePage(store, key, options)
  const view = useTrackedView(
    page.subscribe,
    () => toView(page.show(), page.organization?.table.organization),
    unknownView,
  )
  const { revalidate } = page
  const mutate = useCallback(async () => (await revalidate())?.page, [revalidate])
  return joinLazily(joinLazily(view, page.status), { mutate })
}

type View = Pick<
  OrganizationMembershipsResponse,
  | 'data'
  | 'memberships'
  | 'totalCount'
  | 'organization'
  | 'pageCount'
  | 'hasNextPage'
  | 'hasPreviousPage'
  | 'isOptimistic'
>

function toView(shown: ShownPage | undefined, organization: Organization | undefined): View {
  if (!shown) return unknownView
  const { key, projection } = shown
  const { page, isOptimistic } = projection
  return {
    data: page,
    memberships: page.data,
    totalCount: page.totalCount,
    organization,
    isOptimistic,
    ...positionOf(key[3], page),
  }
}

const unknownView: View = {
  data: undefined,
  memberships: undefined,
  totalCount: undefined,
  organization: undefined,
  pageCount: undefined,
  hasNextPage: false,
  hasPreviousPage: false,
  isOptimistic: false,
}
