import type { ExecutionContext } from '@nestjs/common'
import type { MembershipRequest } from '../access/membership-access.js'

/** The HTTP request behind a handler, GraphQL resolvers included (their context holds it as `req`). */
export function requestOf(context: ExecutionContext): MembershipRequest {
  if (context.getType<string>() !== 'graphql') return context.switchToHttp().getRequest()
  const { req } = context.getArgByIndex<{ req?: MembershipRequest }>(2)
  if (req !== undefined) return req
  throw new Error('The GraphQL context has no req: pass it on as context: ({ req }) => ({ req }).')
}
