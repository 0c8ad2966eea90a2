import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CreateOrganizationMembershipParams,
  InvalidArgumentError,
  type ListOrganizationMembershipsParams,
  OrganizationMembershipsClient,
} from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL })
})
afterAll(() => server.close())

async function refusalOf(call: Promise<unknown>): Promise<InvalidArgumentError> {
  const error = await rejectionOf(call)
  expect(error).toBeInstanceOf(InvalidArgumentError)
  return error as InvalidArgumentError
}

/** A list with what a caller without types might pass. */
function listWith(query: { [key: string]: unknown }): Promise<unknown> {
  return client.list({ organizationId: 'org_1', ...query } as ListOrganizationMembershipsParams)
}

function createWith(params: { [key: string]: unknown }): Promise<unknown> {
  return client.create({
    organizationId: 'org_1',
    userId: 'user_1',
    role: 'org:member',
    ...params,
  } as CreateOrganizationMembershipParams)
}

describe('a wrong argument is refused by name before anything is sent', () => {
  it.each<[parameter: string, value: unknown, message: RegExp]>([
    ['limit', 0, /limit must be an integer from 1 to 500; received 0\./],
    ['limit', 501, /received 501\./],
    ['limit', 1.5, /received 1\.5\./],
    ['limit', '10', /received '10'/],
    ['limit', Number.NaN, /received NaN/],
    ['limit', null, /received null/],
    ['offset', -1, /offset must be an integer of at least 0; received -1\./],
    ['offset', 2 ** 53, /offset must be/],
    ['offset', Infinity, /offset must be/],
    ['orderBy', 'id', /orderBy must be one of phone_number, .*; received 'id'/],
    ['orderBy', '++created_at', /orderBy must be/],
    ['orderBy', ['created_at'], /received an array/],
    ['role', '', /role must hold non-empty strings; received ''/],
    ['role', ['org:admin', ''], /role must hold/],
    ['role', [1], /received a value of type number/],
    [
      'userId',
      Array.from({ length: 101 }, String),
      /userId takes at most 100 values; received 101/,
    ],
    ['phoneNumber', 15550001111, /received a value of type number/],
    ['emailAddress', null, /emailAddress must hold non-empty strings; received null/],
    ['query', 5, /query must be a string; received a value of type number/],
    ['nameQuery', ['a'], /received an array/],
    ['createdAtAfter', '2024', /integer of milliseconds/],
    ['createdAtBefore', 1.5, /integer of milliseconds/],
    ['lastActiveAtAfter', new Date(), /of type Date/],
  ])('list: %s = %j', async (parameter, value, message) => {
    const error = await refusalOf(listWith({ [parameter]: value }))
    expect(error.parameter).toBe(parameter)
    expect(error.message).toMatch(message)
    expect(server.requests).toHaveLength(0)
  })

  const cyclic: { [key: string]: unknown } = {}
  cyclic.self = cyclic
  let deep: unknown = 1
  for (let depth = 0; depth < 20_000; depth++) deep = { deep }

  it.each<[parameter: string, value: unknown, message: RegExp]>([
    ['role', '', /role must be a role key such as 'org:member'; received ''/],
    ['role', null, /received null/],
    [
      'organizationId',
      5,
      /organizationId must be a non-empty string; received a value of type number/,
    ],
    ['userId', undefined, /received undefined/],
    ['publicMetadata', null, /publicMetadata must be an object; received null/],
    ['publicMetadata', [], /received an array/],
    ['privateMetadata', 'x', /received a value of type string/],
    ['privateMetadata', new Date(0), /privateMetadata must be an object/],
    ['publicMetadata', new Map(), /it is a Map/],
    [
      'publicMetadata',
      { a: { b: 1n } },
      /publicMetadata\.a\.b cannot be sent as JSON: it is a bigint/,
    ],
    ['publicMetadata', { a: Number.NaN }, /publicMetadata\.a .* it is NaN/],
    ['publicMetadata', { a: -Infinity }, /it is -Infinity/],
    ['publicMetadata', { a: [undefined] }, /publicMetadata\.a\[0\] .* it is undefined/],
    ['publicMetadata', { a: () => 1 }, /it is a function/],
    ['publicMetadata', { a: Symbol('x') }, /it is a symbol/],
    ['publicMetadata', { a: new Set([1]) }, /it is a Set/],
    ['publicMetadata', { a: /x/ }, /it is a RegExp/],
    ['publicMetadata', { a: new Error('x') }, /it is an Error/],
    ['publicMetadata', { a: Promise.resolve() }, /it is a Promise/],
    ['privateMetadata', cyclic, /it contains itself/],
    ['privateMetadata', { deep }, /it has more than 4096 levels/],
  ])('create: %s, case %#', async (parameter, value, message) => {
    const error = await refusalOf(createWith({ [parameter]: value }))
    expect(error.parameter).toBe(parameter)
    expect(error.message).toMatch(message)
    expect(server.requests).toHaveLength(0)
  })

  it('update and updateMetadata check theirs', async () => {
    const ids = { organizationId: 'org_1', userId: 'user_1' }
    expect((await refusalOf(client.update({ ...ids, role: '' }))).parameter).toBe('role')
    const error = await refusalOf(client.updateMetadata({ ...ids, publicMetadata: { a: 1n } }))
    expect(error.parameter).toBe('publicMetadata')
  })

  it.each<[method: keyof OrganizationMembershipsClient, parameter: string]>([
    ['create', 'userId'],
    ['list', 'organizationId'],
    ['listAll', 'organizationId'],
    ['count', 'organizationId'],
    ['get', 'userId'],
    ['update', 'role'],
    ['updateMetadata', 'organizationId'],
    ['delete', 'organizationId'],
    ['listForUser', 'userId'],
    ['listAllForUser', 'userId'],
  ])('%s without an argument', async (method, parameter) => {
    for (const nothing of [undefined, null]) {
      const call = async () =>
        (client[method] as (params: unknown) => Promise<unknown>).call(client, nothing)
      expect((await refusalOf(call())).parameter).toBe(parameter)
    }
    expect(server.requests).toHaveLength(0)
  })

  it.each([
    ['null', null],
    ['of type AbortController', new AbortController()],
    ['a value of type number', 5],
  ])('a signal that is %s', async (received, signal) => {
    const error = await refusalOf(
      client.list({ organizationId: 'org_1' }, { signal: signal as unknown as AbortSignal }),
    )
    expect(error.parameter).toBe('signal')
    expect(error.message).toBe(`signal must be an AbortSignal; received ${received}.`)
    expect(() => client.listAll({ organizationId: 'org_1' }, { signal: 5 as never })).toThrow(
      InvalidArgumentError,
    )
  })

  it.each([0, -1, Number.NaN, '5', null])('timeout = %j of a call', async (timeout) => {
    const call = client.list({ organizationId: 'org_1' }, { timeout: timeout as number })
    expect((await refusalOf(call)).parameter).toBe('timeout')
  })

  it('headers of a call that cannot be sent, without quoting the value', async () => {
    const call = client.list({ organizationId: 'org_1' }, { headers: { 'X-A': 'se\ncret' } })
    const error = await refusalOf(call)
    expect(error.parameter).toBe('headers')
    expect(error.message).toContain("'X-A'")
    expect(error.message).not.toContain('cret')
  })
})

describe('what is allowed is sent as it is', () => {
  it('the bounds themselves, and values with a meaning of their own in JSON', async () => {
    server.otherwise(json(membershipsJSON()))
    await listWith({
      limit: 500,
      offset: 0,
      userId: Array.from({ length: 100 }, String),
      query: '',
    })
    expect(server.last.query.getAll('user_id')).toHaveLength(100)

    server.otherwise(json(membershipJSON()))
    const metadata = JSON.parse('{"__proto__":{"a":1},"Case":null,"list":[null,[]],"":0}')
    await createWith({ publicMetadata: { ...metadata, at: new Date(0), gone: undefined } })
    expect(server.last.body).toContain('"__proto__":{"a":1}')
    expect(JSON.parse(server.last.body).public_metadata).toMatchObject({
      Case: null,
      list: [null, []],
      '': 0,
      at: '1970-01-01T00:00:00.000Z',
    })
    expect(server.last.body).not.toContain('gone')
  })
})
