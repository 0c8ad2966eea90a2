// For servers of the same routes, and for whoever reads or writes what they send.
export {
  fillPath,
  type HTTPMethod,
  type Route,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteParameters,
  routes,
} from './routes.js'
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
} from './wire.js'
export {
  listLimits,
  type ListParameter,
  type ListParameterKind,
  listParameters,
  orderFields,
  toListSearchParams,
  toUserIdFilter,
} from './list-query.js'
export {
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
  toOrganizationMembershipJSON,
  toOrganizationMembershipsJSON,
} from './mappers.js'
export {
  readCreateBody,
  readListQuery,
  readUpdateBody,
  readUpdateMetadataBody,
  requestErrors,
  type RequestReading,
} from './requests.js'
export {
  type ClerkError,
  type ClerkErrorArguments,
  type ClerkErrorCode,
  clerkErrorJSON,
  type ClerkErrorName,
  clerkErrors,
  type ClerkErrorValues,
} from './clerk-errors.js'
export {
  type Field,
  type Fields,
  organizationFields,
  organizationMembershipFields,
  publicUserDataFields,
} from './fields.js'
export { isJSONObject, toPlainJSON } from '../plain-json.js'
export { assertListQuery, toPathSegment } from '../request.js'
