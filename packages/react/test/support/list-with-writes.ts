import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  type OrganizationMembershipsOptions,
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../../src/index.js'

/** The hooks of a members table: one page, and everything one can do to its rows. */
export function useListWithWrites(
  query: OrganizationMembershipQuery = {},
  options: OrganizationMembershipsOptions = {},
) {
  return {
    list: useOrganizationMemberships('org_1', query, options),
    create: useCreateOrganizationMembership('org_1'),
    update: useUpdateOrganizationMembership('org_1'),
    updateMetadata: useUpdateOrganizationMembershipMetadata('org_1'),
    remove: useDeleteOrganizationMembership('org_1'),
  }
}
