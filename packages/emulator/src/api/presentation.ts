import type {
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
} from '@org-memberships/core/contract'
import type { MembershipRows } from '../store/listing.js'
import {
  type MembershipRecord,
  type OrganizationRecord,
  pendingInvitations,
} from '../store/records.js'
import type { UserRow } from '../store/rows.js'

// From what the store keeps to what the wire carries (contract, section 4).

const defaultImageURL = 'https://img.clerk.com/preview.png'

export function toMembershipJSON(
  { row, role, user, organization }: MembershipRecord,
  organizationJSON = toOrganizationJSON(organization),
): OrganizationMembershipJSON {
  const { organization_id: _organization, user_id: _user, managed_by_scim: _, ...fields } = row
  return {
    object: 'organization_membership',
    ...fields,
    role: role.key,
    role_name: role.name,
    // The type has no `null`, and the API was seen to send it all the same.
    permissions: role.hidesNone ? (null as never) : [...role.permissions],
    organization: organizationJSON,
    public_user_data: toPublicUserDataJSON(user.row),
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
  const { roles: _, image_url, ...fields } = organization.row
  return {
    object: 'organization',
    ...fields,
    image_url: image_url ?? defaultImageURL,
    has_image: image_url !== null,
    members_count: organization.members.size,
    pending_invitations_count: pendingInvitations(organization),
    missing_member_with_elevated_permissions: organization.elevatedMembers === 0,
  }
}

function toPublicUserDataJSON(user: UserRow): PublicUserDataJSON {
  const imageURL = imageURLOf(user)
  return {
    user_id: user.id,
    first_name: user.first_name,
    last_name: user.last_name,
    profile_image_url: imageURL,
    image_url: imageURL,
    has_image: user.image_url !== null,
    identifier: identifierOf(user),
    username: user.username,
    banned: user.banned,
    deprovisioned: user.deprovisioned,
  }
}

export function imageURLOf(user: UserRow): string {
  return user.image_url ?? defaultImageURL
}

/** The main contact. */
export function identifierOf(user: UserRow): string | null {
  return (
    user.email_address[0] ?? user.phone_number[0] ?? user.username ?? user.web3_wallet[0] ?? null
  )
}
