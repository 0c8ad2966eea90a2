import type { OrganizationMembership } from '@org-memberships/core'
import type { MembershipRequest } from '../access/membership-access.js'

const memberships = new WeakMap<MembershipRequest, OrganizationMembership>()

export function setCurrentMembership(
  request: MembershipRequest,
  membership: OrganizationMembership,
): void {
  memberships.set(request, membership)
}

/** @throws Error where the guard has not run */
export function currentMembershipOf(request: MembershipRequest): OrganizationMembership {
  const membership = memberships.get(request)
  if (membership !== undefined) return membership
  throw new Error(
    '@CurrentMembership() has no membership to give: put @RequireOrganizationPermission, @RequireOrganizationRole or ' +
      '@UseGuards(OrganizationMembershipGuard) on the handler or its class.',
  )
}
