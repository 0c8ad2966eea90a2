import { HttpException } from '@nestjs/common'
import {
  type APIError,
  isAPIError,
  isConnectionError,
  isInvalidArgumentError,
  isRedirectError,
  isResponseParseError,
  isTimeoutError,
} from '@org-memberships/core'
import {
  type ClerkErrorJSON,
  type ClerkErrorsJSON,
  listParameters,
  requestErrors,
} from '@org-memberships/core/contract'
import { AccessUnavailableException, isErrorEnvelope } from './refusal.js'

/** What an error becomes on the way to the caller. */
export interface ErrorAnswer {
  status: number
  body: ClerkErrorsJSON
  /** ms */
  retryAfter?: number | undefined
}

/**
 * The answer to an error of the core client, in the API's envelope; `undefined` for any other error.
 *
 * The status is the caller's affair only where the caller caused it. A 401 from upstream says that *our* key is
 * wrong, so it becomes a 502: a browser that saw a 401 would sign its user out.
 */
export function answerToClientError(error: unknown): ErrorAnswer | undefined {
  if (isAPIError(error)) return answerToAPIError(error)
  if (isTimeoutError(error)) return plainAnswer(504, 'upstream_timeout')
  if (isConnectionError(error) || isResponseParseError(error) || isRedirectError(error)) {
    return plainAnswer(502, 'upstream_failed')
  }
  if (isInvalidArgumentError(error)) {
    const parameter = wireNames.get(error.parameter)
    // Anything else, such as an option of the client, is the server's own mistake.
    if (parameter === undefined) return plainAnswer(500, 'internal_error')
    return {
      status: 422,
      body: {
        errors: [{ ...requestErrors.wrongValue(parameter, ''), long_message: error.message }],
      },
    }
  }
  return undefined
}

/** The answer to any error, in the API's envelope. */
export function answerToError(error: unknown): ErrorAnswer {
  const answer = answerToClientError(error)
  if (answer !== undefined) return answer
  if (error instanceof HttpException) {
    const body = error.getResponse()
    const status = error.getStatus()
    const retryAfter = error instanceof AccessUnavailableException ? error.retryAfter : undefined
    return { ...(isErrorEnvelope(body) ? { status, body } : plainAnswer(status)), retryAfter }
  }
  return plainAnswer(statusOfParserError(error) ?? 500)
}

function answerToAPIError(error: APIError): ErrorAnswer {
  const { status, retryAfter } = error
  if (isOwnFault(error)) return plainAnswer(502, 'upstream_failed')
  if (status === 429) {
    const [first] = plainAnswer(429).body.errors
    return {
      status,
      body: envelope(error.errors.length > 0 ? error.errors : first ? [first] : [], error.traceId),
      retryAfter,
    }
  }
  if (status >= 500) {
    const answered = status === 503 || status === 504 ? status : 502
    const answer = plainAnswer(answered, answered === 503 ? 'service_unavailable' : undefined)
    return { ...answer, body: envelope(answer.body.errors, error.traceId), retryAfter }
  }
  return { status, body: envelope(error.errors, error.traceId), retryAfter }
}

/** True where the request failed for what this server sent or is set up with, not for what the caller asked. */
function isOwnFault({ status, code }: APIError): boolean {
  if (status === 401 || status === 405) return true
  if (status === 429 || status >= 500) return false
  // Not in the API's envelope: something else than the API answered.
  if (code === undefined) return true
  return ownFaultCodes.has(code)
}

const ownFaultCodes = new Set([
  'api_version_invalid',
  'authorization_invalid',
  'organization_not_enabled_in_instance',
  'unsupported_content_type',
])

/** The errors with nothing in `meta` but which parameter was at fault. */
function envelope(errors: readonly ClerkErrorJSON[], traceId: string | undefined): ClerkErrorsJSON {
  const visible = errors.map(({ message, long_message, code, meta }) => ({
    message,
    long_message,
    code,
    ...(typeof meta?.param_name === 'string' && { meta: { param_name: meta.param_name } }),
  }))
  return { errors: visible, ...(traceId !== undefined && { clerk_trace_id: traceId }) }
}

const wireNames = new Map<string, string>([
  ...Object.entries(listParameters).map(([key, { name }]) => [key, name] as const),
  ['organizationId', 'organization_id'],
  ['publicMetadata', 'public_metadata'],
  ['privateMetadata', 'private_metadata'],
])

/** Express and Fastify mark what they refuse before a handler runs (broken JSON, a body too large) by a status. */
function statusOfParserError(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const status: unknown = Reflect.get(error, 'statusCode')
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

function plainAnswer(status: number, code?: string): ErrorAnswer {
  const known = plainErrors[status] ?? (status >= 500 ? internalError : refusedError)
  return { status, body: { errors: [{ ...known, ...(code !== undefined && { code }) }] } }
}

const internalError: ClerkErrorJSON = {
  message: 'Oops, an unexpected error occurred',
  long_message: 'There was an internal error on this server.',
  code: 'internal_error',
}

const refusedError: ClerkErrorJSON = {
  message: 'Request refused',
  long_message: 'The request cannot be answered in this form.',
  code: 'request_invalid',
}

const plainErrors: { [status: number]: ClerkErrorJSON } = {
  400: {
    message: 'Request body invalid',
    long_message:
      'The request body is invalid. Please consult the API documentation for more information.',
    code: 'request_body_invalid',
  },
  401: {
    message: 'Invalid authentication',
    long_message:
      'The request needs a signed-in user: send a session token as Authorization: Bearer <token>.',
    code: 'authentication_invalid',
  },
  403: {
    message: 'Unauthorized request',
    long_message: 'You are not authorized to perform this request',
    code: 'authorization_invalid',
  },
  404: { message: 'not found', long_message: 'Resource not found', code: 'resource_not_found' },
  413: {
    message: 'Request body too large',
    long_message: 'The request body exceeds the maximum allowed size.',
    code: 'request_body_too_large',
  },
  415: {
    message: 'Content-Type is unsupported',
    long_message: 'Content-Type is unsupported. You should use application/json instead.',
    code: 'unsupported_content_type',
  },
  429: {
    message: 'Too many requests',
    long_message: 'Too many requests, retry later',
    code: 'too_many_requests',
  },
  502: {
    message: 'Bad gateway',
    long_message:
      'The memberships service behind this server could not be used. The server log says why.',
    code: 'upstream_failed',
  },
  503: {
    message: 'Service unavailable',
    long_message: 'Service unavailable',
    code: 'service_unavailable',
  },
  504: {
    message: 'Gateway timeout',
    long_message: 'The memberships service behind this server did not answer in time.',
    code: 'upstream_timeout',
  },
}
