import { HttpException, Logger } from '@nestjs/common'
import { type APIError, isAPIError, isInvalidArgumentError } from '@org-memberships/core'
import { fillPath, routes } from '@org-memberships/core/contract'
import { RateLimitedLogger } from '../logging/rate-limited-logger.js'
import { isClientError } from './error-answer.js'
import { UnparsedBodyError } from './unparsed-body-error.js'

/** What fails one request often fails every one that comes: one line per second. */
const failures = new RateLimitedLogger(new Logger('OrganizationMemberships'))

/**
 * Writes what went wrong on this side to the log: a failure of upstream or of the set-up in one line without ids, a bug
 * with its stack. An `HttpException` that was thrown on purpose, with no cause, is no failure.
 */
export function logFailure(exception: unknown): void {
  const isHTTP = exception instanceof HttpException
  const cause = isHTTP ? exception.cause : exception
  if (isHTTP && (cause === undefined || cause === null)) return
  if (!(cause instanceof Error)) failures.error(String(cause), String(cause))
  // They come with load or an outage, often: the message says all, and a stack would only lead into the client.
  else if (isKnownFailure(cause) || isKnownFailure(exception)) {
    const line = withoutIds(cause)
    // Each answer of the API has a trace id of its own.
    failures.error(line.replace(/, trace \S+$/, ''), line)
  } else failures.error(`${cause.name} ${cause.message}`, cause.message, cause.stack)
}

function isKnownFailure(error: unknown): boolean {
  if (error instanceof UnparsedBodyError) return true
  if (error instanceof HttpException) return error.getStatus() === 503
  return isClientError(error) && !isInvalidArgumentError(error)
}

/**
 * The message of an error, with the names of parameters in place of the ids of its path, and without the words of the
 * API, which may name a person.
 */
function withoutIds(error: Error): string {
  const request: unknown = Reflect.get(error, 'request')
  if (typeof request !== 'object' || request === null) return error.message
  const path: unknown = Reflect.get(request, 'path')
  if (typeof path !== 'string') return error.message
  const text = isAPIError(error) ? messageOf(error) : error.message
  return [...idsIn(path)].reduce((line, [id, name]) => line.replaceAll(id, name), text)
}

function messageOf({ request, status, code, traceId }: APIError): string {
  const trace = traceId === undefined ? '' : `, trace ${traceId}`
  const what = code ?? 'an answer that is not in the format of the API'
  return `${request.method} ${request.path} was refused with ${status} ${what}${trace}`
}

/** The ids of a path as they stand in it, with the parameter that each stands for. */
function idsIn(path: string): Map<string, string> {
  const ids = new Map<string, string>()
  for (const route of Object.values(routes)) {
    const names: string[] = []
    const pattern = fillPath(route.path, (name) => {
      names.push(name)
      return '([^/]+)'
    })
    const match = new RegExp(`^${pattern}$`).exec(path)
    for (const [index, name] of names.entries()) {
      const id = match?.[index + 1]
      if (id === undefined) continue
      ids.set(id, `{${name}}`)
      ids.set(decodeURIComponent(id), `{${name}}`)
    }
  }
  return ids
}
