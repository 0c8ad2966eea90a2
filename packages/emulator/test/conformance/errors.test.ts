import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'
import { type ExpectedError, type Row, runRows } from './rows.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed: acme })
})
afterAll(() => emulator.close())

const members = '/organizations/org_acme/memberships'
const bob = `${members}/user_bob`

const missing = (param: string): ExpectedError => ({
  code: 'form_param_missing',
  message: 'is missing',
  long: `${param} must be included.`,
  param,
})
const wrongType = (param: string): ExpectedError => ({
  code: 'form_param_value_invalid',
  message: 'is invalid',
  param,
})
const notFound = (long: string, param?: string): ExpectedError => ({
  code: 'resource_not_found',
  message: 'not found',
  long,
  ...(param !== undefined && { param }),
})
const create = (says: string, body: unknown, status: number, errors: ExpectedError[]): Row => ({
  section: '7',
  says,
  method: 'POST',
  path: members,
  body,
  status,
  errors,
})
const patch = (says: string, body: unknown, status: number, errors: ExpectedError[]): Row => ({
  section: '7',
  says,
  method: 'PATCH',
  path: bob,
  body,
  status,
  errors,
})
const metadata = (says: string, body: unknown, errors: ExpectedError[]): Row => ({
  section: '6',
  says,
  method: 'PATCH',
  path: `${bob}/metadata`,
  body,
  status: 422,
  errors,
})
const member = { user_id: 'user_cleo', role: 'org:member' }
const noOrganization = [notFound('Given organization not found.')]
const elsewhere = '/organizations/org_none/memberships'

describe('errors', () => {
  runRows(
    () => emulator,
    [
      create('create without a body', undefined, 422, [missing('user_id'), missing('role')]),
      create('create without a role', { user_id: 'user_cleo' }, 422, [missing('role')]),
      create('create with empty texts', { user_id: '', role: '' }, 422, [
        missing('user_id'),
        missing('role'),
      ]),
      create('create with null', { user_id: 'user_cleo', role: null }, 422, [
        { code: 'form_param_nil', param: 'role' },
      ]),
      create(
        'create with wrong types, several errors in one answer',
        { user_id: 1, role: {}, public_metadata: [], private_metadata: 'x' },
        422,
        [
          wrongType('user_id'),
          wrongType('role'),
          wrongType('public_metadata'),
          wrongType('private_metadata'),
        ],
      ),
      { ...create('create ignores unknown keys', { ...member, a: 1 }, 200, []), section: '2' },
      create('form errors come before a missing organization', {}, 422, [
        missing('user_id'),
        missing('role'),
      ]),
      { ...create('an unknown organization', member, 404, noOrganization), path: elsewhere },
      create('an unknown user', { ...member, user_id: 'user_none' }, 404, [
        notFound('No user was found with id user_none'),
      ]),
      create('an unknown role', { ...member, role: 'org:none' }, 404, [
        notFound('Organization role not found', 'role'),
      ]),
      create('a role without its prefix', { ...member, role: 'admin' }, 404, [
        notFound('Organization role not found', 'role'),
      ]),
      create('the role is checked before the user', { user_id: 'user_none', role: 'x' }, 404, [
        notFound('Organization role not found', 'role'),
      ]),
      create('a second membership', { ...member, user_id: 'user_bob' }, 400, [
        {
          code: 'already_a_member_in_organization',
          message: 'already a member',
          long: 'User user_bob is already a member of the organization.',
        },
      ]),
      patch('update without a body', undefined, 422, [missing('role')]),
      patch('update with a wrong type', { role: ['org:admin'] }, 422, [wrongType('role')]),
      patch('update with null', { role: null }, 422, [{ code: 'form_param_nil', param: 'role' }]),
      patch('update to an unknown role', { role: 'basic_member' }, 404, [
        notFound('Organization role not found', 'role'),
      ]),
      {
        ...patch(
          'update ignores unknown keys',
          { role: 'org:admin', user_id: 'user_bob' },
          200,
          [],
        ),
        section: '2',
        answer: { role: 'org:admin' },
      },
      {
        ...patch('update of somebody who is no member', { role: 'org:admin' }, 404, [
          notFound('Resource not found'),
        ]),
        path: `${members}/user_cleo`,
      },
      {
        ...patch('update in an unknown organization', { role: 'org:admin' }, 404, noOrganization),
        path: `${elsewhere}/user_bob`,
      },
      metadata('metadata refuses unknown keys', { metadata: {}, public_metadata: {} }, [
        {
          code: 'form_param_unknown',
          message: 'is unknown',
          long: 'metadata is not a valid parameter for this request.',
          param: 'metadata',
        },
      ]),
      metadata(
        'a whole field must be an object',
        { public_metadata: null, private_metadata: [1] },
        [wrongType('public_metadata'), wrongType('private_metadata')],
      ),
      metadata('a whole field is no scalar', { public_metadata: 5, private_metadata: 'x' }, [
        wrongType('public_metadata'),
        wrongType('private_metadata'),
      ]),
      {
        section: '7',
        says: 'delete of somebody who is no member',
        method: 'DELETE',
        path: `${members}/user_cleo`,
        status: 404,
        errors: [notFound('Resource not found')],
      },
      {
        section: '7',
        says: 'delete in an unknown organization',
        method: 'DELETE',
        path: `${elsewhere}/user_bob`,
        status: 404,
        errors: noOrganization,
      },
      {
        section: '14.21',
        says: 'list of an unknown organization',
        method: 'GET',
        path: elsewhere,
        status: 404,
        errors: noOrganization,
      },
      {
        section: '14.21',
        says: 'list of an unknown user',
        method: 'GET',
        path: '/users/user_none/organization_memberships',
        status: 404,
        errors: [notFound('No user was found with id user_none')],
      },
      {
        section: '7',
        says: 'an unknown user by id',
        method: 'GET',
        path: '/users/user_none',
        status: 404,
        errors: [notFound('No user was found with id user_none')],
      },
      {
        section: '7',
        says: 'an unknown organization by id',
        method: 'GET',
        path: '/organizations/org_none',
        status: 404,
        errors: noOrganization,
      },
    ],
  )

  it('7: refuses everything where organizations are switched off, before it looks at the body', async () => {
    await using off = await createEmulator({ seed: acme, organizationsEnabled: false })
    const refused = await call(off, 'POST', members, { body: '{' })
    expect(refused.status).toBe(403)
    expect(refused.json.errors[0]?.code).toBe('organization_not_enabled_in_instance')
    expect((await call(off, 'GET', '/users/user_ada')).status).toBe(200)
  })

  it('7: a refused request changes nothing', async () => {
    await emulator.reset()
    const before = (await call(emulator, 'GET', members)).text
    await call(emulator, 'POST', members, { body: { ...member, user_id: 'user_bob' } })
    await call(emulator, 'PATCH', bob, { body: { role: 'org:none' } })
    await call(emulator, 'PATCH', `${bob}/metadata`, {
      body: { public_metadata: { a: 1 }, private_metadata: null },
    })
    expect((await call(emulator, 'GET', members)).text).toBe(before)
  })
})
