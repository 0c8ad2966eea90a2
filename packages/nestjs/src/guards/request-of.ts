import type { ExecutionContext } from '@nestjs/common'
import { isIncomingMessage, opensWebSocket } from '../access/incoming-message.js'
import type { MembershipRequest } from '../access/membership-access.js'
import { unauthenticated } from '../errors/refusal.js'

/**
 * The HTTP request behind a handler; of a GraphQL resolver the one that its context holds as `req`. Messages of
 * microservices and WebSockets are none, whatever their payload looks like.
 *
 * @throws HttpException 401 where there is no HTTP request
 */
export function requestOf(context: ExecutionContext): MembershipRequest {
  const type = context.getType<string>()
  if (type === 'http') {
    const request: unknown = context.switchToHttp().getRequest()
    if (isIncomingMessage(request)) return request
    throw unauthenticated(
      'The guard of organization memberships takes requests that came over the network only, and this HTTP context ' +
        'holds another object in their place.',
    )
  }
  if (type === 'graphql') {
    const held = context.getArgByIndex<{ req?: unknown } | undefined>(2)
    const request = typeof held === 'object' && held !== null ? held.req : undefined
    if (isIncomingMessage(request) && !opensWebSocket(request)) return request
    throw unauthenticated(
      'The guard of organization memberships takes GraphQL over HTTP only, where the GraphQL context holds the ' +
        'request as req: context: ({ req }) => ({ req }).',
    )
  }
  throw unauthenticated(
    `The guard of organization memberships reads sessions from HTTP requests, and this is a call of the kind '${type}'.`,
  )
}
