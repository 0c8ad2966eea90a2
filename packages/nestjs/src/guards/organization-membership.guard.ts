import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  Optional,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { MembershipAccess, type MembershipRequest } from '../access/membership-access.js'
import { unauthorized } from '../errors/refusal.js'
import { setCurrentMembership } from './current-membership.js'
import { requestOf } from './request-of.js'
import { organizationSourceKey, type Requirement, requirementsOf } from './requirement.js'

/**
 * Guards the app's own routes by the caller's membership. The decorators `@RequireOrganizationPermission` and
 * `@RequireOrganizationRole` bring it along; by itself, with `@UseGuards(OrganizationMembershipGuard)`, it lets every
 * member of the organization in.
 */
@Injectable()
export class OrganizationMembershipGuard implements CanActivate {
  readonly #access: MembershipAccess
  readonly #reflector: Reflector

  constructor(
    @Optional() @Inject(MembershipAccess) access: MembershipAccess | undefined,
    @Inject(Reflector) reflector: Reflector,
  ) {
    if (access === undefined) {
      throw new Error(
        'OrganizationMembershipGuard finds no MembershipAccess. Give OrganizationMembershipsHttpModule.forRoot ' +
          'isGlobal: true, or add OrganizationMembershipsAccessModule.forRoot({ access, isGlobal: true }) to the ' +
          'imports of the root module.',
      )
    }
    this.#access = access
    this.#reflector = reflector
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()]
    const request = requestOf(context)
    const source = this.#reflector.getAllAndOverride<OrganizationSource | undefined>(
      organizationSourceKey,
      targets,
    )
    const membership = await this.#access.currentMembership({
      request,
      ...(source !== undefined && { organizationId: readSource(source, request) }),
    })
    for (const requirement of requirementsOf(context)) assertRequirement(requirement, membership)
    setCurrentMembership(request, membership)
    return true
  }
}

type OrganizationSource = string | ((request: MembershipRequest) => string | undefined)

function readSource(source: OrganizationSource, request: MembershipRequest): string {
  const id: unknown = typeof source === 'function' ? source(request) : request.params[source]
  // Never the session's organization in its place: the route said which one it means.
  if (typeof id === 'string' && id !== '') return id
  throw unauthorized('The request does not say which organization it is about.')
}

function assertRequirement(requirement: Requirement, membership: OrganizationMembership): void {
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
