import {
  type ClerkErrorArguments,
  type ClerkErrorJSON,
  clerkErrorJSON,
  type ClerkErrorName,
  clerkErrors,
} from '@org-memberships/core/contract'

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

/** One of Clerk's errors, from the contract's table. */
function clerk<Name extends ClerkErrorName>(
  name: Name,
  ...values: ClerkErrorArguments<Name>
): Failure {
  return new Failure(clerkErrors[name].status, clerkErrorJSON(name, ...values))
}

/** Every refusal of the emulator that is not about the form of a parameter (contract, sections 6 to 9). */
export const failures = {
  authorizationFormat: () => clerk('authorizationHeaderInvalid'),
  secretKey: () => clerk('secretKeyInvalid'),
  apiVersion: (reason: string) => clerk('apiVersionInvalid', { reason }),
  notAuthorized: () => clerk('unauthorized'),
  host: (host: string) =>
    new Failure(403, {
      message: 'Host not allowed',
      long_message: `The emulator is not served as ${host.slice(0, 100)} under its well-known key. Start it with --allow-host, or with a --secret-key of your own.`,
      code: 'host_not_allowed',
    }),
  locked: () => clerk('resourceLocked'),
  unavailable: () => clerk('serviceUnavailable'),
  tooManyRequests: (retryAfterSeconds: number) =>
    new Failure(clerkErrors.tooManyRequests.status, clerkErrorJSON('tooManyRequests'), {
      'Retry-After': String(retryAfterSeconds),
    }),
  organizationsNotEnabled: () => clerk('organizationsNotEnabled'),
  contentType: (actual: string) => clerk('contentTypeUnsupported', { actual }),
  bodyTooLarge: (maximum: number) => clerk('bodyTooLarge', { maximum }),
  body: () => clerk('bodyInvalid'),
  route: (method: string, path: string, end: string) => {
    const { status, ...error } = clerkErrors.resourceNotFound
    return new Failure(status, {
      ...error,
      long_message: `There is no ${method} ${path} here${end}`,
    })
  },
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
  organization: () => clerk('organizationNotFound'),
  user: (user_id: string) => clerk('userNotFound', { user_id }),
  role: () => clerk('roleNotFound'),
  membership: () => clerk('resourceNotFound'),
  alreadyMember: (user_id: string) => clerk('alreadyMember', { user_id }),
  exclusiveMembership: () => clerk('exclusiveMembership'),
  managedByDirectory: () => clerk('managedByDirectory'),
  quota: (maximum: number) => clerk('membershipQuotaExceeded', { maximum }),
  lastElevatedMember: () => clerk('minimumPermissionsNeeded'),
  personalAccount: () => clerk('personalAccountsNotAllowed'),
  internal: () => clerk('internalError'),
}
