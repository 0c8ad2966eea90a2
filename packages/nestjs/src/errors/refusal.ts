import { HttpException } from '@nestjs/common'
import type { ClerkErrorJSON, ClerkErrorsJSON } from '@org-memberships/core/contract'

/** What a refusal holds: the API's errors, and what Nest's own exceptions hold beside them. */
interface RefusalBody extends ClerkErrorsJSON {
  readonly message: string
  readonly statusCode: number
}

/** The codes that GraphQL servers and clients know. */
const graphQLCodes: { readonly [status: number]: string } = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  422: 'BAD_USER_INPUT',
}

/**
 * An exception of this package. Its body is the API's error envelope with `message` and `statusCode`, so that Nest's own
 * filters, and GraphQL drivers that look for these, answer it with its reason too.
 */
export class MembershipsHttpException extends HttpException {
  /** ms; becomes the header `Retry-After`. */
  readonly retryAfter: number | undefined
  /** GraphQL puts these beside the message. */
  readonly extensions: { readonly code?: string }

  constructor(
    status: number,
    errors: readonly ClerkErrorJSON[],
    options: { readonly cause?: unknown; readonly retryAfter?: number | undefined } = {},
  ) {
    const message = errors[0]?.long_message ?? 'Request refused'
    const body: RefusalBody = { errors: [...errors], message, statusCode: status }
    super(body, status, options.cause === undefined ? {} : { cause: options.cause })
    this.retryAfter = options.retryAfter
    const code = graphQLCodes[status]
    this.extensions = code === undefined ? {} : { code }
  }

  get envelope(): ClerkErrorsJSON {
    return { errors: (this.getResponse() as RefusalBody).errors }
  }
}

/** A refusal in the API's own form. */
export function refusal(status: number, ...errors: ClerkErrorJSON[]): MembershipsHttpException {
  return new MembershipsHttpException(status, errors)
}

/** 401: no session, or one that does not count. */
export function unauthenticated(reason: string): MembershipsHttpException {
  return refusal(401, {
    message: 'Invalid authentication',
    long_message: reason,
    code: 'authentication_invalid',
  })
}

/** 403: a session, but not the right to do this. */
export function unauthorized(reason: string): MembershipsHttpException {
  return refusal(403, {
    message: 'Unauthorized request',
    long_message: reason,
    code: 'authorization_invalid',
  })
}

/** 503: it cannot be told now whether the caller may. */
export class AccessUnavailableException extends MembershipsHttpException {
  constructor(cause: unknown, retryAfter?: number) {
    super(
      503,
      [
        {
          message: 'Service unavailable',
          long_message:
            'The access to this organization cannot be checked right now. Try again soon.',
          code: 'service_unavailable',
        },
      ],
      { cause, retryAfter },
    )
  }
}

/** 503: of a change of the caller's own membership nobody knows whether it was made. */
export function ownMembershipUncertain(): MembershipsHttpException {
  const error: ClerkErrorJSON = {
    message: 'Service unavailable',
    long_message:
      'Your own membership was about to change, and it is not known yet whether it has. Try again in half a minute.',
    code: 'service_unavailable',
  }
  return new MembershipsHttpException(503, [error], { retryAfter: 30_000 })
}

/** 429: the changes that wait in an organization are too many, of this caller or of all. */
export function tooManyChanges(): MembershipsHttpException {
  return tooManyRequests(
    'Too many changes of this organization are waiting already. Try again in a moment.',
    1_000,
  )
}

/** 429: one user has asked about too many organizations that are not theirs. */
export function tooManyLookups(retryAfter: number): MembershipsHttpException {
  return tooManyRequests(
    'You have asked about too many organizations that you are not a member of. Try again in a moment.',
    retryAfter,
  )
}

function tooManyRequests(reason: string, retryAfter: number): MembershipsHttpException {
  const error: ClerkErrorJSON = {
    message: 'Too many requests',
    long_message: reason,
    code: 'too_many_requests',
  }
  return new MembershipsHttpException(429, [error], { retryAfter })
}

/** 504: it took longer than a caller is kept waiting. */
export function gatewayTimeout(reason: string): MembershipsHttpException {
  return refusal(504, {
    message: 'Gateway timeout',
    long_message: reason,
    code: 'upstream_timeout',
  })
}

/** Ends what is under way for a caller who has gone. Nobody reads it. */
export function callerGone(): MembershipsHttpException {
  return refusal(499)
}
