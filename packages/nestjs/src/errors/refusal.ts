import { HttpException } from '@nestjs/common'
import type { ClerkErrorJSON, ClerkErrorsJSON } from '@org-memberships/core/contract'

/** An exception whose body is the API's error envelope, so that Nest's own filter answers it in that form too. */
export function refusal(status: number, ...errors: ClerkErrorJSON[]): HttpException {
  const body: ClerkErrorsJSON = { errors }
  return new HttpException(body, status)
}

/** 401: no session, or one that does not count. */
export function unauthenticated(reason: string): HttpException {
  return refusal(401, {
    message: 'Invalid authentication',
    long_message: reason,
    code: 'authentication_invalid',
  })
}

/** 403: a session, but not the right to do this. */
export function unauthorized(reason: string): HttpException {
  return refusal(403, {
    message: 'Unauthorized request',
    long_message: reason,
    code: 'authorization_invalid',
  })
}

/** 503: it cannot be told now whether the caller may. */
export class AccessUnavailableException extends HttpException {
  /** ms; becomes the header `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(cause: unknown, retryAfter?: number) {
    const body: ClerkErrorsJSON = {
      errors: [
        {
          message: 'Service unavailable',
          long_message:
            'The access to this organization cannot be checked right now. Try again soon.',
          code: 'service_unavailable',
        },
      ],
    }
    super(body, 503, { cause })
    this.retryAfter = retryAfter
  }
}

/** True for the body of an error answer in the API's form. */
export function isErrorEnvelope(value: unknown): value is ClerkErrorsJSON {
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'errors'))
}
