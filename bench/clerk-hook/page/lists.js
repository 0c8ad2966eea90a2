// A list of the members with either candidate, as each is documented: a hook that gives the rows, what can be done with
// them, and what the app must do afterwards.
import { useOrganization } from '@clerk/react'
import {
  useDeleteOrganizationMembership,
  useInfiniteOrganizationMemberships,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
} from '@org-memberships/react'

function useOurWrites(organizationId) {
  const { trigger: update } = useUpdateOrganizationMembership(organizationId)
  const { trigger: remove } = useDeleteOrganizationMembership(organizationId)
  return {
    change: ({ publicUserData: { userId } }, role) => update({ userId, role }),
    remove: ({ publicUserData: { userId } }) => remove({ userId }),
    afterwards: () => {},
  }
}

function useOurPage(organizationId) {
  const { memberships: rows } = useOrganizationMemberships(organizationId, { limit: 500 })
  return { rows, ...useOurWrites(organizationId) }
}

function useOurPages(organizationId) {
  const list = useInfiniteOrganizationMemberships(organizationId, { limit: 50 })
  const { memberships: rows, hasNextPage, size, setSize } = list
  return { rows, hasNextPage, fetchNext: () => setSize(size + 1), ...useOurWrites(organizationId) }
}

// As in Clerk's guide to managing roles: what has changed is read again.
function useClerks(options) {
  const { memberships } = useOrganization({ memberships: { ...options, keepPreviousData: true } })
  return {
    // Empty while it is not known.
    rows: memberships?.data?.length > 0 ? memberships.data : undefined,
    hasNextPage: memberships?.hasNextPage,
    fetchNext: memberships?.fetchNext,
    change: (row, role) => row.update({ role }),
    remove: (row) => row.destroy(),
    afterwards: () => memberships.revalidate(),
  }
}

const useClerksPage = () => useClerks({ pageSize: 500 })
const useClerksPages = () => useClerks({ pageSize: 50, infinite: true })

export const lists = {
  ours: { page: useOurPage, pages: useOurPages },
  clerks: { page: useClerksPage, pages: useClerksPages },
}
