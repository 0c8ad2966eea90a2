import type { OrganizationMembership } from './domain.js'

/**
 * A copy for a browser: without the private metadata of the membership and of the organization in it. A server that
 * reads with the secret key gets both.
 *
 * @example
 * ```ts
 * const { data } = await memberships.list({ organizationId })
 * return data.map(withoutPrivateMetadata)
 * ```
 */
export function withoutPrivateMetadata(membership: OrganizationMembership): OrganizationMembership {
  const { privateMetadata: _own, organization, ...visible } = membership
  const { privateMetadata: _organizations, ...visibleOrganization } = organization
  return { ...visible, organization: visibleOrganization }
}
