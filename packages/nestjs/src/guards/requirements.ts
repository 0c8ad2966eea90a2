import { applyDecorators, createParamDecorator, SetMetadata, UseGuards } from '@nestjs/common'
import type { OrganizationMembership, OrganizationRole } from '@org-memberships/core'
import type { MembershipRequest } from '../access/membership-access.js'
import { OrganizationMembershipGuard } from './organization-membership.guard.js'
import { currentMembershipOf } from './current-membership.js'
import { organizationSourceKey, type Requirement, requirementsKey } from './requirement.js'
import { requestOf } from './request-of.js'

type ClassOrMethod = ClassDecorator & MethodDecorator

/**
 * Lets a caller in who has all of these permissions in the organization that is meant: the one that is active in the
 * session, or the one that `@OrganizationFrom` names. On a class it goes for every handler, besides what they ask for.
 *
 * @param permissions full keys, such as `org:invoices:create`; system permissions (`org:sys_…`) too
 */
export function RequireOrganizationPermission(
  ...permissions: [permission: string, ...more: string[]]
): ClassOrMethod {
  return requirement({ kind: 'permissions', all: permissions })
}

/** Lets a caller in who has one of these roles in the organization that is meant. */
export function RequireOrganizationRole(
  ...roles: [role: OrganizationRole, ...more: OrganizationRole[]]
): ClassOrMethod {
  return requirement({ kind: 'roles', anyOf: roles })
}

/**
 * Says which organization a route is about.
 *
 * @param source the name of a path parameter, or a function of the request
 */
export function OrganizationFrom(
  source: string | ((request: MembershipRequest) => string | undefined),
): ClassOrMethod {
  return SetMetadata(organizationSourceKey, source)
}

/**
 * The caller's membership in the organization that is meant, without private metadata, as the guard found it. With the
 * name of a field, that field.
 */
export const CurrentMembership: (field?: keyof OrganizationMembership) => ParameterDecorator =
  // The type is written out: the one that Nest 12 infers names a type that Nest 11 does not have.
  createParamDecorator((field: keyof OrganizationMembership | undefined, context): unknown => {
    const membership = currentMembershipOf(requestOf(context))
    return field === undefined ? membership : membership[field]
  })

function requirement(own: Requirement): ClassOrMethod {
  return applyDecorators(
    // Added to what is there, so that several decorators on one handler all count.
    (target: object, _name?: string | symbol, descriptor?: { value?: unknown }) => {
      const holder = (descriptor?.value ?? target) as object
      const known: Requirement[] = Reflect.getOwnMetadata(requirementsKey, holder) ?? []
      Reflect.defineMetadata(requirementsKey, [...known, own], holder)
    },
    UseGuards(OrganizationMembershipGuard),
  )
}
