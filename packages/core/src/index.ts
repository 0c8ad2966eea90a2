export { OrganizationMembershipsClient } from './client.js'
export type { HeaderOptions } from './headers.js'
export type { ClientOptions, RequestOptions } from './options.js'
export type { OrganizationRole, PrivateMetadata, PublicMetadata, Register } from './register.js'
export type { ClientEvent, RequestEvent, ResponseEvent, RetryEvent } from './events.js'
export type { RetryReason } from './retry.js'
export { mergeMetadata, type MetadataPatch } from './metadata.js'

export type {
  CountOrganizationMembershipsParams,
  CreateOrganizationMembershipParams,
  DeleteOrganizationMembershipParams,
  GetOrganizationMembershipParams,
  ListAllMembershipsForUserParams,
  ListAllOrganizationMembershipsParams,
  ListMembershipsForInstanceParams,
  ListMembershipsForUserParams,
  ListOrganizationMembershipsParams,
  Organization,
  OrganizationMembership,
  OrganizationMembershipFilters,
  OrganizationMembershipOrder,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
  PageParams,
  PagesParams,
  PublicUserData,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationMembershipParams,
} from './contract/domain.js'

export { withoutPrivateMetadata } from './contract/private-metadata.js'
export {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  ConnectionError,
  InternalServerError,
  InvalidArgumentError,
  isAPIError,
  isAuthenticationError,
  isBadRequestError,
  isConflictError,
  isConnectionError,
  isInternalServerError,
  isInvalidArgumentError,
  isNotFoundError,
  isOrganizationMembershipsError,
  isPermissionDeniedError,
  isRateLimitError,
  isRedirectError,
  isResponseParseError,
  isTimeoutError,
  isUnprocessableEntityError,
  NotFoundError,
  OrganizationMembershipsError,
  PermissionDeniedError,
  RateLimitError,
  RedirectError,
  type RequestDescription,
  ResponseParseError,
  TimeoutError,
  UnprocessableEntityError,
} from './errors.js'
