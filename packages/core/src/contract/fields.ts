import type { Organization, OrganizationMembership, PublicUserData } from './domain.js'
import type { OrganizationJSON, OrganizationMembershipJSON, PublicUserDataJSON } from './wire.js'

// The fields of each resource: reading, writing, the emulator's seeds and answers and the OpenAPI document come from these
// tables. The types stay written out in wire.ts and domain.ts; a table that does not fit them does not compile.

/** One field, under the name that it has on the wire; in TypeScript it has the same name in camel case. */
export interface Field {
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
   * - not given: absent where an answer lacks it or has it wrong.
   */
  readonly presence?: 'strict' | 'required'
  readonly nullable?: true
  /** True for a field that callers do not see. */
  readonly wireOnly?: true
  /** Of the object behind an `object` field. */
  readonly fields?: Fields
  readonly value?: string
}

/** A table of fields, by their names on the wire. */
export interface Fields {
  readonly [name: string]: Field
}

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

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

type Optional<T, Key extends keyof T> = object extends Pick<T, Key> ? true : false

/** What the table must say of a field, so that it reads and writes what both types promise. */
type FieldOf<JSON, Key extends keyof JSON, Domain, Name extends keyof Domain> = {
  readonly kind: KindOf<Value<JSON[Key]>> & KindOf<Value<Domain[Name]>>
  readonly wireOnly?: never
  readonly fields?: Fields
} & (Optional<Domain, Name> extends true
  ? { readonly presence?: never }
  : { readonly presence: 'strict' | 'required' }) &
  (null extends Domain[Name] ? { readonly nullable: true } : { readonly nullable?: never })

type FieldsOf<JSON, Domain> = {
  readonly [Key in keyof JSON & string]-?: CamelCase<Key> extends keyof Domain
    ? FieldOf<JSON, Key, Domain, CamelCase<Key>>
    : Field & ({ readonly wireOnly: true } | { readonly kind: 'constant' })
}

/** What may be shown of a user: its fields on the wire. */
export const publicUserDataFields = {
  user_id: { kind: 'id', presence: 'strict' },
  first_name: { kind: 'text', presence: 'required', nullable: true },
  last_name: { kind: 'text', presence: 'required', nullable: true },
  profile_image_url: { kind: 'text', nullable: true, wireOnly: true },
  image_url: { kind: 'text', presence: 'required' },
  has_image: { kind: 'flag', presence: 'required' },
  identifier: { kind: 'text', nullable: true },
  username: { kind: 'text', nullable: true },
  banned: { kind: 'flag' },
  deprovisioned: { kind: 'flag' },
} as const satisfies FieldsOf<PublicUserDataJSON, PublicUserData>

/** An organization's fields on the wire. */
export const organizationFields = {
  object: { kind: 'constant', value: 'organization', presence: 'required' },
  id: { kind: 'id', presence: 'strict' },
  name: { kind: 'text', presence: 'required' },
  slug: { kind: 'text', nullable: true },
  image_url: { kind: 'text' },
  has_image: { kind: 'flag' },
  members_count: { kind: 'count' },
  pending_invitations_count: { kind: 'count' },
  missing_member_with_elevated_permissions: { kind: 'flag' },
  max_allowed_memberships: { kind: 'count' },
  admin_delete_enabled: { kind: 'flag' },
  public_metadata: { kind: 'metadata', presence: 'required' },
  private_metadata: { kind: 'metadata' },
  created_by: { kind: 'id' },
  created_at: { kind: 'time', presence: 'strict' },
  updated_at: { kind: 'time', presence: 'strict' },
  last_active_at: { kind: 'time' },
  role_set_key: { kind: 'text', nullable: true },
} as const satisfies FieldsOf<OrganizationJSON, Organization>

/** A membership's fields on the wire. */
export const organizationMembershipFields = {
  object: { kind: 'constant', value: 'organization_membership', presence: 'required' },
  id: { kind: 'id', presence: 'strict' },
  role: { kind: 'text', presence: 'strict' },
  role_name: { kind: 'text' },
  permissions: { kind: 'texts', presence: 'required' },
  public_metadata: { kind: 'metadata', presence: 'required' },
  private_metadata: { kind: 'metadata' },
  organization: { kind: 'object', fields: organizationFields, presence: 'strict' },
  public_user_data: { kind: 'object', fields: publicUserDataFields, nullable: true },
  created_at: { kind: 'time', presence: 'strict' },
  updated_at: { kind: 'time', presence: 'strict' },
} as const satisfies FieldsOf<OrganizationMembershipJSON, OrganizationMembership>

type None<_Rest extends never> = true

type NamesIn<Table> = CamelCase<keyof Table & string>

/** Every field of the types is in their tables; one that is not stands in the compiler's message. */
export type AllFieldsAreListed = [
  None<Exclude<keyof PublicUserData, NamesIn<typeof publicUserDataFields>>>,
  None<Exclude<keyof Organization, NamesIn<typeof organizationFields>>>,
  None<Exclude<keyof OrganizationMembership, NamesIn<typeof organizationMembershipFields>>>,
]
