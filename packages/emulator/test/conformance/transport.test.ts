import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'
import { type Row, runRows } from './rows.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed: acme })
})
afterAll(() => emulator.close())

const members = '/organizations/org_acme/memberships'
const list = { method: 'GET', path: members }
const create = { method: 'POST', path: members }
const cleo = { user_id: 'user_cleo', role: 'org:member' }
const invalidKey =
  'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.'

const format = (authorization: string, says: string): Row => ({
  section: '7',
  says,
  ...list,
  headers: { Authorization: authorization },
  status: 401,
  errors: [
    {
      code: 'authorization_header_format_invalid',
      message: 'Invalid Authorization header format',
      long: "Invalid Authorization header format. Must be 'Bearer <YOUR_API_KEY>'",
    },
  ],
})

const version = (says: string, headers: Row['headers'], path: string): Row => ({
  section: '1',
  says,
  method: 'GET',
  path,
  ...(headers && { headers }),
  status: 400,
  errors: [{ code: 'api_version_invalid', message: 'invalid API version' }],
})

const knownVersion = (known: string): Row => ({
  section: '1',
  says: `the version ${known}`,
  method: 'GET',
  path: members,
  headers: { 'Clerk-API-Version': known },
  status: 200,
  totalCount: 2,
})

const contentType = (type: string): Row => ({
  section: '7',
  says: `refuses Content-Type '${type}' with 415`,
  ...create,
  body: JSON.stringify(cleo),
  headers: { 'Content-Type': type },
  status: 415,
  errors: [{ code: 'unsupported_content_type', message: 'Content-Type is unsupported' }],
})

const brokenBody = (body: string): Row => ({
  section: '7',
  says: `refuses the body ${body} with 400`,
  ...create,
  body,
  status: 400,
  errors: [{ code: 'request_body_invalid', message: 'Request body invalid' }],
})

describe('transport', () => {
  runRows(
    () => emulator,
    [
      format('', 'a request without a key'),
      format('Basic abc', 'a key of another scheme'),
      format('Bearer', 'a scheme without a key'),
      {
        section: '7',
        says: 'a wrong key',
        ...list,
        headers: { Authorization: 'Bearer sk_test_wrong' },
        status: 401,
        errors: [{ code: 'clerk_key_invalid', message: invalidKey, long: invalidKey }],
      },
      {
        section: '7',
        says: 'checks the key before the version and the body',
        ...create,
        body: '{',
        headers: { Authorization: 'Bearer x', 'Clerk-API-Version': 'x' },
        status: 401,
        errors: [{ code: 'clerk_key_invalid' }],
      },
      version('an unknown version', { 'Clerk-API-Version': '2024-01-01' }, members),
      version(
        'a version that the docs do not list',
        { 'Clerk-API-Version': '2025-03-12' },
        members,
      ),
      version(
        'the header and the parameter together',
        {},
        `${members}?__clerk_api_version=2026-05-12`,
      ),
      ...['2021-02-05', '2024-10-01', '2025-04-10', '2025-11-10', '2026-05-12'].map(knownVersion),
      {
        section: '1',
        says: 'tolerates Content-Type on a GET without a body',
        ...list,
        headers: { 'Content-Type': 'application/json' },
        status: 200,
      },
      {
        section: '1',
        says: 'tolerates Content-Type on a DELETE without a body',
        method: 'DELETE',
        path: `${members}/user_bob`,
        headers: { 'Content-Type': 'application/json', 'X-Clerk-SDK': 'go/v2' },
        status: 200,
      },
      {
        section: '1',
        says: 'answers a create with 200, not 201',
        ...create,
        body: cleo,
        status: 200,
      },
      {
        section: '1',
        says: 'takes JSON with a charset',
        ...create,
        body: JSON.stringify(cleo),
        headers: { 'Content-Type': 'Application/JSON; charset="UTF-8"' },
        status: 200,
      },
      contentType('text/plain'),
      contentType('application/x-www-form-urlencoded'),
      contentType('application/json; charset=latin1'),
      contentType('application/merge-patch+json'),
      brokenBody('{"user_id":'),
      brokenBody('[]'),
      brokenBody('null'),
      brokenBody('"text"'),
      {
        section: '7',
        says: 'refuses a body over the limit',
        ...create,
        body: JSON.stringify({ ...cleo, public_metadata: { a: 'x'.repeat(1_048_576) } }),
        status: 413,
        errors: [
          {
            code: 'request_body_too_large',
            long: 'The request body exceeds the maximum allowed size of 1048576 bytes.',
          },
        ],
      },
      {
        section: 'choice',
        says: 'an unknown path',
        method: 'GET',
        path: '/organizations/org_acme/elsewhere',
        status: 404,
        errors: [
          {
            code: 'resource_not_found',
            message: 'not found',
            long: 'There is no GET /v1/organizations/org_acme/elsewhere here.',
          },
        ],
      },
      {
        section: 'choice',
        says: 'an unknown method of a known path',
        method: 'PUT',
        path: `${members}/user_bob/metadata`,
        body: {},
        status: 405,
        errors: [{ code: 'method_not_allowed' }],
      },
    ],
  )

  it('1: takes the version as a parameter too', async () => {
    const response = await fetch(`${emulator.url}${members}?__clerk_api_version=2024-10-01`, {
      headers: { Authorization: `Bearer ${emulator.secretKey}` },
    })
    expect(response.status).toBe(200)
  })

  it('7: refuses a body that is not UTF-8', async () => {
    const body = Buffer.from('{"user_id":"user_cleo","role":"org:\u00FC"}', 'latin1')
    const response = await fetch(`${emulator.url}${members}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${emulator.secretKey}`,
        'Content-Type': 'application/json',
      },
      body,
    })
    expect(response.status).toBe(400)
  })

  it('1: sends application/json without a charset, and a trace id with each error', async () => {
    const fine = await call(emulator, 'GET', members)
    expect(fine.headers.get('content-type')).toBe('application/json')
    const refused = await call(emulator, 'GET', '/nowhere')
    expect(refused.headers.get('content-type')).toBe('application/json')
    expect(refused.json.clerk_trace_id).toMatch(/^[0-9a-f]{32}$/)
    expect(refused.headers.get('clerk-trace-id')).toBe(refused.json.clerk_trace_id)
    expect(Object.keys(refused.json)).toEqual(['errors', 'clerk_trace_id'])
  })

  it('choice: asks for /v1 where that is all that a path lacks', async () => {
    const without = await fetch(`${emulator.origin}${members}?limit=1`)
    expect(without.status).toBe(404)
    expect(await without.json()).toMatchObject({
      errors: [
        {
          code: 'resource_not_found',
          long_message: `There is no GET ${members} here; is /v1 missing from the base URL?`,
        },
      ],
    })
    const elsewhere = await fetch(`${emulator.origin}/favicon.ico`)
    expect(await elsewhere.text()).toContain('There is no GET /favicon.ico here."')
  })

  it('2: addresses an id as one segment, whatever it holds', async () => {
    const id = 'org/../ü ?#%'
    await using odd = await createEmulator({
      seed: {
        users: [{ id }],
        organizations: [{ id, memberships: [{ user_id: id, role: 'org:admin' }] }],
      },
    })
    const encoded = encodeURIComponent(id)
    const path = `/organizations/${encoded}/memberships/${encoded}/metadata`
    const called = await call(odd, 'PATCH', path, { body: { public_metadata: { a: 1 } } })
    expect(called.json.public_user_data?.user_id).toBe(id)
  })
})
