import type { MembershipRecord, OrganizationRecord, UserRecord } from '../store/records.js'
import type { Store } from '../store/store.js'
import type { PlacedRow } from './load.js'
import type { Seed, SeedOrganization, SeedUser } from './seed.js'

/** The seed that `loadSeed` makes exactly this store from. */
export function exportSeed(store: Store): Seed {
  return {
    users: Array.from(store.users, exportUser),
    organizations: Array.from(store.organizations.values(), exportOrganization),
    roles: Array.from(store.roles.values(), ({ key, name, permissions }) => ({
      key,
      name,
      permissions,
    })),
  }
}

export function exportMembership(membership: MembershipRecord): PlacedRow {
  return {
    user_id: membership.user.id,
    id: membership.id,
    role: membership.role.key,
    public_metadata: membership.publicMetadata,
    private_metadata: membership.privateMetadata,
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  }
}

function exportUser(user: UserRecord): SeedUser {
  return {
    id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    username: user.username,
    email_address: user.emailAddresses,
    phone_number: user.phoneNumbers,
    web3_wallet: user.web3Wallets,
    image_url: user.imageURL,
    banned: user.banned,
    deprovisioned: user.deprovisioned,
    public_metadata: user.publicMetadata,
    private_metadata: user.privateMetadata,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    last_active_at: user.lastActiveAt,
  }
}

function exportOrganization(organization: OrganizationRecord): SeedOrganization {
  const { createdBy, lastActiveAt, roleKeys } = organization
  return {
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: organization.imageURL,
    max_allowed_memberships: organization.maxAllowedMemberships,
    pending_invitations_count: organization.pendingInvitationsCount,
    admin_delete_enabled: organization.adminDeleteEnabled,
    public_metadata: organization.publicMetadata,
    private_metadata: organization.privateMetadata,
    ...(createdBy !== undefined && { created_by: createdBy }),
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
    ...(lastActiveAt !== undefined && { last_active_at: lastActiveAt }),
    role_set_key: organization.roleSetKey,
    ...(roleKeys !== undefined && { roles: [...roleKeys] }),
    memberships: Array.from(organization.members.values(), exportMembership),
  }
}
