import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
  PublicUserData,
} from './domain.js'
import type {
  MetadataJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
} from './wire.js'

// Field by field, so that metadata keys are never touched and a rename upstream shows here and nowhere else.
// Reading is strict about what the contract requires and lenient about the rest; a wrong shape throws a
// `ContractShapeError` that names the place.

/** An answer that is JSON but not what the contract says. The client turns it into a `ResponseParseError`. */
export class ContractShapeError extends Error {
  override readonly name = 'ContractShapeError'
}

/**
 * A membership as callers see it.
 *
 * @throws an error that names the place where the JSON is not what the contract says
 */
export function fromOrganizationMembershipJSON(json: unknown): OrganizationMembership {
  const row = asObject<OrganizationMembershipJSON>(json, 'the membership')
  const user = row.public_user_data
  const membership: OrganizationMembership = {
    id: asString(row.id, 'id'),
    role: asString(row.role, 'role') as OrganizationMembership['role'],
    permissions: asArray(row.permissions ?? [], 'permissions') as string[],
    publicMetadata: asObject<OrganizationMembership['publicMetadata']>(
      row.public_metadata,
      'public_metadata',
    ),
    organization: fromOrganizationJSON(row.organization),
    createdAt: asNumber(row.created_at, 'created_at'),
    updatedAt: asNumber(row.updated_at, 'updated_at'),
  }
  const privateMetadata = optionalObject<NonNullable<OrganizationMembership['privateMetadata']>>(
    row.private_metadata,
    'private_metadata',
  )
  if (row.role_name !== undefined) membership.roleName = row.role_name
  if (privateMetadata !== undefined) membership.privateMetadata = privateMetadata
  if (user === null) membership.publicUserData = null
  else if (user !== undefined) membership.publicUserData = fromPublicUserDataJSON(user)
  return membership
}

/** A membership as it travels; the inverse of `fromOrganizationMembershipJSON`. What the row lacks stays absent. */
export function toOrganizationMembershipJSON(
  membership: OrganizationMembership,
): OrganizationMembershipJSON {
  const user = membership.publicUserData
  return present({
    object: 'organization_membership' as const,
    id: membership.id,
    role: membership.role,
    role_name: membership.roleName,
    permissions: membership.permissions,
    public_metadata: membership.publicMetadata as MetadataJSON,
    private_metadata: membership.privateMetadata as MetadataJSON | undefined,
    organization: toOrganizationJSON(membership.organization),
    public_user_data: user === undefined || user === null ? user : toPublicUserDataJSON(user),
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  })
}

/**
 * A page as callers see it.
 *
 * @throws an error that names the place where the JSON is not what the contract says
 */
export function fromOrganizationMembershipsJSON(json: unknown): OrganizationMembershipPage {
  const page = asObject<OrganizationMembershipsJSON>(json, 'the list')
  return {
    data: asArray(page.data, 'data').map(fromOrganizationMembershipJSON),
    totalCount: asNumber(page.total_count, 'total_count'),
  }
}

/** A page as it travels; the inverse of `fromOrganizationMembershipsJSON`. */
export function toOrganizationMembershipsJSON(
  page: OrganizationMembershipPage,
): OrganizationMembershipsJSON {
  return { data: page.data.map(toOrganizationMembershipJSON), total_count: page.totalCount }
}

function fromOrganizationJSON(json: unknown): Organization {
  const row = asObject<OrganizationJSON>(json, 'organization')
  const organization: Organization = {
    id: asString(row.id, 'organization.id'),
    name: asString(row.name, 'organization.name'),
    publicMetadata: optionalObject(row.public_metadata, 'organization.public_metadata') ?? {},
    createdAt: asNumber(row.created_at, 'organization.created_at'),
    updatedAt: asNumber(row.updated_at, 'organization.updated_at'),
  }
  const privateMetadata = optionalObject<MetadataJSON>(
    row.private_metadata,
    'organization.private_metadata',
  )
  if (row.slug !== undefined) organization.slug = row.slug
  if (row.image_url !== undefined) organization.imageUrl = row.image_url
  if (row.has_image !== undefined) organization.hasImage = row.has_image
  if (row.members_count !== undefined) organization.membersCount = row.members_count
  if (row.pending_invitations_count !== undefined) {
    organization.pendingInvitationsCount = row.pending_invitations_count
  }
  if (row.missing_member_with_elevated_permissions !== undefined) {
    organization.missingMemberWithElevatedPermissions = row.missing_member_with_elevated_permissions
  }
  if (row.max_allowed_memberships !== undefined) {
    organization.maxAllowedMemberships = row.max_allowed_memberships
  }
  if (row.admin_delete_enabled !== undefined) {
    organization.adminDeleteEnabled = row.admin_delete_enabled
  }
  if (privateMetadata !== undefined) organization.privateMetadata = privateMetadata
  if (row.created_by !== undefined) organization.createdBy = row.created_by
  if (row.last_active_at !== undefined) organization.lastActiveAt = row.last_active_at
  if (row.role_set_key !== undefined) organization.roleSetKey = row.role_set_key
  return organization
}

function toOrganizationJSON(organization: Organization): OrganizationJSON {
  return present({
    object: 'organization' as const,
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: organization.imageUrl,
    has_image: organization.hasImage,
    members_count: organization.membersCount,
    pending_invitations_count: organization.pendingInvitationsCount,
    missing_member_with_elevated_permissions: organization.missingMemberWithElevatedPermissions,
    max_allowed_memberships: organization.maxAllowedMemberships,
    admin_delete_enabled: organization.adminDeleteEnabled,
    public_metadata: organization.publicMetadata,
    private_metadata: organization.privateMetadata,
    created_by: organization.createdBy,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
    last_active_at: organization.lastActiveAt,
    role_set_key: organization.roleSetKey,
  })
}

function fromPublicUserDataJSON(json: unknown): PublicUserData {
  const row = asObject<PublicUserDataJSON>(json, 'public_user_data')
  const user: PublicUserData = {
    userId: asString(row.user_id, 'public_user_data.user_id'),
    firstName: row.first_name ?? null,
    lastName: row.last_name ?? null,
    imageUrl: asString(row.image_url, 'public_user_data.image_url'),
    hasImage: row.has_image ?? false,
  }
  if (row.identifier !== undefined) user.identifier = row.identifier
  if (row.username !== undefined) user.username = row.username
  if (row.banned !== undefined) user.banned = row.banned
  if (row.deprovisioned !== undefined) user.deprovisioned = row.deprovisioned
  return user
}

function toPublicUserDataJSON(user: PublicUserData): PublicUserDataJSON {
  return present({
    user_id: user.userId,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: user.imageUrl,
    has_image: user.hasImage,
    identifier: user.identifier,
    username: user.username,
    banned: user.banned,
    deprovisioned: user.deprovisioned,
  })
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The same without the keys whose value is undefined. A copy: an object that lost keys is slow ever after. */
function present<T extends object>(row: T): Present<T> {
  const copy = {} as T
  for (const key in row) if (row[key] !== undefined) copy[key] = row[key]
  return copy as Present<T>
}

function asObject<T extends object>(value: unknown, place: string): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T
  throw new ContractShapeError(`${place} should be an object and is ${kindOf(value)}`)
}

function optionalObject<T extends object>(value: unknown, place: string): T | undefined {
  return value === undefined || value === null ? undefined : asObject<T>(value, place)
}

function asArray(value: unknown, place: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new ContractShapeError(`${place} should be an array and is ${kindOf(value)}`)
}

function asString(value: unknown, place: string): string {
  if (typeof value === 'string') return value
  throw new ContractShapeError(`${place} should be a string and is ${kindOf(value)}`)
}

function asNumber(value: unknown, place: string): number {
  if (typeof value === 'number') return value
  throw new ContractShapeError(`${place} should be a number and is ${kindOf(value)}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return value === undefined ? 'missing' : `of type ${typeof value}`
}
