import type {
  OrganizationMembershipPage,
  OrganizationMembershipsClient,
} from '@org-memberships/core'

/** What the hooks need of a client: `OrganizationMembershipsClient`, or anything with these five methods. */
export type OrganizationMembershipsAPI = Pick<
  OrganizationMembershipsClient,
  'list' | 'create' | 'update' | 'updateMetadata' | 'delete'
>

/**
 * What a list does when the last pending write of its organization has ended.
 *
 * - `true`: refetches, once.
 * - `'auto'`: refetches if something it shows cannot be told without the server; an infinite list also after a create
 *   or delete, since the rows of its pages have moved.
 * - `false`: does not refetch, and still shows what was confirmed. A write whose outcome is unknown, and a total read
 *   while a write was under way, are refetched all the same.
 */
export type RevalidateMode = boolean | 'auto'

/** Every page of an organization that is in an SWR cache, whoever put it there. */
export type CachedPages = (organizationId: string) => Iterable<OrganizationMembershipPage>
