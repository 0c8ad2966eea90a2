import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  Optional,
  UseGuards,
} from '@nestjs/common'
import type { OrganizationRole } from '@org-memberships/core'
import { MembershipAccess } from '../access/membership-access.js'
import { requireCurrentMembership } from '../access/require-access.js'
import { type RequestFrom, requestFromToken } from '../access/request-from.js'
import { mountedOperationOf } from '../http/mounted-operation.js'
import { setCurrentMembership } from './current-membership.js'
import { requestOf } from './request-of.js'
import {
  addRequirement,
  assertRequirement,
  type ClassOrMethod,
  organizationOf,
  type Requirement,
  requirementsOf,
} from './requirements.js'
import { inTermsOfTransport } from './transport-errors.js'
import { withinDeadline } from './within-deadline.js'

/**
 * Guards the app's own routes by the caller's membership. The decorators `@RequireOrganizationPermission` and
 * `@RequireOrganizationRole` bring it along; by itself, with `@UseGuards(OrganizationMembershipGuard)`, it lets every
 * member of the organization in.
 */
@Injectable()
export class OrganizationMembershipGuard implements CanActivate {
  readonly #access: MembershipAccess
  readonly #requestFrom: RequestFrom | undefined

  constructor(
    @Optional() @Inject(MembershipAccess) access: MembershipAccess | undefined,
    @Optional() @Inject(requestFromToken) requestFrom: RequestFrom | undefined,
  ) {
    if (access === undefined) {
      throw new Error(
        'OrganizationMembershipGuard finds no MembershipAccess. Give OrganizationMembershipsHttpModule.forRoot ' +
          'isGlobal: true, or add OrganizationMembershipsAccessModule.forRoot({ access, isGlobal: true }) to the ' +
          'imports of the root module.',
      )
    }
    this.#access = access
    this.#requestFrom = requestFrom
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The mounted routes ask their own policy, about the organization of their path.
    if (mountedOperationOf(context.getHandler()) !== undefined) return true
    try {
      const request = requestOf(context, this.#requestFrom)
      const organizationId = organizationOf(context, request)
      const membership = await withinDeadline(context, (signal) =>
        requireCurrentMembership(this.#access, {
          request,
          ...(organizationId !== undefined && { organizationId }),
          signal,
        }),
      )
      for (const requirement of requirementsOf(context)) assertRequirement(requirement, membership)
      setCurrentMembership(context, membership)
      return true
    } catch (error) {
      throw await inTermsOfTransport(error, context)
    }
  }
}

/**
 * Lets a caller in who has all of these permissions in the organization that is meant: the one that is active in the
 * session, or the one that `@OrganizationFrom` names. On a class it goes for every handler, besides what they ask for.
 *
 * @param permissions full keys, such as `org:invoices:create`; system permissions (`org:sys_…`) too
 */
export function RequireOrganizationPermission(
  ...permissions: [permission: string, ...more: string[]]
): ClassOrMethod {
  return guarded({ kind: 'permissions', all: permissions })
}

/** Lets a caller in who has one of these roles in the organization that is meant. */
export function RequireOrganizationRole(
  ...roles: [role: OrganizationRole, ...more: OrganizationRole[]]
): ClassOrMethod {
  return guarded({ kind: 'roles', anyOf: roles })
}

function guarded(requirement: Requirement): ClassOrMethod {
  return applyDecorators(addRequirement(requirement), UseGuards(OrganizationMembershipGuard))
}
