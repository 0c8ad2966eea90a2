import { type ExecutionContext, HttpException, Logger } from '@nestjs/common'
import { isIncomingMessage, opensWebSocket } from '../access/incoming-message.js'
import type { MembershipRequest } from '../access/membership-access.js'
import type { CallRequest, RequestFrom } from '../access/request-from.js'
import { unauthenticated } from '../errors/refusal.js'
import { graphQLCallOf } from './graphql-call.js'

const logger = new Logger('OrganizationMembershipGuard')

/**
 * What counts as the request of a call: an HTTP request that a server took from the network, of a GraphQL resolver the
 * one that its context holds. Payloads, connection parameters and contexts never do, whatever they look like. For all
 * that is no HTTP request the app's own function is asked.
 *
 * @throws HttpException 401 where there is no request
 */
export function requestOf(
  context: ExecutionContext,
  requestFrom: RequestFrom | undefined,
): MembershipRequest {
  const request = httpRequestOf(context)
  if (request !== undefined) return request
  const what = nameOf(context)
  if (requestFrom === undefined) {
    throw unauthenticated(
      `The guard of organization memberships reads sessions from HTTP requests, and this is ${what}. The module's ` +
        'option requestFrom says where such a call has its session token.',
    )
  }
  return copyOf(readGiven(requestFrom, context), what)
}

function httpRequestOf(context: ExecutionContext): MembershipRequest | undefined {
  const type = context.getType<string>()
  if (type === 'http') {
    const request: unknown = context.switchToHttp().getRequest()
    return isIncomingMessage(request) ? request : undefined
  }
  if (type !== 'graphql') return undefined
  const { context: held } = graphQLCallOf(context)
  const request: unknown = isObject(held) ? Reflect.get(held, 'req') : undefined
  // A WebSocket's first request was made once, and says nothing about the operations after it.
  return isIncomingMessage(request) && !opensWebSocket(request) ? request : undefined
}

function nameOf(context: ExecutionContext): string {
  const type = context.getType<string>()
  if (type === 'http') return 'an HTTP context that holds another object in its place'
  if (type === 'graphql') return 'GraphQL whose context holds none as req'
  if (type === 'rpc') return 'a message of a microservice'
  if (type === 'ws') return 'a message of a WebSocket'
  return `a call of the kind '${type}'`
}

function readGiven(requestFrom: RequestFrom, context: ExecutionContext): CallRequest | undefined {
  try {
    return requestFrom(context)
  } catch (error) {
    if (error instanceof HttpException) throw error
    // A payload of another form than the function expects is the caller's doing.
    logger.debug(`requestFrom threw: ${error instanceof Error ? error.message : String(error)}`)
    throw unauthenticated('The session token of this call could not be read.')
  }
}

/**
 * A copy of headers and params only: an `auth` or a `user` in what the function returned, a payload say, signs nobody
 * in.
 */
function copyOf(given: CallRequest | undefined, what: string): MembershipRequest {
  const headers = isObject(given) ? given.headers : undefined
  if (!isObject(given) || !isObject(headers)) {
    throw unauthenticated(
      `This is ${what}, and it needs a signed-in user: its session token was not found where it belongs.`,
    )
  }
  return {
    method: '',
    url: '',
    headers: Object.fromEntries(
      textsOf(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    params: Object.fromEntries(textsOf(given.params)),
  }
}

function textsOf(values: unknown): [name: string, value: string][] {
  return isObject(values)
    ? Object.entries(values).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      )
    : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
