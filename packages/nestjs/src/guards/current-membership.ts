import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { OrganizationMembership } from '@org-memberships/core'
import { graphQLCallOf } from './graphql-call.js'

interface Found {
  readonly handler: string
  readonly controller: unknown
  /** Of a message its data and its sender, in the order of Nest. */
  readonly message: readonly unknown[]
  readonly membership: OrganizationMembership
}

/** What the guard found, by the object that belongs to the call. */
const found = new WeakMap<object, Found[]>()

/** Messages of one WebSocket that may be under way at the same time and hold no object, such as numbers. */
const maxPerObject = 100

/**
 * The caller's membership in the organization that is meant, without private metadata, as the guard found it. With the
 * name of a field, that field.
 */
export const CurrentMembership: (field?: keyof OrganizationMembership) => ParameterDecorator =
  // The type is written out: the one that Nest 12 infers names a type that Nest 11 does not have.
  createParamDecorator((field: keyof OrganizationMembership | undefined, context): unknown => {
    const membership = currentMembershipOf(context)
    return field === undefined ? membership : membership[field]
  })

/** One request may ask several handlers, about several organizations: each of them has a membership of its own. */
export function setCurrentMembership(
  context: ExecutionContext,
  membership: OrganizationMembership,
): void {
  const call = callOf(context)
  const others = (found.get(call) ?? []).filter((each) => !isOf(each, context))
  found.set(call, [...others.slice(1 - maxPerObject), { ...identityOf(context), membership }])
}

/** @throws Error where the guard has not run */
function currentMembershipOf(context: ExecutionContext): OrganizationMembership {
  const own = found.get(callOf(context))?.find((each) => isOf(each, context))
  if (own !== undefined) return own.membership
  throw new Error(
    '@CurrentMembership() has no membership to give: put @RequireOrganizationPermission, @RequireOrganizationRole or ' +
      '@UseGuards(OrganizationMembershipGuard) on the handler or its class.',
  )
}

/**
 * The object that lives as long as the call. Nest makes the context anew for guards and for parameters, so it is none.
 *
 *     http      the request
 *     graphql   info, new for each field
 *     rpc       the context of the message
 *     ws        the data of the message; the socket where the data is no object
 */
function callOf(context: ExecutionContext): object {
  const [first, second]: unknown[] = context.getArgs()
  const isGraphQL = context.getType<string>() === 'graphql'
  const candidates = isGraphQL
    ? [graphQLCallOf(context).info]
    : context.getType() === 'http'
      ? [first]
      : [second, first]
  const call = candidates.find((each): each is object => typeof each === 'object' && each !== null)
  if (call !== undefined) return call
  throw new Error(
    'This call holds no object of its own, so @CurrentMembership() cannot be told apart.',
  )
}

function identityOf(context: ExecutionContext): Omit<Found, 'membership'> {
  const isMessage = context.getType() === 'ws' || context.getType() === 'rpc'
  return {
    // By name: tracing wraps functions.
    handler: context.getHandler().name,
    controller: context.getClass(),
    // Both, since a parser of the app may give the same data object to many senders.
    message: isMessage ? context.getArgs<unknown[]>().slice(0, 2) : [],
  }
}

function isOf(each: Found, context: ExecutionContext): boolean {
  const { handler, controller, message } = identityOf(context)
  return (
    each.handler === handler &&
    each.controller === controller &&
    each.message.every((value, index) => Object.is(value, message[index]))
  )
}
