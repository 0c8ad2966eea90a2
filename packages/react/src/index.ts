'use client'

export {
  infiniteOrganizationMembershipsKey,
  type InfiniteOrganizationMembershipQuery,
  organizationMembershipKey,
  organizationMembershipsKey,
  type PageKey,
} from './keys.js'
export { WriteNotSentError } from './organization-store.js'
export {
  OrganizationMembershipsProvider,
  type OrganizationMembershipsProviderProps,
} from './provider.js'
export {
  organizationMembershipsSeed,
  type OrganizationMembershipsSeed,
  type OrganizationMembershipsSeedEntry,
} from './seed.js'
export { createOrganizationMembershipsStore, type OrganizationMembershipsStore } from './store.js'
export type { OrganizationMembershipsApi, RevalidateMode } from './types.js'
export {
  type OrganizationMembershipsOptions,
  type OrganizationMembershipsResponse,
  type SuspendedOrganizationMembershipsResponse,
  useOrganizationMemberships,
} from './hooks/use-organization-memberships.js'
export type { Trigger, TriggerOptions, WriteOptions, WriteResponse } from './hooks/use-write.js'
export {
  type CreateOrganizationMembershipArgument,
  type DeleteOrganizationMembershipArgument,
  type UpdateOrganizationMembershipArgument,
  type UpdateOrganizationMembershipMetadataArgument,
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from './hooks/write-hooks.js'
