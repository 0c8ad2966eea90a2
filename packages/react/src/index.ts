'use client'

export {
  infiniteOrganizationMembershipsKey,
  type InfiniteOrganizationMembershipQuery,
  organizationMembershipKey,
  organizationMembershipsKey,
  type PageKey,
} from './pages/keys.js'
export {
  OrganizationMembershipsProvider,
  type OrganizationMembershipsProviderProps,
} from './provider.js'
export type { OrganizationMembershipsSeed, OrganizationMembershipsSeedEntry } from './pages/seed.js'
export {
  createOrganizationMembershipsStore,
  type OrganizationMembershipsStore,
  type OrganizationMembershipsStoreOptions,
} from './store.js'
export type { OrganizationMembershipsAPI, RevalidateMode } from './types.js'
export { WriteNotSentError } from './writes/rules.js'
export {
  type OrganizationMembershipsOptions,
  type OrganizationMembershipsResponse,
  type SuspendedOrganizationMembershipsResponse,
  useOrganizationMemberships,
} from './hooks/use-organization-memberships.js'
export {
  type InfiniteOrganizationMembershipsOptions,
  type InfiniteOrganizationMembershipsResponse,
  type SuspendedInfiniteOrganizationMembershipsResponse,
  useInfiniteOrganizationMemberships,
} from './hooks/use-infinite-organization-memberships.js'
export type { LoadAllOptions } from './hooks/load-all.js'
export {
  type OrganizationMembershipOptions,
  type OrganizationMembershipResponse,
  type SuspendedOrganizationMembershipResponse,
  useOrganizationMembership,
} from './hooks/use-organization-membership.js'
export {
  type OrganizationMembershipStatusResponse,
  useOrganizationMembershipStatus,
} from './hooks/use-organization-membership-status.js'
export {
  type OrganizationPermissionResponse,
  useOrganizationMembershipsStore,
  useOrganizationPermission,
} from './hooks/use-organization-permission.js'
export type {
  Trigger,
  TriggerOptions,
  WriteOptions,
  WriteResponse,
  WriteResult,
} from './hooks/use-write.js'
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
