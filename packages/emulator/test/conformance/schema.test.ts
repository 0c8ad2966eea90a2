import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'

// Contract, section 4: every field that an answer must, may and may not have.

const time = v.pipe(v.number(), v.integer(), v.minValue(1_000_000_000_000))
const metadata = v.record(v.string(), v.unknown())
const url = v.pipe(v.string(), v.url())

const membership = v.strictObject({
  object: v.literal('organization_membership'),
  id: v.pipe(v.string(), v.regex(/^orgmem_\w{27}$/)),
  role: v.string(),
  role_name: v.string(),
  permissions: v.array(v.string()),
  public_metadata: metadata,
  private_metadata: metadata,
  organization: v.strictObject({
    object: v.literal('organization'),
    id: v.string(),
    name: v.string(),
    slug: v.nullable(v.string()),
    image_url: url,
    has_image: v.boolean(),
    members_count: v.number(),
    pending_invitations_count: v.number(),
    missing_member_with_elevated_permissions: v.boolean(),
    max_allowed_memberships: v.number(),
    admin_delete_enabled: v.boolean(),
    public_metadata: metadata,
    private_metadata: metadata,
    created_by: v.optional(v.string()),
    created_at: time,
    updated_at: time,
    last_active_at: v.optional(time),
    role_set_key: v.nullable(v.string()),
  }),
  public_user_data: v.strictObject({
    user_id: v.string(),
    first_name: v.nullable(v.string()),
    last_name: v.nullable(v.string()),
    profile_image_url: url,
    image_url: url,
    has_image: v.boolean(),
    identifier: v.nullable(v.string()),
    username: v.nullable(v.string()),
    banned: v.boolean(),
    deprovisioned: v.boolean(),
  }),
  created_at: time,
  updated_at: time,
})
const page = v.strictObject({ data: v.array(membership), total_count: v.number() })

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    seed: {
      ...acme,
      organizations: [
        ...(acme.organizations ?? []),
        {
          id: 'org_full',
          name: 'Full',
          slug: null,
          image_url: 'https://images.example/acme.png',
          max_allowed_memberships: 7,
          pending_invitations_count: 2,
          admin_delete_enabled: false,
          public_metadata: { a: 1 },
          private_metadata: { b: 2 },
          created_by: 'user_ada',
          created_at: 1_700_000_000_000,
          updated_at: 1_700_000_000_001,
          last_active_at: 1_700_000_000_002,
          role_set_key: 'role_set:default',
          memberships: [{ user_id: 'user_cleo', role: 'org:admin' }],
        },
      ],
    },
  })
})
afterAll(() => emulator.close())

const members = '/organizations/org_acme/memberships'

describe('every answer has the contract’s shape', () => {
  it.each([
    ['create', 'POST', members, { user_id: 'user_cleo', role: 'org:member' }, membership],
    ['list', 'GET', members, undefined, page],
    ['update', 'PATCH', `${members}/user_bob`, { role: 'org:admin' }, membership],
    ['update metadata', 'PATCH', `${members}/user_bob/metadata`, {}, membership],
    ['delete', 'DELETE', `${members}/user_bob`, undefined, membership],
    ['list for instance', 'GET', '/organization_memberships', undefined, page],
    ['list for user', 'GET', '/users/user_cleo/organization_memberships', undefined, page],
  ] as const)('4: %s', async (_name, method, path, body, schema) => {
    await emulator.reset()
    const called = await call(emulator, method, path, { body })
    expect(called.status).toBe(200)
    expect(v.safeParse(schema, called.json).issues).toBeUndefined()
  })

  it('4: shows what the seed says of an organization', async () => {
    const { json } = await call(emulator, 'GET', '/organizations/org_full/memberships')
    expect(json.data[0]?.organization).toEqual({
      object: 'organization',
      id: 'org_full',
      name: 'Full',
      slug: null,
      image_url: 'https://images.example/acme.png',
      has_image: true,
      members_count: 1,
      pending_invitations_count: 2,
      missing_member_with_elevated_permissions: false,
      max_allowed_memberships: 7,
      admin_delete_enabled: false,
      public_metadata: { a: 1 },
      private_metadata: { b: 2 },
      created_by: 'user_ada',
      created_at: 1_700_000_000_000,
      updated_at: 1_700_000_000_001,
      last_active_at: 1_700_000_000_002,
      role_set_key: 'role_set:default',
    })
    expect(json.data[0]?.public_user_data?.identifier).toBe('+15551234567')
  })
})
