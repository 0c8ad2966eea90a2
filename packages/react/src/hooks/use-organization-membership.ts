import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import { useCallback, useSyncExternalStore } from 'react'
import { organizationMembershipKey } from '../pages/keys.js'
import { useStore } from '../provider.js'
import type { ListOptions } from './options.js'
import { usePage } from './use-page.js'
import { isFalse, isTrue, neverChanges } from './use-mounted-list.js'
import { joinLazily, useTrackedView } from './use-tracked-view.js'

export type OrganizationMembershipOptions = Omit<
  ListOptions<OrganizationMembershipPage>,
  'keepPreviousData'
>

/** One member as it is to be shown. */
export interface OrganizationMembershipResponse {
  /**
   * The membership; `null` where the user is not a member; `undefined` while that is not known. Until the answer is
   * there, the row that any list of the organization has told of.
   */
  readonly data: OrganizationMembership | null | undefined
  /** True while something shown has not been confirmed by the server. */
  readonly isOptimistic: boolean
  readonly error: Error | undefined
  /** A fetch is under way and there is nothing to show yet. */
  readonly isLoading: boolean
  /** A fetch is under way. */
  readonly isValidating: boolean
  /** Fetches again. Keeps its identity. */
  readonly mutate: () => Promise<OrganizationMembership | null | undefined>
}

/** With `suspense: true` the component waits until it is known whether the user is a member. */
export interface SuspendedOrganizationMembershipResponse extends OrganizationMembershipResponse {
  readonly data: OrganizationMembership | null
}

/** One member of an organization. With `null` for the organization or the user nothing is requested. */
export function useOrganizationMembership(
  organizationId: string,
  userId: string,
  options: OrganizationMembershipOptions & { suspense: true },
): SuspendedOrganizationMembershipResponse
export function useOrganizationMembership(
  organizationId: string | null | undefined,
  userId: string | null | undefined,
  options?: OrganizationMembershipOptions,
): OrganizationMembershipResponse
export function useOrganizationMembership(
  organizationId: string | null | undefined,
  userId: string | null | undefined,
  options: OrganizationMembershipOptions = {},
): OrganizationMembershipResponse {
  const store = useStore('useOrganizationMembership')
  const key =
    // An empty id would be dropped from the filter, and anybody the answer.
    organizationId && userId ? organizationMembershipKey(organizationId, userId) : null
  const page = usePage(store, key, options, (answer) => assertMember(answer, userId))
  // What other lists have told is not known to the server that rendered the first HTML.
  const isHydrating = useSyncExternalStore(neverChanges, isFalse, isTrue)
  const read = (): View => {
    const shown = page.show()
    if (shown) {
      const member = toView(shown.projection.page, shown.projection.isOptimistic)
      // Who suspends is promised a membership or null: where a write shows too little of one, what the server said.
      if (member.data === undefined && page.isSuspending) {
        return { ...member, data: shown.base.data[0] ?? null }
      }
      return member
    }
    const organization = isHydrating ? undefined : page.organization
    return (userId && organization?.table.find(userId)) || unknownView
  }
  const view = useTrackedView(page.subscribe, read, unknownView)
  const { revalidate, status } = page
  const mutate = useCallback(async () => {
    const projection = await revalidate()
    return projection && toView(projection.page, projection.isOptimistic).data
  }, [revalidate])
  return joinLazily(joinLazily(view, status), {
    mutate,
    get isLoading() {
      return status.isLoading && view.data === undefined
    },
  })
}

type View = Pick<OrganizationMembershipResponse, 'data' | 'isOptimistic'>

function toView(page: OrganizationMembershipPage, isOptimistic: boolean): View {
  // A member of whom too little is known to show a row is a member all the same.
  const data = page.data[0] ?? (page.totalCount > 0 ? undefined : null)
  return { data, isOptimistic }
}

const unknownView: View = { data: undefined, isOptimistic: false }

function assertMember(
  { data }: OrganizationMembershipPage,
  userId: string | null | undefined,
): void {
  const found = data[0]?.publicUserData?.userId
  if (data.length === 0 || found === userId) return
  throw new Error(
    `The server was asked for the member ${userId} and answered with ${found ?? 'a row without a user'}: ` +
      'it does not heed the user_id filter.',
  )
}
