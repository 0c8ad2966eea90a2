import type { ExecutionContext } from '@nestjs/common'

/** What a handler asks of a caller's membership. */
export type Requirement =
  | { readonly kind: 'permissions'; readonly all: readonly string[] }
  | { readonly kind: 'roles'; readonly anyOf: readonly string[] }

export const requirementsKey = Symbol('OrganizationMembershipRequirements')
export const organizationSourceKey = Symbol('OrganizationMembershipSource')

/**
 * Everything that is asked for: of the class and the classes it extends, of the handler and those it overrides. A
 * decorator of a derived class adds to what its base asks for, and never hides it.
 */
export function requirementsOf(context: ExecutionContext): Requirement[] {
  const handler: object = context.getHandler()
  const classes = lineOf(context.getClass())
  const prototypes = lineOf((context.getClass() as { prototype: object }).prototype)
  const overridden = namesOf(handler, prototypes).flatMap((name) =>
    prototypes.flatMap((prototype) => {
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
      return typeof value === 'function' ? [value as object] : []
    }),
  )
  return [...new Set([handler, ...overridden, ...classes])].flatMap(
    (target) =>
      (Reflect.getOwnMetadata(requirementsKey, target) as Requirement[] | undefined) ?? [],
  )
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
