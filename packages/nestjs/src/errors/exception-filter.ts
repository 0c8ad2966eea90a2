import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common'
import { isInvalidArgumentError } from '@org-memberships/core'
import { fillPath, routes } from '@org-memberships/core/contract'
import { answerToClientError, answerToError, type ErrorAnswer } from './error-answer.js'
import { AccessUnavailableException, isErrorEnvelope } from './refusal.js'

/**
 * Answers errors of the core client in the API's envelope and with the right status, for the app's own routes too:
 * `{ provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }`.
 *
 * On the mounted routes every error gets the envelope. What is refused before a controller is reached (broken JSON,
 * a body too large) only reaches a filter that is global; so register it globally as well for that. Errors of other
 * routes that are not the core client's are answered as Nest would.
 */
@Catch()
export class OrganizationMembershipsExceptionFilter implements ExceptionFilter {
  readonly #logger = new Logger('OrganizationMemberships')

  catch(exception: unknown, host: ArgumentsHost): void {
    // A GraphQL or RPC layer has its own form of errors.
    if (host.getType() !== 'http') throw exception
    const request = host.switchToHttp().getRequest<{ url?: string; originalUrl?: string }>()
    const response = host.switchToHttp().getResponse<AdapterResponse>()
    const isContractRoute = contractPath.test(request.originalUrl ?? request.url ?? '')
    const answer = isContractRoute ? answerToError(exception) : answerToClientError(exception)
    if (answer?.status !== undefined && answer.status >= 500) this.#log(exception)
    reply(response, answer ?? answerOfNest(exception, (error) => this.#log(error)))
  }

  /** An error of the core client names method and path, never a credential. */
  #log(exception: unknown): void {
    const isHTTP = exception instanceof HttpException
    const cause = isHTTP ? exception.cause : exception
    if (isHTTP && (cause === undefined || cause === null)) return
    if (!(cause instanceof Error)) this.#logger.error(String(cause))
    else if (isUpstreamFailure(exception) || isUpstreamFailure(cause)) {
      // It comes with load or an outage, often: the message says all, and a stack would only lead into the client.
      this.#logger.error(cause.message)
    } else this.#logger.error(cause.message, cause.stack)
  }
}

/** True where the API or the way to it failed, not this server's code. */
function isUpstreamFailure(error: unknown): boolean {
  if (error instanceof AccessUnavailableException) return true
  return answerToClientError(error) !== undefined && !isInvalidArgumentError(error)
}

// Paths that end like one of the five mounted routes, wherever they are mounted.
const contractPath = new RegExp(
  `(?:${[routes.list, routes.update, routes.updateMetadata]
    .map(({ path }) => fillPath(path, () => '[^/?]+'))
    .join('|')})/?(?:\\?|$)`,
)

interface AdapterResponse {
  /** Fastify */
  raw?: { headersSent: boolean }
  sent?: boolean
  header?: (name: string, value: string) => unknown
  code?: (status: number) => unknown
  send?: (body: unknown) => unknown
  /** Express */
  headersSent?: boolean
  setHeader?: (name: string, value: string) => unknown
  status?: (status: number) => { json(body: unknown): unknown }
  end?: () => unknown
}

interface Answer extends Omit<ErrorAnswer, 'body'> {
  body: unknown
}

/** Through neither adapter, so that an instance made with `new` works as well as an injected one. */
function reply(response: AdapterResponse, { status, body, retryAfter }: Answer): void {
  const headers: { [name: string]: string } = {}
  if (isErrorEnvelope(body)) headers['Cache-Control'] = 'no-store'
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer'
  if (retryAfter !== undefined) headers['Retry-After'] = String(Math.ceil(retryAfter / 1000))
  if (response.raw !== undefined) {
    if (response.sent === true) return
    for (const [name, value] of Object.entries(headers)) response.header?.(name, value)
    response.code?.(status)
    response.send?.(body)
    return
  }
  if (response.headersSent === true) {
    response.end?.()
    return
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader?.(name, value)
  response.status?.(status).json(body)
}

/** What Nest's own filter answers. */
function answerOfNest(exception: unknown, log: (error: unknown) => void): Answer {
  if (exception instanceof HttpException) {
    const status = exception.getStatus()
    const body = exception.getResponse()
    return { status, body: typeof body === 'string' ? { statusCode: status, message: body } : body }
  }
  const { statusCode, message, expose } = (exception ?? {}) as {
    statusCode?: unknown
    message?: unknown
    expose?: unknown
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 && expose !== false) {
    return { status: statusCode, body: { statusCode, message } }
  }
  log(exception)
  return { status: 500, body: { statusCode: 500, message: 'Internal server error' } }
}
