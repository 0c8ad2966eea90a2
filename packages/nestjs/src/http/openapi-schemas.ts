import {
  type Field,
  type Fields,
  organizationMembershipFields,
} from '@org-memberships/core/contract'
import type {
  ClerkErrorJSON,
  ClerkErrorsJSON,
  CreateMembershipBodyJSON,
  OrganizationMembershipsJSON,
  UpdateMembershipBodyJSON,
  UpdateMembershipMetadataBodyJSON,
} from '@org-memberships/core/contract'

// The tables of fields and the wire types as OpenAPI schemas, for browsers: without private metadata.

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
const count: Schema = { type: 'integer' }
const metadata: Schema = { type: 'object', additionalProperties: true }

const kinds: { readonly [Kind in Exclude<Field['kind'], 'object' | 'constant'>]: Schema } = {
  id: text,
  text,
  flag: { type: 'boolean' },
  count,
  time: { type: 'integer', description: 'Milliseconds since the epoch.' },
  texts: { type: 'array', items: text },
  metadata,
}

/** A resource as its table has it, without what no browser sees. */
function resource(fields: Fields, descriptions: { readonly [name: string]: string }): Schema {
  const visible = Object.entries(fields).filter(([name]) => name !== 'private_metadata')
  return {
    type: 'object',
    properties: Object.fromEntries(
      visible.map(([name, field]) => [name, schemaOf(field, descriptions, descriptions[name])]),
    ),
    required: visible.filter(([, { presence }]) => presence !== undefined).map(([name]) => name),
  }
}

function schemaOf(
  { kind, fields = {}, value = '', nullable }: Field,
  descriptions: { readonly [name: string]: string },
  description: string | undefined,
): Schema {
  const schema: Schema =
    kind === 'object'
      ? resource(fields, descriptions)
      : kind === 'constant'
        ? { type: 'string', enum: [value] }
        : kinds[kind]
  return { ...schema, ...(nullable && { nullable }), ...(description && { description }) }
}

export const membershipSchema = resource(organizationMembershipFields, {
  max_allowed_memberships: '0 means unlimited.',
  identifier: 'An email address, a phone number or a username.',
  role: 'A role key, such as org:admin.',
})

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
