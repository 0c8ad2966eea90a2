import type { ClerkErrorsJSON } from '@org-memberships/core/contract'
import { createEmulator, type SessionTokenOptions } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Example } from '../api/start-example.js'
import { demo, emulatorOf, everything, signIn, startOnFreePort } from './running-example.js'

const [candidate] = demo.candidates
const someone = demo.memberships[100]
if (candidate === undefined || someone === undefined) throw new Error('The demo is too small.')

let example: Example
let adminToken: string

beforeAll(async () => {
  example = await startOnFreePort()
  adminToken = await signIn(example, demo.admin.person.userId)
})
afterAll(() => example.close())
afterEach(() => emulatorOf(example).reset())

interface Request {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path?: string
  organizationId?: string
  /** Sent as it is. */
  body?: string
  authorization?: string | null
}

async function ask({ method = 'GET', path = '', organizationId, body, authorization }: Request) {
  const response = await fetch(
    `${example.url}/api/v1/organizations/${organizationId ?? demo.id}/memberships${path}`,
    {
      method,
      headers: {
        ...(authorization !== null && { Authorization: authorization ?? `Bearer ${adminToken}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    },
  )
  const json = (await response.json()) as Partial<ClerkErrorsJSON>
  return { status: response.status, code: json.errors?.[0]?.code, json }
}

const member = `/${someone.person.userId}`

describe('bad input is answered with a clear error, and nothing is lost', () => {
  const cases: { name: string; request: Request; status: number; code: string; says: RegExp }[] = [
    {
      name: 'an unknown user is added',
      request: { method: 'POST', body: '{"user_id":"user_nobody","role":"org:member"}' },
      status: 404,
      code: 'resource_not_found',
      says: /user_nobody/,
    },
    {
      name: 'a member is added a second time',
      request: {
        method: 'POST',
        body: JSON.stringify({ user_id: someone.person.userId, role: 'org:admin' }),
      },
      status: 400,
      code: 'already_a_member_in_organization',
      says: /already a member/,
    },
    {
      name: 'an unknown role is given to a new member',
      request: {
        method: 'POST',
        body: JSON.stringify({ user_id: candidate.userId, role: 'org:emperor' }),
      },
      status: 404,
      code: 'resource_not_found',
      says: /role not found/,
    },
    {
      name: 'an unknown role is given to a member',
      request: { method: 'PATCH', path: member, body: '{"role":"admin"}' },
      status: 404,
      code: 'resource_not_found',
      says: /role not found/,
    },
    {
      name: 'the role is missing',
      request: { method: 'PATCH', path: member, body: '{}' },
      status: 422,
      code: 'form_param_missing',
      says: /role must be included/,
    },
    {
      name: 'a role is changed of somebody who is no member',
      request: { method: 'PATCH', path: `/${candidate.userId}`, body: '{"role":"org:admin"}' },
      status: 404,
      code: 'resource_not_found',
      says: /not found/,
    },
    ...['[1,2]', '"text"', '7', 'null'].map((metadata) => ({
      name: `the metadata is ${metadata}`,
      request: {
        method: 'PATCH' as const,
        path: `${member}/metadata`,
        body: `{"public_metadata":${metadata}}`,
      },
      status: 422,
      code: 'form_param_value_invalid',
      says: /public_metadata is invalid.*object/,
    })),
    {
      name: 'the metadata is over 8 KB',
      request: {
        method: 'PATCH',
        path: `${member}/metadata`,
        body: JSON.stringify({ public_metadata: { long: 'x'.repeat(9_000) } }),
      },
      status: 422,
      code: 'form_param_exceeds_allowed_size',
      says: /8192 bytes/,
    },
    {
      name: 'private metadata comes from a browser',
      request: {
        method: 'PATCH',
        path: `${member}/metadata`,
        body: '{"private_metadata":{"salaryBand":"D5"}}',
      },
      status: 422,
      code: 'form_param_unknown',
      says: /private_metadata/,
    },
    {
      name: 'somebody is removed who is no member',
      request: { method: 'DELETE', path: `/${candidate.userId}` },
      status: 404,
      code: 'resource_not_found',
      says: /not found/,
    },
    {
      name: 'the organization is not there',
      request: {
        method: 'POST',
        organizationId: 'org_nowhere',
        body: JSON.stringify({ user_id: candidate.userId, role: 'org:member' }),
      },
      status: 403,
      code: 'authorization_invalid',
      says: /there is no such organization/,
    },
    {
      name: 'the JSON is broken',
      request: { method: 'PATCH', path: member, body: '{"role":"org:adm' },
      status: 400,
      code: 'request_body_invalid',
      says: /body is invalid/,
    },
    {
      name: 'the session token is missing',
      request: { method: 'DELETE', path: member, authorization: null },
      status: 401,
      code: 'authentication_invalid',
      says: /session token/,
    },
    {
      name: 'the session token is made up',
      request: { method: 'DELETE', path: member, authorization: 'Bearer e30.e30.e30' },
      status: 401,
      code: 'authentication_invalid',
      says: /not valid/,
    },
  ]

  test.each(cases)('$name: $status $code', async ({ request, status, code, says }) => {
    const before = await everything(emulatorOf(example))

    const answer = await ask(request)

    expect({ status: answer.status, code: answer.code }).toEqual({ status, code })
    expect(answer.json.errors?.[0]?.long_message).toMatch(says)
    expect(await everything(emulatorOf(example))).toEqual(before)
  })

  test('the session token has expired: 401', async () => {
    const before = await everything(emulatorOf(example))
    const token = await emulatorOf(example).createSessionToken({
      userId: demo.admin.person.userId,
      azp: example.url,
      // Verifiers forgive five seconds.
      expiresIn: -30,
    })

    const answer = await ask({
      method: 'DELETE',
      path: member,
      authorization: `Bearer ${token}`,
    })

    expect(answer).toMatchObject({ status: 401, code: 'authentication_invalid' })
    expect(answer.json.errors?.[0]?.long_message).toMatch(/expired/)
    expect(await everything(emulatorOf(example))).toEqual(before)
  })

  test.each<[string, Partial<SessionTokenOptions>]>([
    ['made for a page elsewhere', { azp: 'https://elsewhere.example' }],
    ['made for no page', { azp: undefined }],
    ['signed in, but not to the end', { status: 'pending' }],
    ['of another issuer', { iss: 'https://elsewhere.example' }],
  ])('the session token is %s: 401', async (_name, options) => {
    const userId = demo.admin.person.userId
    const emulator = emulatorOf(example)
    const good = await emulator.createSessionToken({ userId, azp: example.url })
    const bad = await emulator.createSessionToken({ userId, azp: example.url, ...options })

    expect((await ask({ authorization: `Bearer ${good}` })).status).toBe(200)
    expect(await ask({ authorization: `Bearer ${bad}` })).toMatchObject({
      status: 401,
      code: 'authentication_invalid',
    })
  })

  test.each(['POST', 'PATCH', 'DELETE'] as const)(
    'a plain member may not %s: 403',
    async (method) => {
      const before = await everything(emulatorOf(example))
      const token = await signIn(example, demo.member.person.userId)

      const answer = await ask({
        method,
        path: method === 'POST' ? '' : member,
        ...(method !== 'DELETE' && {
          body: JSON.stringify({ user_id: candidate.userId, role: 'org:admin' }),
        }),
        authorization: `Bearer ${token}`,
      })

      expect(answer).toMatchObject({ status: 403, code: 'authorization_invalid' })
      expect(answer.json.errors?.[0]?.long_message).toMatch(/org:sys_memberships:manage/)
      expect(await everything(emulatorOf(example))).toEqual(before)
    },
  )
})

describe('the secret key', () => {
  const clerk = {
    issuer: 'https://clerk.example.com',
    publishableKey: 'pk_test_unused',
    organizationId: demo.id,
    authorizedParties: [],
  }

  test('a wrong one is the server’s own trouble: never a 401 that would sign the reader out', async () => {
    await using upstream = await createEmulator({ secretKey: 'sk_test_right' })
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const misled = await startOnFreePort({
      ...clerk,
      apiOrigin: upstream.origin,
      secretKey: 'sk_test_wrong',
    })
    try {
      const response = await fetch(`${misled.url}/api/demo`)
      const text = await response.text()

      expect(response.status).toBe(502)
      expect(text).toContain('upstream_failed')
      expect(text).not.toContain('sk_test_wrong')
      expect(String(log.mock.calls)).toContain('clerk_key_invalid')
      expect(String(log.mock.calls)).not.toContain('sk_test_wrong')
    } finally {
      log.mockRestore()
      await misled.close()
    }
  })
})
