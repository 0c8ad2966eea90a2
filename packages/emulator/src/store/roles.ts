export interface Role {
  /** Such as `org:admin`. */
  readonly key: string
  readonly name: string
  /** Full keys, system permissions included. */
  readonly permissions: readonly string[]
  /** Shows `permissions: null` where there are none, as the API was once seen to do. */
  readonly hidesNone: boolean
  /** Holds the permissions that somebody in an organization must hold (contract, section 8). */
  readonly isElevated: boolean
}

/** Every system permission of a new instance (contract, section 8). */
export const systemPermissions = [
  'org:sys_profile:manage',
  'org:sys_profile:delete',
  'org:sys_memberships:read',
  'org:sys_memberships:manage',
  'org:sys_domains:read',
  'org:sys_domains:manage',
  'org:sys_billing:read',
  'org:sys_billing:manage',
  'org:sys_entconns:manage',
] as const

/** What a creator of an organization must hold, and so at least one member of each. */
const minimumPermissions = [
  'org:sys_memberships:manage',
  'org:sys_memberships:read',
  'org:sys_profile:delete',
]

/** The roles of a new instance. A seed may add to them, or give one of these other permissions. */
export const defaultRoles: readonly Role[] = [
  createRole('org:admin', 'Admin', systemPermissions),
  createRole('org:member', 'Member', ['org:sys_memberships:read', 'org:sys_billing:read']),
]

/** @param given `null` for a role that has none and shows `null` */
export function createRole(key: string, name: string, given: readonly string[] | null): Role {
  const permissions = given ?? []
  return {
    key,
    name,
    permissions,
    hidesNone: given === null,
    isElevated: minimumPermissions.every((permission) => permissions.includes(permission)),
  }
}
