import type {
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
} from '@org-memberships/core'
import type { MembershipRows } from '../store/listing.js'
import type { MembershipRecord, OrganizationRecord, UserRecord } from '../store/records.js'

// From what the store keeps to what the wire carries (contract, section 4).

const defaultImageURL = 'https://img.clerk.com/preview.png'

export function toMembershipJSON(
  membership: MembershipRecord,
  organization = toOrganizationJSON(membership.organization),
): OrganizationMembershipJSON {
  return {
    object: 'organization_membership',
    id: membership.id,
    role: membership.role.key,
    role_name: membership.role.name,
    permissions: [...membership.role.permissions],
    public_metadata: membership.publicMetadata,
    private_metadata: membership.privateMetadata,
    organization,
    public_user_data: toPublicUserDataJSON(membership.user),
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  }
}

export function toMembershipsJSON({
  rows,
  totalCount,
}: MembershipRows): OrganizationMembershipsJSON {
  // Rows of one organization share its JSON: a page of 500 builds it once.
  const organizations = new Map<OrganizationRecord, OrganizationJSON>()
  const data = rows.map((membership) => {
    let organization = organizations.get(membership.organization)
    if (organization === undefined) {
      organization = toOrganizationJSON(membership.organization)
      organizations.set(membership.organization, organization)
    }
    return toMembershipJSON(membership, organization)
  })
  return { data, total_count: totalCount }
}

export function toOrganizationJSON(organization: OrganizationRecord): OrganizationJSON {
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: organization.imageURL ?? defaultImageURL,
    has_image: organization.imageURL !== null,
    members_count: organization.members.size,
    pending_invitations_count: organization.pendingInvitationsCount,
    missing_member_with_elevated_permissions: organization.elevatedMembers === 0,
    max_allowed_memberships: organization.maxAllowedMemberships,
    admin_delete_enabled: organization.adminDeleteEnabled,
    public_metadata: organization.publicMetadata,
    private_metadata: organization.privateMetadata,
    ...(organization.createdBy !== undefined && { created_by: organization.createdBy }),
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
    ...(organization.lastActiveAt !== undefined && { last_active_at: organization.lastActiveAt }),
    role_set_key: organization.roleSetKey,
  }
}

function toPublicUserDataJSON(user: UserRecord): PublicUserDataJSON {
  const imageURL = imageURLOf(user)
  return {
    user_id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    profile_image_url: imageURL,
    image_url: imageURL,
    has_image: user.imageURL !== null,
    identifier: identifierOf(user),
    username: user.username,
    banned: user.banned,
    deprovisioned: user.deprovisioned,
  }
}

export function imageURLOf(user: UserRecord): string {
  return user.imageURL ?? defaultImageURL
}

/** The main contact. */
function identifierOf(user: UserRecord): string | null {
  return (
    user.emailAddresses[0] ?? user.phoneNumbers[0] ?? user.username ?? user.web3Wallets[0] ?? null
  )
}
