import type { Organization, OrganizationMembership, PublicUserData } from './domain.js'
import type { OrganizationJSON, OrganizationMembershipJSON, PublicUserDataJSON } from './wire.js'

// The fields of each resource: reading, writing, the emulator's seeds and answers and the OpenAPI document come from these
// tables. The types stay written out in wire.ts and domain.ts; a table that does not fit them does not compile.

/** One field, under the name that it has on the wire. */
export interface Field {
  /** In TypeScript; absent for a field that callers do not see. */
  readonly name?: string
  /** `count` and `time` (ms since the epoch) are integers; `texts` is an array of text; `constant` is always `value`. */
  readonly kind:
    | 'id'
    | 'text'
    | 'flag'
    | 'count'
    | 'time'
    | 'texts'
    | 'metadata'
    | 'object'
    | 'constant'
  /**
   * - `strict`: an answer without it, or with something else in its place, cannot be used.
   * - `required`: always there for callers. Where an answer has it wrong, it is null if it can be, otherwise empty.
   * - `optional`: absent where an answer lacks it or has it wrong.
   */
  readonly presence: 'strict' | 'required' | 'optional'
  readonly nullable?: true
  /** Of the object behind an `object` field. */
  readonly fields?: Fields
  readonly value?: string
}

/** A table of fields, by their names on the wire. */
export interface Fields {
  readonly [name: string]: Field
}

type KindOf<T> = T extends string
  ? 'id' | 'text'
  : T extends number
    ? 'count' | 'time'
    : T extends boolean
      ? 'flag'
      : T extends readonly string[]
        ? 'texts'
        : 'metadata' | 'object'

type Value<T> = Exclude<T, null | undefined>

type PresenceIn<T, Key extends keyof T> =
  object extends Pick<T, Key> ? 'optional' : 'strict' | 'required'

/** What the table must say of a field, so that it reads and writes what both types promise. */
type FieldOf<JSON, Key extends keyof JSON, Domain> = {
  [Name in keyof Domain]-?: {
    readonly name: Name
    readonly kind: KindOf<Value<JSON[Key]>> & KindOf<Value<Domain[Name]>>
    readonly presence: PresenceIn<Domain, Name>
    readonly fields?: Fields
  } & (null extends Domain[Name] ? { readonly nullable: true } : { readonly nullable?: never })
}[keyof Domain]

type FieldNotSeen = Field & { readonly name?: never }

type FieldsOf<JSON, Domain> = {
  readonly [Key in keyof JSON]-?: FieldOf<JSON, Key, Domain> | FieldNotSeen
}

/** What may be shown of a user: its fields on the wire. */
export const publicUserDataFields = {
  user_id: { name: 'userId', kind: 'id', presence: 'strict' },
  first_name: { name: 'firstName', kind: 'text', presence: 'required', nullable: true },
  last_name: { name: 'lastName', kind: 'text', presence: 'required', nullable: true },
  profile_image_url: { kind: 'text', presence: 'optional', nullable: true },
  image_url: { name: 'imageUrl', kind: 'text', presence: 'required' },
  has_image: { name: 'hasImage', kind: 'flag', presence: 'required' },
  identifier: { name: 'identifier', kind: 'text', presence: 'optional', nullable: true },
  username: { name: 'username', kind: 'text', presence: 'optional', nullable: true },
  banned: { name: 'banned', kind: 'flag', presence: 'optional' },
  deprovisioned: { name: 'deprovisioned', kind: 'flag', presence: 'optional' },
} as const satisfies FieldsOf<PublicUserDataJSON, PublicUserData>

/** An organization's fields on the wire. */
export const organizationFields = {
  object: { kind: 'constant', value: 'organization', presence: 'required' },
  id: { name: 'id', kind: 'id', presence: 'strict' },
  name: { name: 'name', kind: 'text', presence: 'required' },
  slug: { name: 'slug', kind: 'text', presence: 'optional', nullable: true },
  image_url: { name: 'imageUrl', kind: 'text', presence: 'optional' },
  has_image: { name: 'hasImage', kind: 'flag', presence: 'optional' },
  members_count: { name: 'membersCount', kind: 'count', presence: 'optional' },
  pending_invitations_count: {
    name: 'pendingInvitationsCount',
    kind: 'count',
    presence: 'optional',
  },
  missing_member_with_elevated_permissions: {
    name: 'missingMemberWithElevatedPermissions',
    kind: 'flag',
    presence: 'optional',
  },
  max_allowed_memberships: { name: 'maxAllowedMemberships', kind: 'count', presence: 'optional' },
  admin_delete_enabled: { name: 'adminDeleteEnabled', kind: 'flag', presence: 'optional' },
  public_metadata: { name: 'publicMetadata', kind: 'metadata', presence: 'required' },
  private_metadata: { name: 'privateMetadata', kind: 'metadata', presence: 'optional' },
  created_by: { name: 'createdBy', kind: 'id', presence: 'optional' },
  created_at: { name: 'createdAt', kind: 'time', presence: 'strict' },
  updated_at: { name: 'updatedAt', kind: 'time', presence: 'strict' },
  last_active_at: { name: 'lastActiveAt', kind: 'time', presence: 'optional' },
  role_set_key: { name: 'roleSetKey', kind: 'text', presence: 'optional', nullable: true },
} as const satisfies FieldsOf<OrganizationJSON, Organization>

/** A membership's fields on the wire. */
export const organizationMembershipFields = {
  object: { kind: 'constant', value: 'organization_membership', presence: 'required' },
  id: { name: 'id', kind: 'id', presence: 'strict' },
  role: { name: 'role', kind: 'text', presence: 'strict' },
  role_name: { name: 'roleName', kind: 'text', presence: 'optional' },
  permissions: { name: 'permissions', kind: 'texts', presence: 'required' },
  public_metadata: { name: 'publicMetadata', kind: 'metadata', presence: 'required' },
  private_metadata: { name: 'privateMetadata', kind: 'metadata', presence: 'optional' },
  organization: {
    name: 'organization',
    kind: 'object',
    fields: organizationFields,
    presence: 'strict',
  },
  public_user_data: {
    name: 'publicUserData',
    kind: 'object',
    fields: publicUserDataFields,
    presence: 'optional',
    nullable: true,
  },
  created_at: { name: 'createdAt', kind: 'time', presence: 'strict' },
  updated_at: { name: 'updatedAt', kind: 'time', presence: 'strict' },
} as const satisfies FieldsOf<OrganizationMembershipJSON, OrganizationMembership>

type NamesIn<Table extends Fields> = {
  [Key in keyof Table]: Table[Key] extends { readonly name: infer Name } ? Name : never
}[keyof Table]

type None<_Rest extends never> = true

/** Every field of the types is in their tables; one that is not stands in the compiler's message. */
export type AllFieldsAreListed = [
  None<Exclude<keyof PublicUserData, NamesIn<typeof publicUserDataFields>>>,
  None<Exclude<keyof Organization, NamesIn<typeof organizationFields>>>,
  None<Exclude<keyof OrganizationMembership, NamesIn<typeof organizationMembershipFields>>>,
]
