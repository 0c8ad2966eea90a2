import type { ClerkErrorsJSON, OrganizationMembershipsJSON } from '@org-memberships/core/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { adapters } from './support/app.js'
import { type Answer, call, type Mounted, origin, startMounted } from './support/mounted.js'
import { planted } from './support/seed.js'

const callers = [
  'anonymous',
  'garbage',
  'expired',
  'pending',
  'other party',
  'other organization',
  'member',
  'admin',
] as const
type Caller = (typeof callers)[number]

const operations = {
  list: ['GET', '/organizations/org_acme/memberships?order_by=%2Bcreated_at', undefined],
  create: [
    'POST',
    '/organizations/org_acme/memberships',
    { user_id: 'user_dan', role: 'org:member', public_metadata: { title: 'Tester' } },
  ],
  update: ['PATCH', '/organizations/org_acme/memberships/user_cleo', { role: 'org:admin' }],
  updateMetadata: [
    'PATCH',
    '/organizations/org_acme/memberships/user_cleo/metadata',
    { public_metadata: { title: null, team: 'Compilers' } },
  ],
  delete: ['DELETE', '/organizations/org_acme/memberships/user_cleo', undefined],
} as const
type Operation = keyof typeof operations

const expected: { [C in Caller]: (operation: Operation) => [status: number, code?: string] } = {
  anonymous: () => [401, 'authentication_invalid'],
  garbage: () => [401, 'authentication_invalid'],
  expired: () => [401, 'authentication_invalid'],
  pending: () => [401, 'authentication_invalid'],
  'other party': () => [401, 'authentication_invalid'],
  'other organization': () => [403, 'authorization_invalid'],
  member: (operation) => (operation === 'list' ? [200] : [403, 'authorization_invalid']),
  admin: () => [200],
}

describe.each(adapters)('mounted routes on %s', (adapter) => {
  let mounted: Mounted

  beforeAll(async () => {
    mounted = await startMounted(adapter, {
      configure: (app) => app.setGlobalPrefix('api'),
      access: { cache: { freshFor: 0, negativeFor: 0 } },
    })
  })
  beforeEach(() => mounted.emulator.reset())
  afterAll(() => mounted.close())

  async function tokenOf(caller: Caller): Promise<string | undefined> {
    const { emulator } = mounted
    const make = (userId: string, options = {}) =>
      emulator.createSessionToken({ userId, azp: origin, ...options })
    switch (caller) {
      case 'anonymous':
        return undefined
      case 'garbage':
        return 'not.a.token'
      case 'expired':
        return make('user_ada', { expiresIn: -60 })
      case 'pending':
        return make('user_ada', { status: 'pending' })
      case 'other party':
        return make('user_ada', { azp: 'https://evil.example.com' })
      case 'other organization':
        // Her own organization is active and she runs it; none of that counts here.
        return make('user_eve', { organizationId: 'org_globex' })
      case 'member':
        return make('user_bob', { organizationId: 'org_acme' })
      case 'admin':
        return make('user_ada')
    }
  }

  async function perform(operation: Operation, caller: Caller): Promise<Answer> {
    const [method, path, body] = operations[operation]
    return call(method, `${mounted.url}/api/v1${path}`, { token: await tokenOf(caller), body })
  }

  describe.each(callers)('%s', (caller) => {
    it.each(Object.keys(operations) as Operation[])('%s', async (operation) => {
      const answer = await perform(operation, caller)
      const [status, ...codes] = expected[caller](operation)
      expect(answer.status).toBe(status)
      const { errors = [] } = answer.json as Partial<ClerkErrorsJSON>
      expect(errors.map(({ code }) => code)).toEqual(codes)
      for (const error of errors) {
        expect(Object.keys(error)).toEqual(['message', 'long_message', 'code'])
        expect(error.long_message).toMatch(/\w+ \w+ .*\.$/)
      }
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
      for (const secret of [...Object.values(planted), mounted.emulator.secretKey, 'private_']) {
        expect(answer.text).not.toContain(secret)
      }
      // A refused change has not been made.
      const changes = mounted.emulator.requests.filter(({ method }) => method !== 'GET')
      expect(changes).toHaveLength(status === 200 && operation !== 'list' ? 1 : 0)
    })
  })

  it('answers what the API answers, without private metadata', async () => {
    const { emulator } = mounted
    const upstream = await call('GET', `${emulator.url}${operations.list[1]}`, {
      token: emulator.secretKey,
    })
    const page = upstream.json as OrganizationMembershipsJSON
    expect(page.data[0]?.private_metadata).toEqual({ note: planted.membership })
    expect(page.data[0]?.organization.private_metadata).toEqual({ plan: planted.organization })
    for (const row of page.data) {
      delete row.private_metadata
      delete row.organization.private_metadata
      // Deprecated upstream and left out by core.
      if (row.public_user_data) delete row.public_user_data.profile_image_url
    }
    const answer = await perform('list', 'member')
    expect(answer.json).toEqual(page)
  })

  it('makes the changes that it is asked for', async () => {
    const update = await perform('update', 'admin')
    expect(update.json).toMatchObject({ role: 'org:admin' })
    const metadata = await perform('updateMetadata', 'admin')
    expect(metadata.json).toMatchObject({ public_metadata: { team: 'Compilers' } })
    const created = await perform('create', 'admin')
    expect(created.json).toMatchObject({
      public_user_data: { user_id: 'user_dan' },
      public_metadata: { title: 'Tester' },
    })
    const removed = await perform('delete', 'admin')
    expect(removed.json).toMatchObject({ public_user_data: { user_id: 'user_cleo' } })
    const { data } = (await perform('list', 'admin')).json as OrganizationMembershipsJSON
    expect(data.map((row) => row.public_user_data?.user_id)).toEqual([
      'user_ada',
      'user_bob',
      'user_dan',
    ])
  })

  it('does not tell an organization that is not there from one that is not yours', async () => {
    const token = await tokenOf('other organization')
    const answers = await Promise.all(
      ['org_acme', 'org_nowhere', 'a%2Fb', '%00', 'x'.repeat(90)].map((id) =>
        call('GET', `${mounted.url}/api/v1/organizations/${id}/memberships`, { token }),
      ),
    )
    for (const { status, json } of answers) {
      expect(status).toBe(403)
      expect(json).toEqual(answers[0]?.json)
    }
  })
})
