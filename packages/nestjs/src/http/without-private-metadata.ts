import type { OrganizationMembership, OrganizationMembershipJSON } from '@org-memberships/core'

/** A copy without the private metadata of the membership and of the organization in it. */
export function withoutPrivateMetadata(membership: OrganizationMembership): OrganizationMembership {
  const { privateMetadata: _own, organization, ...visible } = membership
  const { privateMetadata: _organizations, ...visibleOrganization } = organization
  return { ...visible, organization: visibleOrganization }
}

/** The same for the wire's form. */
export function withoutPrivateMetadataJSON(
  membership: OrganizationMembershipJSON,
): OrganizationMembershipJSON {
  const { private_metadata: _own, organization, ...visible } = membership
  const { private_metadata: _organizations, ...visibleOrganization } = organization
  return { ...visible, organization: visibleOrganization }
}
