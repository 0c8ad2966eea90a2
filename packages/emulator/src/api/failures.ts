import type { ClerkErrorJSON } from '@org-memberships/core'

/** A request that is refused. What the API answers: a status and one or more errors (contract, section 7). */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly status: number
  readonly errors: readonly ClerkErrorJSON[]
  /** Extra headers of the answer, such as `Retry-After`. */
  readonly headers: { readonly [name: string]: string }

  constructor(
    status: number,
    errors: ClerkErrorJSON | readonly ClerkErrorJSON[],
    headers: { readonly [name: string]: string } = {},
  ) {
    super(`refused with ${status}`)
    this.status = status
    this.errors = Array.isArray(errors) ? errors : [errors as ClerkErrorJSON]
    this.headers = headers
  }
}

/** Where `parameter` is given, the answer says which parameter is at fault. */
const notFound = (longMessage: string, parameter?: string): Failure =>
  new Failure(404, {
    message: 'not found',
    long_message: longMessage,
    code: 'resource_not_found',
    ...(parameter !== undefined && { meta: { param_name: parameter } }),
  })

const invalidKey =
  'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.'

/** Every refusal of the emulator that is not about the form of a parameter (contract, sections 6 to 9). */
export const failures = {
  authorizationFormat: () =>
    new Failure(401, {
      message: 'Invalid Authorization header format',
      long_message: "Invalid Authorization header format. Must be 'Bearer <YOUR_API_KEY>'",
      code: 'authorization_header_format_invalid',
    }),
  secretKey: () =>
    new Failure(401, { message: invalidKey, long_message: invalidKey, code: 'clerk_key_invalid' }),
  apiVersion: (reason: string) =>
    new Failure(400, {
      message: 'invalid API version',
      long_message: `Invalid Clerk API version: ${reason}`,
      code: 'api_version_invalid',
    }),
  notAuthorized: () =>
    new Failure(403, {
      message: 'Unauthorized request',
      long_message: 'You are not authorized to perform this request',
      code: 'authorization_invalid',
    }),
  host: (host: string) =>
    new Failure(403, {
      message: 'Host not allowed',
      long_message: `The emulator is not served as ${host.slice(0, 100)} under its well-known key. Start it with --allow-host, or with a --secret-key of your own.`,
      code: 'host_not_allowed',
    }),
  locked: () =>
    new Failure(409, {
      message: 'resource busy',
      long_message:
        'This resource is currently being modified by another request. Please try again.',
      code: 'resource_locked',
    }),
  unavailable: () =>
    new Failure(503, {
      message: 'Service unavailable',
      long_message: 'Service unavailable',
      code: 'service_unavailable',
    }),
  tooManyRequests: (retryAfterSeconds: number) =>
    new Failure(
      429,
      {
        message: 'Too many requests',
        long_message: 'Too many requests, retry later',
        code: 'too_many_requests',
      },
      { 'Retry-After': String(retryAfterSeconds) },
    ),
  organizationsNotEnabled: () =>
    new Failure(403, {
      message: 'access denied',
      long_message:
        'The organizations feature is not enabled for this instance. You can enable it at https://dashboard.clerk.com.',
      code: 'organization_not_enabled_in_instance',
    }),
  contentType: (actual: string) =>
    new Failure(415, {
      message: 'Content-Type is unsupported',
      long_message: `Content-Type ${actual} is unsupported. You should use application/json instead.`,
      code: 'unsupported_content_type',
    }),
  bodyTooLarge: (maximumBytes: number) =>
    new Failure(413, {
      message: 'Request body too large',
      long_message: `The request body exceeds the maximum allowed size of ${maximumBytes} bytes.`,
      code: 'request_body_too_large',
    }),
  body: () =>
    new Failure(400, {
      message: 'Request body invalid',
      long_message:
        'The request body is invalid. Please consult the API documentation for more information.',
      code: 'request_body_invalid',
    }),
  route: (method: string, path: string, end: string) =>
    notFound(`There is no ${method} ${path} here${end}`),
  method: (allowed: readonly string[]) =>
    new Failure(
      405,
      {
        message: 'Method not allowed',
        long_message: `This path takes ${allowed.join(', ')}.`,
        code: 'method_not_allowed',
      },
      { Allow: allowed.join(', ') },
    ),
  organization: () => notFound('Given organization not found.'),
  user: (userId: string) => notFound(`No user was found with id ${userId}`),
  role: () => notFound('Organization role not found', 'role'),
  membership: () => notFound('Resource not found'),
  alreadyMember: (userId: string) =>
    new Failure(400, {
      message: 'already a member',
      long_message: `User ${userId} is already a member of the organization.`,
      code: 'already_a_member_in_organization',
    }),
  exclusiveMembership: () =>
    new Failure(422, {
      message: 'exclusive organization membership',
      long_message:
        'User cannot belong to multiple organizations because exclusive membership is enabled.',
      code: 'exclusive_organization_membership',
    }),
  managedByDirectory: () =>
    new Failure(409, {
      message: 'membership role managed by directory sync',
      long_message: 'This membership is managed by a directory and cannot be changed manually.',
      code: 'organization_membership_managed_by_scim',
    }),
  quota: (maximum: number) =>
    new Failure(403, {
      message: 'organization membership quota exceeded',
      long_message: `You have reached your limit of ${maximum} organization memberships, including outstanding invitations.`,
      code: 'organization_membership_quota_exceeded',
    }),
  lastElevatedMember: () =>
    new Failure(400, {
      message: 'minimum organization permissions needed',
      long_message:
        'There has to be at least one organization member with the minimum required permissions',
      code: 'organization_minimum_permissions_needed',
    }),
  personalAccount: () =>
    new Failure(422, {
      message: 'personal accounts are not allowed',
      long_message:
        'You must maintain at least one organization membership since personal accounts are not allowed on the application',
      code: 'personal_accounts_not_allowed',
    }),
  internal: () =>
    new Failure(500, {
      message: 'Oops, an unexpected error occurred',
      long_message:
        "There was an internal error on our servers. We've been notified and are working on fixing it.",
      code: 'internal_clerk_error',
    }),
}
