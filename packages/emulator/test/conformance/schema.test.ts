import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'
import {
  errorsSchema,
  keysSchema,
  membershipSchema,
  membershipsSchema,
  organizationSchema,
  userCountSchema,
  userSchema,
  usersSchema,
} from './shapes.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    seed: {
      users: [
        ...(acme.users ?? []),
        {
          id: 'user_full',
          email_address: ['full@example.com', 'second@example.com'],
          phone_number: '+15550001111',
          web3_wallet: '0xabc',
          external_id: 'ours_1',
          last_active_at: 1_700_000_000_000,
        },
      ],
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
    ['create', 'POST', members, { user_id: 'user_cleo', role: 'org:member' }, membershipSchema],
    ['list', 'GET', members, undefined, membershipsSchema],
    ['update', 'PATCH', `${members}/user_bob`, { role: 'org:admin' }, membershipSchema],
    ['update metadata', 'PATCH', `${members}/user_bob/metadata`, {}, membershipSchema],
    ['delete', 'DELETE', `${members}/user_bob`, undefined, membershipSchema],
    ['list for instance', 'GET', '/organization_memberships', undefined, membershipsSchema],
    [
      'list for user',
      'GET',
      '/users/user_cleo/organization_memberships',
      undefined,
      membershipsSchema,
    ],
    ['users', 'GET', '/users', undefined, usersSchema],
    ['number of users', 'GET', '/users/count', undefined, userCountSchema],
    ['user', 'GET', '/users/user_full', undefined, userSchema],
    ['organization', 'GET', '/organizations/org_full', undefined, organizationSchema],
    ['keys', 'GET', '/jwks', undefined, keysSchema],
  ] as const)('4: %s', async (_name, method, path, body, schema) => {
    await emulator.reset()
    const called = await call(emulator, method, path, { body })
    expect(called.status).toBe(200)
    expect(v.safeParse(schema, called.json).issues).toBeUndefined()
  })

  it.each([
    [401, 'GET', members, undefined, { Authorization: '' }],
    [401, 'GET', '/users', undefined, { Authorization: 'Bearer sk_test_other' }],
    [400, 'GET', members, undefined, { 'Clerk-API-Version': '2020-01-01' }],
    [400, 'POST', members, '{', {}],
    [400, 'POST', members, { user_id: 'user_bob', role: 'org:member' }, {}],
    [404, 'GET', '/organizations/org_x/memberships', undefined, {}],
    [404, 'POST', members, { user_id: 'user_x', role: 'org:member' }, {}],
    [404, 'PATCH', `${members}/user_bob`, { role: 'admin' }, {}],
    [404, 'DELETE', `${members}/user_x`, undefined, {}],
    [404, 'PATCH', `${members}/user_x/metadata`, {}, {}],
    [404, 'GET', '/users/user_x', undefined, {}],
    [404, 'GET', '/nothing', undefined, {}],
    [405, 'PUT', members, undefined, {}],
    [415, 'POST', members, 'a=b', { 'Content-Type': 'text/plain' }],
    [422, 'POST', members, {}, {}],
    [422, 'GET', `${members}?limit=501`, undefined, {}],
    [422, 'GET', '/users?limit=0', undefined, {}],
    [422, 'PATCH', `${members}/user_bob/metadata`, { role: 'org:admin' }, {}],
  ] as const)('7: %i for %s %s', async (status, method, path, body, headers) => {
    const called = await call(emulator, method, path, { body, headers })
    expect(called.status).toBe(status)
    expect(v.safeParse(errorsSchema, called.json).issues).toBeUndefined()
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
