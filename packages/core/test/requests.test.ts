import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OrganizationMembershipsClient } from '../src/index.js'
import { membershipJSON, membershipsJSON, secretKey, userJSON } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL, maxRetries: 0 })
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const ids = { organizationId: 'org_1', userId: 'user_1' }
const members = '/v1/organizations/org_1/memberships'

describe('what each operation sends', () => {
  it.each([
    {
      operation: 'create',
      call: () => client.create({ ...ids, role: 'org:member', publicMetadata: { myKey: 1 } }),
      request: `POST ${members}`,
      body: { user_id: 'user_1', role: 'org:member', public_metadata: { myKey: 1 } },
    },
    {
      operation: 'create with both metadata fields',
      call: () =>
        client.create({ ...ids, role: 'org:x', publicMetadata: {}, privateMetadata: { a: [1] } }),
      request: `POST ${members}`,
      body: {
        user_id: 'user_1',
        role: 'org:x',
        public_metadata: {},
        private_metadata: { a: [1] },
      },
    },
    {
      operation: 'update',
      call: () => client.update({ ...ids, role: 'org:admin' }),
      request: `PATCH ${members}/user_1`,
      body: { role: 'org:admin' },
    },
    {
      operation: 'updateMetadata',
      call: () => client.updateMetadata({ ...ids, privateMetadata: { a: { b: null } } }),
      request: `PATCH ${members}/user_1/metadata`,
      body: { private_metadata: { a: { b: null } } },
    },
    {
      operation: 'updateMetadata of nothing',
      call: () => client.updateMetadata(ids),
      request: `PATCH ${members}/user_1/metadata`,
      body: {},
    },
    {
      operation: 'delete',
      call: () => client.delete(ids),
      request: `DELETE ${members}/user_1`,
      body: undefined,
    },
  ])('$operation: $request', async ({ call, request, body }) => {
    server.script(json(membershipJSON({ role: 'org:admin' })))
    const membership = await call()

    expect(membership).toMatchObject({ id: 'orgmem_1', role: 'org:admin' })
    expect(server.requests).toHaveLength(1)
    expect(`${server.last.method} ${server.last.url}`).toBe(request)
    expect(server.last.body === '' ? undefined : JSON.parse(server.last.body)).toEqual(body)
    expect(server.last.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${secretKey}`,
      'clerk-api-version': '2026-05-12',
    })
    expect(server.last.headers['content-type']).toBe(
      body === undefined ? undefined : 'application/json',
    )
  })

  it.each([
    {
      operation: 'list',
      call: () => client.list({ organizationId: 'org_1' }),
      url: members,
    },
    {
      operation: 'list of a page',
      call: () => client.list({ organizationId: 'org_1', limit: 20, offset: 0 }),
      url: `${members}?limit=20&offset=0`,
    },
    {
      operation: 'listForUser',
      call: () => client.listForUser({ userId: 'user_1', limit: 5, offset: 10 }),
      url: '/v1/users/user_1/organization_memberships?limit=5&offset=10',
    },
    {
      operation: 'listForInstance',
      call: () => client.listForInstance({ orderBy: '-created_at', limit: 500 }),
      url: '/v1/organization_memberships?limit=500&order_by=-created_at',
    },
    {
      operation: 'listForInstance of everything',
      call: () => client.listForInstance(),
      url: '/v1/organization_memberships',
    },
  ])('$operation: GET $url', async ({ call, url }) => {
    server.script(json(membershipsJSON([membershipJSON()], 41)))
    const page = await call()

    expect(page.totalCount).toBe(41)
    expect(page.data).toMatchObject([{ id: 'orgmem_1', publicUserData: { userId: 'user_1' } }])
    expect(`${server.last.method} ${server.last.url}`).toBe(`GET ${url}`)
    expect(server.last.body).toBe('')
    expect(server.last.headers['content-type']).toBeUndefined()
    expect(server.last.headers.accept).toBe('application/json')
  })

  it('writes each filter under its own name, arrays as repeated keys, and + as %2B', async () => {
    server.script(json(membershipsJSON()))
    await client.list({
      organizationId: 'org_1',
      orderBy: '+created_at',
      role: ['org:admin', 'org:member'],
      userId: ['+user_1', '-user_2'],
      emailAddress: 'a+b@example.com',
      phoneNumber: ['+41790000000'],
      username: [],
      web3Wallet: '0xAB',
      query: 'a&b=c d',
      emailAddressQuery: 'é',
      phoneNumberQuery: '079',
      usernameQuery: '#',
      nameQuery: '',
      lastActiveAtBefore: 2,
      lastActiveAtAfter: 0,
      createdAtBefore: 1_730_160_000_000,
      createdAtAfter: -1,
    })
    expect(server.last.url).toContain('order_by=%2Bcreated_at&')
    expect(server.last.url).toContain('&role=org%3Aadmin&role=org%3Amember&')
    expect([...server.last.query]).toEqual([
      ['order_by', '+created_at'],
      ['role', 'org:admin'],
      ['role', 'org:member'],
      ['user_id', '+user_1'],
      ['user_id', '-user_2'],
      ['email_address', 'a+b@example.com'],
      ['phone_number', '+41790000000'],
      ['web3_wallet', '0xAB'],
      ['query', 'a&b=c d'],
      ['email_address_query', 'é'],
      ['phone_number_query', '079'],
      ['username_query', '#'],
      ['name_query', ''],
      ['last_active_at_before', '2'],
      ['last_active_at_after', '0'],
      ['created_at_before', '1730160000000'],
      ['created_at_after', '-1'],
    ])
  })

  it('ignores a parameter that the operation does not have', async () => {
    server.otherwise(json(membershipsJSON()))
    const untyped = { userId: 'user_1', role: 'org:admin', limit: 1 }
    await client.listForUser(untyped)
    expect([...server.last.query.keys()]).toEqual(['limit'])
  })
})

describe('get and count', () => {
  it('get lists with the id as the filter', async () => {
    server.script(json(membershipsJSON()))
    expect(await client.get(ids)).toMatchObject({ id: 'orgmem_1' })
    expect(server.last.url).toBe(`${members}?limit=1&user_id=user_1`)
  })

  it('get gives null where nobody matches', async () => {
    server.script(json(membershipsJSON([])))
    expect(await client.get(ids)).toBeNull()
  })

  it.each(['+user_1', '-user_1', ' user_1', '\tuser_1'])(
    'get of %j makes the operator of the filter explicit',
    async (userId) => {
      const user = userJSON({ user_id: userId })
      server.script(json(membershipsJSON([membershipJSON({ public_user_data: user })])))
      expect(await client.get({ organizationId: 'org_1', userId })).not.toBeNull()
      expect(server.last.query.get('user_id')).toBe(`+${userId}`)
    },
  )

  it('get refuses a member that it did not ask for', async () => {
    server.otherwise(json(membershipsJSON()))
    await expect(client.get({ organizationId: 'org_1', userId: 'user_2' })).rejects.toThrow(
      /not the one asked for: the server does not heed the user_id filter/,
    )
  })

  it('count asks for one row and gives the total', async () => {
    server.script(json(membershipsJSON([membershipJSON()], 1234)))
    expect(await client.count({ organizationId: 'org_1', role: 'org:admin' })).toBe(1234)
    expect(server.last.url).toBe(`${members}?limit=1&role=org%3Aadmin`)
  })
})

describe('headers', () => {
  it('win over the defaults, those of the request over those of the client; null removes', async () => {
    server.otherwise(json(membershipsJSON()))
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: `${server.baseURL}//`,
      apiVersion: '2025-11-10',
      headers: { 'X-A': 'client', 'x-b': 'client', accept: null },
    })
    await own.list({ organizationId: 'org_1' }, { headers: { 'x-a': 'request', 'X-B': null } })
    expect(server.last.url).toBe(members)
    expect(server.last.headers).toMatchObject({
      'x-a': 'request',
      'clerk-api-version': '2025-11-10',
      authorization: `Bearer ${secretKey}`,
    })
    expect(server.last.headers['x-b']).toBeUndefined()
    // undici adds its own where none is given
    expect(server.last.headers.accept).toBe('*/*')

    await own.list({ organizationId: 'org_1' })
    expect(server.last.headers).toMatchObject({ 'x-a': 'client', 'x-b': 'client' })
  })

  it('getToken is asked for each request; null sends no credential; no version header', async () => {
    server.otherwise(json(membershipsJSON()))
    const tokens = ['token.one', null, 'token.two']
    const own = new OrganizationMembershipsClient({
      getToken: async () => tokens.shift() ?? null,
      baseURL: server.baseURL,
    })
    for (const expected of ['Bearer token.one', undefined, 'Bearer token.two']) {
      await own.list({ organizationId: 'org_1' })
      expect(server.last.headers.authorization).toBe(expected)
      expect(server.last.headers['clerk-api-version']).toBeUndefined()
    }
  })

  it('a fetch of your own is called unbound, with the url and a signal', async () => {
    server.otherwise(json(membershipsJSON()))
    const calls: unknown[] = []
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: server.baseURL,
      fetch: function (this: unknown, input, init) {
        calls.push(this, input, init?.redirect, init?.signal instanceof AbortSignal)
        return fetch(input, init)
      },
    })
    await own.list({ organizationId: 'org_1' })
    expect(calls).toEqual([
      undefined,
      `${server.baseURL}/organizations/org_1/memberships`,
      'manual',
      true,
    ])
  })
})
