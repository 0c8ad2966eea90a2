import type { HTTPMethod } from './contract/routes.js'
import type { ClerkErrorJSON } from './contract/wire.js'

/** The request that an error is about. The path holds ids; it never holds a query, a header or a body. */
export interface RequestDescription {
  readonly method: HTTPMethod
  readonly path: string
}

// `instanceof` fails when an app ends up with two copies of this package; a registered symbol does not.
const kinds = Symbol.for('@org-memberships/core/error-kinds')

/**
 * The root of every error that this package throws, save one: an aborted call rejects with the signal's own
 * `reason`, as `fetch` does.
 */
export class OrganizationMembershipsError extends Error {
  static {
    brand(this, 'OrganizationMembershipsError')
  }
  declare readonly name: string
}

/** An argument or option that cannot work. Thrown before anything is sent. */
export class InvalidArgumentError extends OrganizationMembershipsError {
  static {
    brand(this, 'InvalidArgumentError')
  }
  declare readonly name: 'InvalidArgumentError'
  /** The parameter at fault, such as `organizationId`. */
  readonly parameter: string

  constructor(parameter: string, message: string, options: ErrorOptions = {}) {
    super(message, causeOf(options))
    this.parameter = parameter
  }
}

/** What every error of a request can tell besides. */
export interface RequestErrorOptions extends ErrorOptions {
  /** Attempts of this call, this one included. @default 1 */
  readonly attempts?: number | undefined
}

export interface ConnectionErrorOptions extends RequestErrorOptions {
  readonly code?: string | undefined
  readonly sent?: boolean | undefined
}

/**
 * The request got no answer: refused, reset, cut off, no such host, or no token to send it with. `cause` holds what
 * the runtime said.
 */
export class ConnectionError extends OrganizationMembershipsError {
  static {
    brand(this, 'ConnectionError')
  }
  declare readonly name: 'ConnectionError'
  readonly request: RequestDescription
  /** The runtime's code where it has one, such as `ECONNREFUSED`; `GET_TOKEN_FAILED` where `getToken` threw. */
  readonly code: string | undefined
  /** False where the request is known not to have left: then the server cannot have acted on it. */
  readonly sent: boolean
  readonly attempts: number

  constructor(request: RequestDescription, message: string, options: ConnectionErrorOptions = {}) {
    super(`${describe(request)} ${message}`, causeOf(options))
    this.request = request
    this.code = options.code
    this.sent = options.sent ?? true
    this.attempts = options.attempts ?? 1
  }
}

/**
 * No complete answer came in time. The server may have acted all the same. Where it was the time of the whole call
 * that ran out, `cause` holds the failure before it, if there was one.
 */
export class TimeoutError extends OrganizationMembershipsError {
  static {
    brand(this, 'TimeoutError')
  }
  declare readonly name: 'TimeoutError'
  readonly request: RequestDescription
  /** The limit that was reached, of one attempt or of the whole call, ms. */
  readonly timeout: number
  readonly attempts: number

  constructor(request: RequestDescription, timeout: number, options: RequestErrorOptions = {}) {
    super(`${describe(request)} was not answered within ${timeout} ms.`, causeOf(options))
    this.request = request
    this.timeout = timeout
    this.attempts = options.attempts ?? 1
  }
}

/** The server answered with success, but not with what the contract says: an empty body, HTML, a wrong shape. */
export class ResponseParseError extends OrganizationMembershipsError {
  static {
    brand(this, 'ResponseParseError')
  }
  declare readonly name: 'ResponseParseError'
  readonly request: RequestDescription
  readonly status: number
  readonly traceId: string | undefined
  readonly attempts: number

  constructor(
    request: RequestDescription,
    status: number,
    message: string,
    options: RequestErrorOptions & { readonly traceId?: string | undefined } = {},
  ) {
    super(`${describe(request)} was answered ${status}, but ${message}`, causeOf(options))
    this.request = request
    this.status = status
    this.traceId = options.traceId
    this.attempts = options.attempts ?? 1
  }
}

/** The server answered with a redirect. None is followed: a credential goes to one origin only. */
export class RedirectError extends OrganizationMembershipsError {
  static {
    brand(this, 'RedirectError')
  }
  declare readonly name: 'RedirectError'
  readonly request: RequestDescription
  readonly attempts: number

  constructor(request: RequestDescription, options: RequestErrorOptions = {}) {
    super(
      `${describe(request)} was answered with a redirect, which is not followed. ` +
        'Check that baseURL is the final address (https, no trailing redirect).',
      causeOf(options),
    )
    this.request = request
    this.attempts = options.attempts ?? 1
  }
}

export interface APIErrorDetails {
  readonly status: number
  readonly errors: readonly ClerkErrorJSON[]
  readonly traceId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly attempts?: number | undefined
  readonly afterLostAnswer?: boolean | undefined
}

/** The server answered with an error status. */
export class APIError extends OrganizationMembershipsError {
  static {
    brand(this, 'APIError')
  }
  declare readonly name: string
  readonly request: RequestDescription
  readonly status: number
  /** Every error of the answer; empty when it was not in the API's envelope (a proxy's HTML page, say). */
  readonly errors: readonly ClerkErrorJSON[]
  /** The first error's code, such as `resource_not_found`. Stable, unlike `message`. */
  readonly code: string | undefined
  /** What Clerk's support asks for. */
  readonly traceId: string | undefined
  /** What the server asked to wait, ms. */
  readonly retryAfter: number | undefined
  /** Attempts of this call, the one that got this answer included. */
  readonly attempts: number
  /**
   * True where an earlier attempt of this call may have been carried out, its answer lost: a delete that finds the
   * member gone may have removed it itself.
   */
  readonly afterLostAnswer: boolean

  constructor(request: RequestDescription, details: APIErrorDetails) {
    const first = details.errors[0]
    const what = first
      ? `${details.status} ${first.code}: ${first.long_message}`
      : `${details.status}, and the answer was not in the API's error format.`
    super(`${describe(request)} was refused with ${what}`)
    this.request = request
    this.status = details.status
    this.errors = details.errors
    this.code = first?.code
    this.traceId = details.traceId
    this.retryAfter = details.retryAfter
    this.attempts = details.attempts ?? 1
    this.afterLostAnswer = details.afterLostAnswer ?? false
  }
}

/** 400: a broken body, or a rule of the API, such as `already_a_member_in_organization`. */
export class BadRequestError extends APIError {
  static {
    brand(this, 'BadRequestError')
  }
  declare readonly name: 'BadRequestError'
}

/** 401: the secret key or the session token was missing or not accepted. */
export class AuthenticationError extends APIError {
  static {
    brand(this, 'AuthenticationError')
  }
  declare readonly name: 'AuthenticationError'
}

/** 403: known, but not allowed; also a full organization (`organization_membership_quota_exceeded`). */
export class PermissionDeniedError extends APIError {
  static {
    brand(this, 'PermissionDeniedError')
  }
  declare readonly name: 'PermissionDeniedError'
}

/** 404: no such organization, user, role or membership. */
export class NotFoundError extends APIError {
  static {
    brand(this, 'NotFoundError')
  }
  declare readonly name: 'NotFoundError'
}

/** 409: something else holds the resource, such as `resource_locked`. */
export class ConflictError extends APIError {
  static {
    brand(this, 'ConflictError')
  }
  declare readonly name: 'ConflictError'
}

/** 422: a parameter is missing, unknown or has a wrong value; `errors[].meta.param_name` says which. */
export class UnprocessableEntityError extends APIError {
  static {
    brand(this, 'UnprocessableEntityError')
  }
  declare readonly name: 'UnprocessableEntityError'
}

/** 429: too many requests; `retryAfter` says how long to wait. */
export class RateLimitError extends APIError {
  static {
    brand(this, 'RateLimitError')
  }
  declare readonly name: 'RateLimitError'
}

/** 5xx: the server, or something in front of it, failed. */
export class InternalServerError extends APIError {
  static {
    brand(this, 'InternalServerError')
  }
  declare readonly name: 'InternalServerError'
}

/** The error class for a status. */
export function apiErrorFor(request: RequestDescription, details: APIErrorDetails): APIError {
  const { status } = details
  if (status >= 500) return new InternalServerError(request, details)
  const ErrorClass = errorClasses[status] ?? APIError
  return new ErrorClass(request, details)
}

const errorClasses: { [status: number]: typeof APIError } = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableEntityError,
  429: RateLimitError,
}

/** True for an `OrganizationMembershipsError`, also one of another copy of this package. */
export const isOrganizationMembershipsError = guard<OrganizationMembershipsError>(
  'OrganizationMembershipsError',
)
/** True for an `APIError`, also one of another copy of this package. */
export const isAPIError = guard<APIError>('APIError')
/** True for a `BadRequestError`, also one of another copy of this package. */
export const isBadRequestError = guard<BadRequestError>('BadRequestError')
/** True for an `AuthenticationError`, also one of another copy of this package. */
export const isAuthenticationError = guard<AuthenticationError>('AuthenticationError')
/** True for a `PermissionDeniedError`, also one of another copy of this package. */
export const isPermissionDeniedError = guard<PermissionDeniedError>('PermissionDeniedError')
/** True for a `NotFoundError`, also one of another copy of this package. */
export const isNotFoundError = guard<NotFoundError>('NotFoundError')
/** True for a `ConflictError`, also one of another copy of this package. */
export const isConflictError = guard<ConflictError>('ConflictError')
/** True for an `UnprocessableEntityError`, also one of another copy of this package. */
export const isUnprocessableEntityError = guard<UnprocessableEntityError>(
  'UnprocessableEntityError',
)
/** True for a `RateLimitError`, also one of another copy of this package. */
export const isRateLimitError = guard<RateLimitError>('RateLimitError')
/** True for an `InternalServerError`, also one of another copy of this package. */
export const isInternalServerError = guard<InternalServerError>('InternalServerError')
/** True for a `ConnectionError`, also one of another copy of this package. */
export const isConnectionError = guard<ConnectionError>('ConnectionError')
/** True for a `TimeoutError`, also one of another copy of this package. */
export const isTimeoutError = guard<TimeoutError>('TimeoutError')
/** True for a `ResponseParseError`, also one of another copy of this package. */
export const isResponseParseError = guard<ResponseParseError>('ResponseParseError')
/** True for a `RedirectError`, also one of another copy of this package. */
export const isRedirectError = guard<RedirectError>('RedirectError')
/** True for an `InvalidArgumentError`, also one of another copy of this package. */
export const isInvalidArgumentError = guard<InvalidArgumentError>('InvalidArgumentError')

/** Names a class and adds its kind to the inherited ones; on the prototype, so that instances stay plain to look at. */
function brand(errorClass: { prototype: object }, kind: string): void {
  const inherited =
    (Reflect.get(errorClass.prototype, kinds) as readonly string[] | undefined) ?? []
  Object.defineProperty(errorClass.prototype, kinds, { value: [...inherited, kind] })
  Object.defineProperty(errorClass.prototype, 'name', { value: kind, configurable: true })
}

function guard<E extends OrganizationMembershipsError>(kind: string) {
  return (value: unknown): value is E =>
    typeof value === 'object' &&
    value !== null &&
    ((Reflect.get(value, kinds) as readonly string[] | undefined) ?? []).includes(kind)
}

/**
 * Adds to a message what became known later. The stack begins with the message, so it changes too.
 */
export function amend<E extends Error>(error: E, note: string): E {
  const { message, stack } = error
  error.message = `${message} ${note}`
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message)
  return error
}

/** Without a cause there is to be no property `cause` either. */
function causeOf({ cause }: ErrorOptions): ErrorOptions {
  return cause === undefined ? {} : { cause }
}

function describe({ method, path }: RequestDescription): string {
  return `${method} ${path}`
}
