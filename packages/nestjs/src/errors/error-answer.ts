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
  isJSONObject,
  listParameters,
  requestErrors,
} from '@org-memberships/core/contract'
import { MembershipsHttpException } from './refusal.js'
import { ClientShutdownError } from '../client/client-shutdown-error.js'

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
  if (error instanceof ClientShutdownError) return shutdownAnswer
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

/** True for an error that the core client has thrown. */
export function isClientError(error: unknown): boolean {
  return answerToClientError(error) !== undefined
}

/** The answer to any error, in the API's envelope. */
export function answerToError(error: unknown): ErrorAnswer {
  const answer = answerToClientError(error)
  if (answer !== undefined) return answer
  if (error instanceof MembershipsHttpException) {
    return { status: error.getStatus(), body: error.envelope, retryAfter: error.retryAfter }
  }
  if (error instanceof HttpException) return answerToHttpException(error)
  return plainAnswer(statusOfParserError(error) ?? 500)
}

/** An exception of the app, from its policy or a guard of its own, say. A 4xx keeps the words that it was given. */
function answerToHttpException(error: HttpException): ErrorAnswer {
  const status = error.getStatus()
  const plain = plainAnswer(status)
  const known = plain.body.errors[0]
  if (status < 400 || status >= 500 || known === undefined) return plain
  const body = error.getResponse()
  if (isErrorEnvelope(body)) return { status, body: { errors: body.errors } }
  const reasons = ownWords(body)
  if (reasons.length === 0) return plain
  const { message, code } = known
  return {
    status,
    body: { errors: reasons.map((text) => ({ message, long_message: text, code })) },
  }
}

/** What the app gave as the exception's message; nothing where the message is only the name of the status. */
function ownWords(body: string | object): string[] {
  const message: unknown = typeof body === 'string' ? body : Reflect.get(body, 'message')
  // Nest leaves `error` out where its exception was made without a message.
  const isUnnamed =
    typeof body === 'object' && Object.hasOwn(body, 'statusCode') && !Object.hasOwn(body, 'error')
  if (isUnnamed || message === refusedByGuard) return []
  const texts: unknown[] = Array.isArray(message) ? message : [message]
  return texts.filter((text): text is string => typeof text === 'string' && text !== '')
}

/** Nest's words for a guard that returns false. */
const refusedByGuard = 'Forbidden resource'

/** True for a body in the API's form, which an app may give its own exception. */
function isErrorEnvelope(body: unknown): body is ClerkErrorsJSON {
  const errors: unknown = isJSONObject(body) ? body.errors : undefined
  if (!Array.isArray(errors) || errors.length === 0) return false
  return errors.every((each: unknown) =>
    ['code', 'message', 'long_message'].every(
      (key) => isJSONObject(each) && typeof each[key] === 'string',
    ),
  )
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

const shutdownAnswer: ErrorAnswer = {
  status: 503,
  body: {
    errors: [
      {
        message: 'Service unavailable',
        long_message: 'The server is shutting down. Try again soon.',
        code: 'service_unavailable',
      },
    ],
  },
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
