import {
  type OrganizationMembership,
  type OrganizationMembershipPage,
  type OrganizationMembershipQuery,
  withoutPrivateMetadata,
} from '@org-memberships/core'
import {
  infiniteOrganizationMembershipsKey,
  type InfiniteOrganizationMembershipQuery,
  keyString,
  organizationMembershipKey,
  organizationMembershipsKey,
} from './keys.js'

/** What a server has read, for the hooks to show at once. Exactly one of the three kinds per entry. */
export type OrganizationMembershipsSeedEntry =
  | {
      organizationId: string
      query?: OrganizationMembershipQuery | undefined
      /** For `useOrganizationMemberships` with this query. */
      page: OrganizationMembershipPage
    }
  | {
      organizationId: string
      query?: InfiniteOrganizationMembershipQuery | undefined
      /** For `useInfiniteOrganizationMemberships` with this query: its first pages, in order. */
      pages: OrganizationMembershipPage[]
    }
  | {
      organizationId: string
      userId: string
      /** For `useOrganizationMembership`; `null` says that the user is not a member. */
      membership: OrganizationMembership | null
    }

/** Plain JSON: it may cross from a server component to the browser. */
export interface OrganizationMembershipsSeed {
  readonly [key: string]: OrganizationMembershipPage | OrganizationMembershipPage[]
}

/**
 * Pages that a server component has read, in the form that `<OrganizationMembershipsProvider seed>` takes. The hooks
 * then render rows on the server and ask for nothing when they hydrate.
 *
 * Private metadata, of the memberships and of the organization in them, is left out: a seed goes to the browser.
 */
export function organizationMembershipsSeed(
  entries: readonly OrganizationMembershipsSeedEntry[],
): OrganizationMembershipsSeed {
  return Object.fromEntries(
    entries.map((entry) => {
      const { organizationId } = entry
      if ('pages' in entry) {
        const key = infiniteOrganizationMembershipsKey(organizationId, entry.query)
        return [keyString(key), entry.pages.map(toPublicPage)]
      }
      if ('page' in entry) {
        const key = organizationMembershipsKey(organizationId, entry.query)
        return [keyString(key), toPublicPage(entry.page)]
      }
      const data = entry.membership ? [entry.membership] : []
      const key = organizationMembershipKey(organizationId, entry.userId)
      return [keyString(key), toPublicPage({ data, totalCount: data.length })]
    }),
  )
}

function toPublicPage({
  data,
  totalCount,
}: OrganizationMembershipPage): OrganizationMembershipPage {
  return { data: data.map(withoutPrivateMetadata), totalCount }
}
