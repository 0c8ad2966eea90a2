import type {
  ClerkErrorJSON,
  ClerkErrorsJSON,
  CreateMembershipBodyJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
  UpdateMembershipBodyJSON,
  UpdateMembershipMetadataBodyJSON,
} from '@org-memberships/core/contract'

// The wire types as OpenAPI schemas, for browsers: without private metadata. A field that the wire types gain or lose
// does not compile here.

export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly nullable?: boolean
  readonly items?: Schema
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: number | string
}

type PropertiesOf<T> = { readonly [Name in Exclude<keyof T, 'private_metadata'>]-?: Schema }

type RequiredOf<T> = Exclude<
  { [Name in keyof T]-?: undefined extends T[Name] ? never : Name }[keyof T],
  'private_metadata'
> &
  string

function object<T>(properties: PropertiesOf<T>, ...required: RequiredOf<T>[]): Schema {
  return { type: 'object', properties, required }
}

const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: 'string', nullable: true }
const flag: Schema = { type: 'boolean' }
const count: Schema = { type: 'integer' }
const time: Schema = { type: 'integer', description: 'Milliseconds since the epoch.' }
const metadata: Schema = { type: 'object', additionalProperties: true }

const organization = object<OrganizationJSON>(
  {
    object: { type: 'string', enum: ['organization'] },
    id: text,
    name: text,
    slug: textOrNull,
    image_url: text,
    has_image: flag,
    members_count: count,
    pending_invitations_count: count,
    missing_member_with_elevated_permissions: flag,
    max_allowed_memberships: { ...count, description: '0 means unlimited.' },
    admin_delete_enabled: flag,
    public_metadata: metadata,
    created_by: text,
    created_at: time,
    updated_at: time,
    last_active_at: time,
    role_set_key: textOrNull,
  },
  'object',
  'id',
  'name',
  'public_metadata',
  'created_at',
  'updated_at',
)

const publicUserData = object<PublicUserDataJSON>(
  {
    user_id: text,
    first_name: textOrNull,
    last_name: textOrNull,
    profile_image_url: textOrNull,
    image_url: text,
    has_image: flag,
    identifier: { ...textOrNull, description: 'An email address, a phone number or a username.' },
    username: textOrNull,
    banned: flag,
    deprovisioned: flag,
  },
  'user_id',
  'first_name',
  'last_name',
  'image_url',
  'has_image',
)

export const membershipSchema = object<OrganizationMembershipJSON>(
  {
    object: { type: 'string', enum: ['organization_membership'] },
    id: text,
    role: { ...text, description: 'A role key, such as org:admin.' },
    role_name: text,
    permissions: { type: 'array', items: text },
    public_metadata: metadata,
    organization,
    public_user_data: { ...publicUserData, nullable: true },
    created_at: time,
    updated_at: time,
  },
  'object',
  'id',
  'role',
  'permissions',
  'public_metadata',
  'organization',
  'created_at',
  'updated_at',
)

export const membershipsSchema = object<OrganizationMembershipsJSON>(
  {
    data: { type: 'array', items: membershipSchema },
    total_count: { ...count, description: 'All matches, before limit and offset.' },
  },
  'data',
  'total_count',
)

export const bodySchemas = {
  create: object<CreateMembershipBodyJSON>(
    { user_id: text, role: text, public_metadata: { ...metadata, nullable: true } },
    'user_id',
    'role',
  ),
  update: object<UpdateMembershipBodyJSON>({ role: text }, 'role'),
  updateMetadata: object<UpdateMembershipMetadataBodyJSON>({
    public_metadata: {
      ...metadata,
      description: 'Merged deeply into what is stored; null removes a key at any level.',
    },
  }),
}

export const errorsSchema = object<ClerkErrorsJSON>(
  {
    errors: {
      type: 'array',
      items: object<ClerkErrorJSON>(
        { message: text, long_message: text, code: text, meta: metadata },
        'message',
        'long_message',
        'code',
      ),
    },
    clerk_trace_id: text,
  },
  'errors',
)
