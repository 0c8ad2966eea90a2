import { type ExecutionContext, HttpException, Logger, SetMetadata } from '@nestjs/common'
import type { OrganizationMembership } from '@org-memberships/core'
import type { MembershipRequest } from '../access/membership-access.js'
import { unauthorized } from '../errors/refusal.js'
import { graphQLCallOf } from './graphql-call.js'

export type ClassOrMethod = ClassDecorator & MethodDecorator

/** What a handler asks of a caller's membership. */
export type Requirement =
  | { readonly kind: 'permissions'; readonly all: readonly string[] }
  | { readonly kind: 'roles'; readonly anyOf: readonly string[] }

/** The name of a parameter, or a function that finds the organization's id. */
export type OrganizationSource =
  | string
  | ((request: MembershipRequest, context: ExecutionContext) => string | undefined)

const logger = new Logger('OrganizationMembershipGuard')

const requirementsKey = Symbol('OrganizationMembershipRequirements')
const organizationSourceKey = Symbol('OrganizationMembershipSource')

/**
 * Says which organization a route, resolver or message is about.
 *
 * @param source the name of a path parameter, of an argument in GraphQL, of one of `requestFrom`'s `params` elsewhere;
 * or a function of the request and Nest's `ExecutionContext`
 */
export function OrganizationFrom(source: OrganizationSource): ClassOrMethod {
  return SetMetadata(organizationSourceKey, source)
}

/** Added to what is there, so that several decorators on one handler all count. */
export function addRequirement(own: Requirement): ClassOrMethod {
  return (target: object, _name?: string | symbol, descriptor?: { value?: unknown }): void => {
    const holder = (descriptor?.value ?? target) as object
    const known: Requirement[] = Reflect.getOwnMetadata(requirementsKey, holder) ?? []
    Reflect.defineMetadata(requirementsKey, [...known, own], holder)
  }
}

/**
 * Everything that is asked for where the guard runs: of the class and the classes it extends, of the handler and those it
 * overrides. (A handler that overrides another has none of its decorators, the guard's own neither.) A
 * decorator of a derived class adds to what its base asks for, and never hides it.
 */
export function requirementsOf(context: ExecutionContext): Requirement[] {
  return declarationsOf(context).flatMap(
    (target) =>
      (Reflect.getOwnMetadata(requirementsKey, target) as Requirement[] | undefined) ?? [],
  )
}

/** @throws HttpException 403 where the membership does not do */
export function assertRequirement(
  requirement: Requirement,
  membership: OrganizationMembership,
): void {
  if (requirement.kind === 'roles') {
    if (requirement.anyOf.includes(membership.role)) return
    throw unauthorized(`This takes the role ${requirement.anyOf.join(' or ')} in the organization.`)
  }
  const missing = requirement.all.filter(
    (permission) => !membership.permissions.includes(permission),
  )
  if (missing.length === 0) return
  throw unauthorized(
    `This takes the permission ${missing.join(' and ')} in the organization, which you do not have.`,
  )
}

/**
 * The id of the organization that `@OrganizationFrom` names; `undefined` where there is none, and the session says it.
 *
 * @throws HttpException 403 where the call does not hold what is named
 */
export function organizationOf(
  context: ExecutionContext,
  request: MembershipRequest,
): string | undefined {
  const source = declarationsOf(context)
    .map(
      (target) =>
        Reflect.getOwnMetadata(organizationSourceKey, target) as OrganizationSource | undefined,
    )
    .find((each) => each !== undefined)
  if (source === undefined) return undefined
  const id: unknown =
    typeof source === 'function'
      ? readBy(source, request, context)
      : readNamed(source, request, context)
  // Never the session's organization in its place: the route said which one it means.
  if (typeof id === 'string' && id !== '') return id
  throw unauthorized('The request does not say which organization it is about.')
}

function readBy(
  source: Exclude<OrganizationSource, string>,
  request: MembershipRequest,
  context: ExecutionContext,
): unknown {
  try {
    return source(request, context)
  } catch (error) {
    if (context.getType<string>() === 'http' || error instanceof HttpException) throw error
    // A message of another form than the function expects is the caller's doing.
    logger.debug(
      `@OrganizationFrom threw: ${error instanceof Error ? error.message : String(error)}`,
    )
    return undefined
  }
}

function readNamed(name: string, request: MembershipRequest, context: ExecutionContext): unknown {
  if (context.getType<string>() === 'graphql') {
    const { args } = graphQLCallOf(context)
    if (typeof args === 'object' && args !== null && Object.hasOwn(args, name)) {
      return Reflect.get(args, name)
    }
  }
  return request.params[name]
}

/** What may hold metadata for a handler, nearest first: the handler, those it overrides, its class, those it extends. */
function declarationsOf(context: ExecutionContext): object[] {
  const handler: object = context.getHandler()
  const classes = lineOf(context.getClass())
  const prototypes = lineOf((context.getClass() as { prototype: object }).prototype)
  const overridden = namesOf(handler, prototypes).flatMap((name) =>
    prototypes.flatMap((prototype) => {
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
      return typeof value === 'function' ? [value as object] : []
    }),
  )
  return [...new Set([handler, ...overridden, ...classes])]
}

/** By identity; a handler that was wrapped, for tracing say, is known by the name that it kept. */
function namesOf(handler: object, prototypes: readonly object[]): (string | symbol)[] {
  const names = prototypes.flatMap((prototype) =>
    Reflect.ownKeys(prototype).filter(
      (name) => Object.getOwnPropertyDescriptor(prototype, name)?.value === handler,
    ),
  )
  return names.length > 0 ? names : [(handler as { name: string }).name]
}

function lineOf(start: object): object[] {
  const line: object[] = []
  let each: object | null = start
  while (each !== null && each !== Object.prototype && each !== Function.prototype) {
    line.push(each)
    each = Object.getPrototypeOf(each) as object | null
  }
  return line
}
