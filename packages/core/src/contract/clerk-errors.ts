import type { ClerkErrorJSON } from './wire.js'

/** One error of the API: the status of its answer and its entry in the envelope (contract, section 7). */
export interface ClerkError {
  readonly status: number
  readonly code: string
  readonly message: string
  /** With placeholders in braces, such as `{user_id}`. */
  readonly long_message: string
  readonly meta?: { readonly [key: string]: unknown }
}

const invalidKey =
  'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.'
const metadataTooLarge =
  'The given {param_name} exceeds the maximum allowed size of {maximum} bytes (8 KB).'

/**
 * Clerk's errors on these routes, by what went wrong. Clients tell them apart by `code`; several cases can share one.
 * The texts are Clerk's own, and may change.
 */
export const clerkErrors = {
  authorizationHeaderInvalid: {
    status: 401,
    code: 'authorization_header_format_invalid',
    message: 'Invalid Authorization header format',
    long_message: "Invalid Authorization header format. Must be 'Bearer <YOUR_API_KEY>'",
  },
  secretKeyInvalid: {
    status: 401,
    code: 'clerk_key_invalid',
    message: invalidKey,
    long_message: invalidKey,
  },
  unauthenticated: {
    status: 401,
    code: 'authentication_invalid',
    message: 'Invalid authentication',
    long_message: 'Unable to authenticate the request, you need to supply an active session',
  },
  unauthorized: {
    status: 403,
    code: 'authorization_invalid',
    message: 'Unauthorized request',
    long_message: 'You are not authorized to perform this request',
  },
  apiVersionInvalid: {
    status: 400,
    code: 'api_version_invalid',
    message: 'invalid API version',
    long_message: 'Invalid Clerk API version: {reason}',
  },
  organizationsNotEnabled: {
    status: 403,
    code: 'organization_not_enabled_in_instance',
    message: 'access denied',
    long_message:
      'The organizations feature is not enabled for this instance. You can enable it at https://dashboard.clerk.com.',
  },

  bodyInvalid: {
    status: 400,
    code: 'request_body_invalid',
    message: 'Request body invalid',
    long_message:
      'The request body is invalid. Please consult the API documentation for more information.',
  },
  bodyTooLarge: {
    status: 413,
    code: 'request_body_too_large',
    message: 'Request body too large',
    long_message: 'The request body exceeds the maximum allowed size of {maximum} bytes.',
  },
  contentTypeUnsupported: {
    status: 415,
    code: 'unsupported_content_type',
    message: 'Content-Type is unsupported',
    long_message: 'Content-Type {actual} is unsupported. You should use application/json instead.',
  },

  parameterMissing: {
    status: 422,
    code: 'form_param_missing',
    message: 'is missing',
    long_message: '{param_name} must be included.',
  },
  parameterUnknown: {
    status: 422,
    code: 'form_param_unknown',
    message: 'is unknown',
    long_message: '{param_name} is not a valid parameter for this request.',
  },
  parameterNull: {
    status: 422,
    code: 'form_param_nil',
    message: 'is null',
    long_message: '{param_name} must not be null.',
  },
  parameterValueInvalid: {
    status: 422,
    code: 'form_param_value_invalid',
    message: 'is invalid',
    long_message: '{value} does not match one of the allowed values for parameter {param_name}',
  },
  parameterTypeInvalid: {
    status: 422,
    code: 'form_param_value_invalid',
    message: 'is invalid',
    long_message: '{param_name} is invalid. Received {received}, must be of type {type}.',
  },
  parameterValuesExceeded: {
    status: 422,
    code: 'form_param_array_size_exceeded',
    message: 'exceeds maximum size',
    long_message: '{param_name} should not exceed {maximum} items.',
  },
  metadataTooLarge: {
    status: 422,
    code: 'form_param_exceeds_allowed_size',
    message: metadataTooLarge,
    long_message: metadataTooLarge,
  },

  resourceNotFound: {
    status: 404,
    code: 'resource_not_found',
    message: 'not found',
    long_message: 'Resource not found',
  },
  organizationNotFound: {
    status: 404,
    code: 'resource_not_found',
    message: 'not found',
    long_message: 'Given organization not found.',
  },
  userNotFound: {
    status: 404,
    code: 'resource_not_found',
    message: 'not found',
    long_message: 'No user was found with id {user_id}',
  },
  roleNotFound: {
    status: 404,
    code: 'resource_not_found',
    message: 'not found',
    long_message: 'Organization role not found',
    meta: { param_name: 'role' },
  },

  alreadyMember: {
    status: 400,
    code: 'already_a_member_in_organization',
    message: 'already a member',
    long_message: 'User {user_id} is already a member of the organization.',
  },
  membershipQuotaExceeded: {
    status: 403,
    code: 'organization_membership_quota_exceeded',
    message: 'organization membership quota exceeded',
    long_message:
      'You have reached your limit of {maximum} organization memberships, including outstanding invitations.',
  },
  minimumPermissionsNeeded: {
    status: 400,
    code: 'organization_minimum_permissions_needed',
    message: 'minimum organization permissions needed',
    long_message:
      'There has to be at least one organization member with the minimum required permissions',
  },
  exclusiveMembership: {
    status: 422,
    code: 'exclusive_organization_membership',
    message: 'exclusive organization membership',
    long_message:
      'User cannot belong to multiple organizations because exclusive membership is enabled.',
  },
  personalAccountsNotAllowed: {
    status: 422,
    code: 'personal_accounts_not_allowed',
    message: 'personal accounts are not allowed',
    long_message:
      'You must maintain at least one organization membership since personal accounts are not allowed on the application',
  },
  managedByDirectory: {
    status: 409,
    code: 'organization_membership_managed_by_scim',
    message: 'membership role managed by directory sync',
    long_message: 'This membership is managed by a directory and cannot be changed manually.',
  },
  resourceLocked: {
    status: 409,
    code: 'resource_locked',
    message: 'resource busy',
    long_message: 'This resource is currently being modified by another request. Please try again.',
  },

  tooManyRequests: {
    status: 429,
    code: 'too_many_requests',
    message: 'Too many requests',
    long_message: 'Too many requests, retry later',
  },
  internalError: {
    status: 500,
    code: 'internal_clerk_error',
    message: 'Oops, an unexpected error occurred',
    long_message:
      "There was an internal error on our servers. We've been notified and are working on fixing it.",
  },
  serviceUnavailable: {
    status: 503,
    code: 'service_unavailable',
    message: 'Service unavailable',
    long_message: 'Service unavailable',
  },
} as const satisfies { [name: string]: ClerkError }

/** What went wrong, such as `alreadyMember`. */
export type ClerkErrorName = keyof typeof clerkErrors

/** The code of an error, such as `already_a_member_in_organization`. */
export type ClerkErrorCode = (typeof clerkErrors)[ClerkErrorName]['code']

type PlaceholdersIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never

/** What the text of an error names: `{ user_id }` for `alreadyMember`. */
export type ClerkErrorValues<Name extends ClerkErrorName> = {
  readonly [Key in PlaceholdersIn<(typeof clerkErrors)[Name]['long_message']>]: string | number
}

/** The arguments after the name: none where the text names nothing. */
export type ClerkErrorArguments<Name extends ClerkErrorName> =
  keyof ClerkErrorValues<Name> extends never ? [] : [values: ClerkErrorValues<Name>]

/**
 * The entry of an error answer. A `param_name` among the values stands in `meta` too.
 *
 * @example
 * ```ts
 * const errors = [clerkErrorJSON('parameterMissing', { param_name: 'role' })]
 * response.status(clerkErrors.parameterMissing.status).json({ errors })
 * ```
 */
export function clerkErrorJSON<Name extends ClerkErrorName>(
  name: Name,
  ...[values]: ClerkErrorArguments<Name>
): ClerkErrorJSON {
  const { code, message, long_message, meta }: ClerkError = clerkErrors[name]
  const named: { [key: string]: string | number } = values ?? {}
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (placeholder, key: string) => String(named[key] ?? placeholder))
  const { param_name } = named
  return {
    message: fill(message),
    long_message: fill(long_message),
    code,
    ...(param_name !== undefined ? { meta: { param_name } } : meta && { meta }),
  }
}
