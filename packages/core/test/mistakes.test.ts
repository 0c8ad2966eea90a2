import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ClientEvent,
  type ClientOptions,
  isInvalidArgumentError,
  OrganizationMembershipsClient,
} from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey, thrownBy } from './fixtures.js'
import { apiError, json, reset, ScriptableServer, text } from './scriptable-server.js'

// Mistakes in a program, and failures that no retry mends: said once, for what they are, and before anything is sent
// where that can be.

let server: ScriptableServer
beforeAll(async () => {
  server = await ScriptableServer.start()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  server.otherwise(json(membershipsJSON()))
})
afterEach(() => vi.unstubAllGlobals())

const clientWith = (options: ClientOptions = {}) =>
  new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    maxRetryDelay: 1,
    ...options,
  })
const list = (options?: ClientOptions) => clientWith(options).list({ organizationId: 'org_1' })

describe('a mistake in the program', () => {
  it('no fetch', async () => {
    const events: ClientEvent[] = []
    const client = clientWith({ onEvent: (event) => void events.push(event) })
    vi.stubGlobal('fetch', undefined)
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(isInvalidArgumentError(error) && error.parameter).toBe('fetch')
    expect(events.map(({ type }) => type)).toEqual(['request', 'response'])
  })

  it.each<[string, unknown]>([
    ['Headers', new Headers({ 'X-A': '1' })],
    ['a Map', new Map([['X-A', '1']])],
    ['an array', [['X-A', '1']]],
    ['a text', 'X-A: 1'],
    ['null', null],
    ['a number as a value', { 'X-A': 1 }],
    ['an empty name', { '': '1' }],
    ['a line break', { 'X-A': 'hid\nden' }],
    ['a letter beyond Latin-1', { 'X-A': 'hidden\u{1f511}' }],
  ])('headers: %s', async (_, headers) => {
    const ofClient = thrownBy(() => clientWith({ headers: headers as never }))
    const ofCall = await rejectionOf(
      clientWith().list({ organizationId: 'org_1' }, { headers: headers as never }),
    )
    const ofWalk = thrownBy(() =>
      clientWith().listAll({ organizationId: 'org_1' }, { headers: headers as never }),
    )
    for (const error of [ofClient, ofCall, ofWalk]) {
      expect(isInvalidArgumentError(error) && error.parameter).toBe('headers')
      expect(String(error)).not.toContain('hid')
    }
    expect(server.requests).toEqual([])
  })

  it('headers that are empty, or of another realm, are read', async () => {
    await list({ headers: {} })
    const { runInNewContext } = await import('node:vm')
    await list({ headers: runInNewContext("({ 'X-A': '1', __proto__: null })") as never })
    await list({ headers: runInNewContext("({ 'X-A': '1' })") as never })
    expect(server.last.headers['x-a']).toBe('1')
  })

  it('undefined keeps a header, null removes it', async () => {
    const client = clientWith({ headers: { 'X-A': 'client', Accept: undefined } })
    await client.list({ organizationId: 'org_1' }, { headers: { 'x-a': undefined } })
    expect(server.last.headers).toMatchObject({ 'x-a': 'client', accept: 'application/json' })
    await client.list({ organizationId: 'org_1' }, { headers: { 'x-a': null } })
    expect(server.last.headers).not.toHaveProperty('x-a')
  })

  it.each([
    'https://api.ex\nample.com/v1',
    'https://api.example.com\t/v1',
    '/\t/example.com',
    '/a\r/b',
    'https://a\0b.c',
  ])('a control character in baseURL: %j', (baseURL) => {
    const error = thrownBy(
      () => new OrganizationMembershipsClient({ getToken: () => null, baseURL }),
    )
    expect(isInvalidArgumentError(error) && error.parameter).toBe('baseURL')
    expect(String(error)).toContain('control characters')
  })
})

describe('a failure that stays', () => {
  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    '%s is not tried again, and nothing was sent',
    async (code) => {
      let asked = 0
      const fetch = () => {
        asked += 1
        return Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
        )
      }
      expect(await rejectionOf(list({ fetch }))).toMatchObject({ code, sent: false, attempts: 1 })
      expect(asked).toBe(1)
    },
  )

  it('501 is not tried again, and a create is not looked for', async () => {
    server.otherwise(apiError(501, 'not_implemented'))
    expect(await rejectionOf(list())).toMatchObject({ status: 501, attempts: 1 })
    const create = clientWith().create({ organizationId: 'org_1', userId: 'u', role: 'org:member' })
    expect(await rejectionOf(create)).toMatchObject({ status: 501, attempts: 1 })
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'POST'])
  })

  it('304 is no redirect', async () => {
    server.otherwise(text('', { status: 304 }))
    const error = await rejectionOf(list({ maxRetries: 0 }))
    expect(error).toMatchObject({ name: 'ResponseParseError', status: 304 })
    expect(String(error)).toContain('a cache in between')
  })
})

describe('an abort', () => {
  it('by a listener of the request event sends nothing, and asks for no token', async () => {
    const controller = new AbortController()
    let asked = 0
    const client = new OrganizationMembershipsClient({
      baseURL: server.baseURL,
      getToken: () => {
        asked += 1
        return 'token'
      },
      onEvent: () => controller.abort('stop'),
    })
    const call = client.list({ organizationId: 'org_1' }, { signal: controller.signal })
    expect(await rejectionOf(call)).toBe('stop')
    expect(asked).toBe(0)
    expect(server.requests).toEqual([])
  })
})

describe('a create whose answer is lost', () => {
  const create = (role: string) =>
    clientWith().create({ organizationId: 'org_1', userId: 'user_1', role })

  it('is the member that the server calls by its newer role', async () => {
    server.script(reset, json(membershipsJSON([membershipJSON({ role: 'org:member' })])))
    expect((await create('member')).role).toBe('org:member')
  })

  it('does not blame others for a role that the server may have changed', async () => {
    server.script(reset, json(membershipsJSON([membershipJSON({ role: 'org:other' })])))
    const error = await rejectionOf(create('org:member'))
    expect(String(error)).toContain('is not known')
    expect(String(error)).not.toContain('someone else added')
  })
})

describe('a secret key that is the name of a field', () => {
  it.each(['errors', 'code', 'message', 'role', 'meta', 'true', '1'])('%s', async (key) => {
    server.otherwise(apiError(404, 'resource_not_found'))
    expect(await rejectionOf(list({ secretKey: key }))).toMatchObject({
      code: 'resource_not_found',
      errors: [{ code: 'resource_not_found' }],
    })
  })
})

it('a read says that no cache is to answer it', async () => {
  const inits: (RequestInit | undefined)[] = []
  const client = clientWith({
    fetch: (input, init) => {
      inits.push(init)
      return fetch(input, init)
    },
  })
  await client.list({ organizationId: 'org_1' })
  server.otherwise(json(membershipJSON()))
  await client.delete({ organizationId: 'org_1', userId: 'user_1' })
  expect(inits.map((init) => init?.cache)).toEqual(['no-store', undefined])
})
