import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { InvalidArgumentError, OrganizationMembershipsClient } from '../src/index.js'
import { type ClientOptions } from '../src/index.js'
import { membershipsJSON, rejectionOf, secretKey, thrownBy } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

let server: ScriptableServer
beforeAll(async () => {
  server = await ScriptableServer.start()
  server.otherwise(json(membershipsJSON()))
})
afterAll(() => server.close())
afterEach(() => vi.unstubAllEnvs())

function refusalOf(options: { [key: string]: unknown }): InvalidArgumentError {
  const error = thrownBy(() => new OrganizationMembershipsClient(options as ClientOptions))
  expect(error).toBeInstanceOf(InvalidArgumentError)
  return error as InvalidArgumentError
}

describe('the secret key', () => {
  it('comes from the environment when none is given, trimmed', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', ` ${secretKey}\n`)
    await new OrganizationMembershipsClient({ baseURL: server.baseURL }).listForInstance()
    expect(server.last.headers.authorization).toBe(`Bearer ${secretKey}`)
  })

  it('that is given wins over the environment', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', 'sk_test_other')
    await new OrganizationMembershipsClient({
      secretKey: `\t${secretKey} `,
      baseURL: server.baseURL,
    }).listForInstance()
    expect(server.last.headers.authorization).toBe(`Bearer ${secretKey}`)
  })

  it('in the environment is not read with getToken', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', secretKey)
    const client = new OrganizationMembershipsClient({
      getToken: () => null,
      baseURL: server.baseURL,
    })
    await client.listForInstance()
    expect(server.last.headers.authorization).toBeUndefined()
  })

  it.each([[undefined], [''], ['  ']])('missing (%j)', (given) => {
    expect(refusalOf({ secretKey: given }).message).toMatch(
      /No secret key: pass secretKey or set CLERK_SECRET_KEY/,
    )
  })

  it('that is publishable', () => {
    expect(refusalOf({ secretKey: 'pk_test_abc' }).message).toMatch(/publishable key/)
  })

  it.each([
    'sk_test_X\nY',
    'sk test_X',
    '"sk_test_X"',
    "'sk_test_X'",
    'sk_test_Xé',
    'sk_test_\u200bX',
    'sk_test_X;',
    'sk_test=X',
  ])('with stray characters (%j) is refused and not quoted', (given) => {
    const error = refusalOf({ secretKey: given })
    expect(error.parameter).toBe('secretKey')
    expect(error.message).toMatch(/without blanks, quotes, line breaks/)
    expect(String(error.stack)).not.toContain(given)
    expect(error.message).not.toContain('sk_test')
  })

  it('that is no string', () => {
    expect(refusalOf({ secretKey: 5 }).message).toBe('secretKey must be a string.')
  })
})

describe('getToken', () => {
  it('excludes a secret key and must be a function', () => {
    expect(refusalOf({ getToken: () => null, secretKey }).parameter).toBe('getToken')
    expect(refusalOf({ getToken: 'token' }).parameter).toBe('getToken')
  })

  it.each(['to ken', '', 'to\nken', 5])(
    'that returns %j rejects the call without quoting it',
    async (token) => {
      const client = new OrganizationMembershipsClient({
        getToken: () => token as string,
        baseURL: server.baseURL,
      })
      const error = await rejectionOf(client.listForInstance())
      expect(error).toBeInstanceOf(InvalidArgumentError)
      expect(error).toMatchObject({ parameter: 'getToken' })
      expect((error as Error).message).not.toMatch(/to\s?ken['"]/)
    },
  )
})

describe('other options', () => {
  it('a relative baseURL with getToken is taken where there is no page, and a call is refused', async () => {
    const client = new OrganizationMembershipsClient({ getToken: () => null, baseURL: '/api/v1' })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toBeInstanceOf(InvalidArgumentError)
    expect(error).toMatchObject({ parameter: 'baseURL' })
    expect((error as Error).message).toMatch(/'\/api\/v1' is relative, and there is no page/)
  })

  it.each<[string, { [key: string]: unknown }, string, RegExp]>([
    [
      'a relative baseURL',
      { baseURL: '/api/v1' },
      'baseURL',
      /'\/api\/v1' is relative, and there is no page/,
    ],
    ['a relative baseURL after a blank', { baseURL: ' /api' }, 'baseURL', /is relative/],
    [
      'a baseURL without scheme',
      { baseURL: 'api.example/v1' },
      'baseURL',
      /^baseURL 'api\.example\/v1' must be an absolute URL, .*: add http:\/\/ or https:\/\/\.$/,
    ],
    [
      'a baseURL of a host and a port',
      { baseURL: ' localhost:9899/ ' },
      'baseURL',
      /^baseURL 'localhost:9899' must be an absolute URL, .*: add http:\/\//,
    ],
    [
      'a baseURL that may be a secret key',
      { baseURL: 'sk_test_in_no_output' },
      'baseURL',
      /^baseURL must be an absolute URL, /,
    ],
    [
      'a baseURL with a password and no scheme',
      { baseURL: 'user:in-no-output@host/v1' },
      'baseURL',
      /^baseURL must be an absolute URL, /,
    ],
    ['a baseURL without a host', { baseURL: 'http://' }, 'baseURL', /must be an absolute URL\.$/],
    ['a protocol-relative baseURL', { baseURL: '//api.example' }, 'baseURL', /must be an absolute/],
    ['a baseURL with a query', { baseURL: 'https://h/v1?a' }, 'baseURL', /query or a fragment/],
    ['a baseURL with a fragment', { baseURL: 'https://h/v1#a' }, 'baseURL', /query or a fragment/],
    ['a baseURL with a password', { baseURL: 'https://u:p@h/v1' }, 'baseURL', /user or a password/],
    ['a baseURL of another scheme', { baseURL: 'file:///v1' }, 'baseURL', /add http/],
    ['an empty baseURL', { baseURL: '' }, 'baseURL', /must be an absolute URL/],
    ['a baseURL that is no string', { baseURL: 5 }, 'baseURL', /must be a string/],
    ['a timeout of 0', { timeout: 0 }, 'timeout', /positive number of milliseconds; received 0\./],
    ['a totalTimeout below 0', { totalTimeout: -1 }, 'totalTimeout', /received -1\./],
    ['half a retry', { maxRetries: 0.5 }, 'maxRetries', /integer of at least 0; received 0\.5\./],
    ['fewer than no retries', { maxRetries: -1 }, 'maxRetries', /received -1\./],
    ['a maxRetryDelay of text', { maxRetryDelay: '5' }, 'maxRetryDelay', /received '5'/],
    ['an onEvent that is none', { onEvent: {} }, 'onEvent', /must be a function/],
    ['a fetch that is none', { fetch: {} }, 'fetch', /must be a function/],
    ['a header name with a blank', { headers: { 'a b': 'c' } }, 'headers', /'a b'/],
    [
      'an apiVersion that no header carries',
      { apiVersion: 'a\nb' },
      'headers',
      /Clerk-API-Version/,
    ],
  ])('%s is refused', (_, options, parameter, message) => {
    const error = refusalOf({ secretKey, ...options })
    expect(error.parameter).toBe(parameter)
    expect(error.message).toMatch(message)
  })

  it('do not quote a header value that cannot be sent', () => {
    expect(refusalOf({ secretKey, headers: { 'X-Key': 'hid\nden' } }).message).not.toContain('den')
  })

  it('accept what is right', () => {
    for (const options of [
      {},
      { baseURL: 'https://api.clerk.dev/v1' },
      { timeout: Infinity, totalTimeout: Infinity, maxRetries: 0, maxRetryDelay: 0 },
      { headers: { Accept: null } },
    ]) {
      expect(new OrganizationMembershipsClient({ secretKey, ...options })).toBeDefined()
    }
  })
})
