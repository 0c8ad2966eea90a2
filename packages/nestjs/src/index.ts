export {
  OrganizationMembershipsModule,
  type OrganizationMembershipsForRootAsyncOptions,
  type OrganizationMembershipsForRootOptions,
  type OrganizationMembershipsModuleExtras,
} from './client/organization-memberships.module.js'
export type {
  OrganizationMembershipsModuleOptions,
  OrganizationMembershipsOptionsFactory,
} from './client/module-options.js'
export {
  OrganizationMembershipsHealth,
  type OrganizationMembershipsHealthResult,
} from './client/health.js'
export {
  getOrganizationMembershipsHealthToken,
  getOrganizationMembershipsToken,
  InjectOrganizationMemberships,
} from './client/tokens.js'
export { ClientShutdownError } from './client/client-shutdown-error.js'

export {
  OrganizationMembershipsHttpModule,
  type OrganizationMembershipsHttpModuleOptions,
} from './http/organization-memberships-http.module.js'
export type { MembershipSerializer } from './http/operations.js'
export type { MembershipListFilter } from './http/request-reading.js'

export {
  type CurrentMembershipQuestion,
  MembershipAccess,
  type MembershipCall,
  type MembershipRequest,
  type MountedOperation,
} from './access/membership-access.js'
export type { CallRequest, RequestFrom } from './access/request-from.js'
export {
  type Granted,
  type GrantOptions,
  grantWithoutMembership,
  type MembershipGrant,
} from './access/membership-grant.js'
export { requireAccess } from './access/require-access.js'
export type { MembershipAccessOption } from './access/access-provider.js'
export {
  OrganizationMembershipsAccessModule,
  type OrganizationMembershipsAccessModuleOptions,
} from './access/access-module.js'
export {
  ClerkSessionAccess,
  type ClerkSessionAccessOptions,
} from './access/clerk-session-access.js'
export type { MembershipCache } from './access/membership-cache.js'
export type { MembershipReaderOptions } from './access/membership-reader.js'

export { OrganizationMembershipsExceptionFilter } from './http/exception-filter.js'

export {
  OrganizationMembershipGuard,
  RequireOrganizationPermission,
  RequireOrganizationRole,
} from './guards/organization-membership.guard.js'
export { CurrentMembership } from './guards/current-membership.js'
export { OrganizationFrom, type OrganizationSource } from './guards/requirements.js'
