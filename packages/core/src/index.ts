export { OrganizationMembershipsClient } from './client.js'
export type { ClientOptions, HeaderOptions, RequestOptions } from './options.js'
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

// The contract, for servers of the same routes.
export {
  fillPath,
  type HTTPMethod,
  type Route,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteParameters,
  routes,
} from './contract/routes.js'
export type {
  ClerkErrorJSON,
  ClerkErrorsJSON,
  CreateMembershipBodyJSON,
  MetadataJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
  UpdateMembershipBodyJSON,
  UpdateMembershipMetadataBodyJSON,
} from './contract/wire.js'
export {
  listLimits,
  type ListParameter,
  type ListParameterKind,
  listParameters,
  orderFields,
  toListSearchParams,
} from './contract/list-query.js'
export {
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
  toOrganizationMembershipJSON,
  toOrganizationMembershipsJSON,
} from './contract/mappers.js'
export { withoutPrivateMetadata } from './contract/private-metadata.js'
export {
  isJSONObject,
  readCreateBody,
  readListQuery,
  readUpdateBody,
  readUpdateMetadataBody,
  requestErrors,
  type RequestReading,
} from './contract/requests.js'

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
