import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ClientEvent,
  type ClientOptions,
  OrganizationMembershipsClient,
} from '../src/index.js'
import { membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import {
  type Answer,
  json,
  redirect,
  reset,
  resetInBody,
  ScriptableServer,
  stall,
  text,
} from './scriptable-server.js'

let server: ScriptableServer
const events: ClientEvent[] = []
beforeAll(async () => {
  server = await ScriptableServer.start()
})
beforeEach(() => {
  server.reset()
  events.length = 0
})
afterAll(() => server.close())

const newClient = (options: Partial<ClientOptions> = {}) =>
  new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    maxRetryDelay: 1,
    onEvent: (event) => events.push(event),
    ...options,
  })

/** Everything that a log could make of a value. */
function written(value: unknown): string {
  const deep = inspect(value, { depth: Infinity, showHidden: true, getters: true })
  return `${deep} ${String(value)} ${JSON.stringify(value)} ${String((value as Error)?.stack)}`
}

/** As JSON may write any letter. */
const escaped = (plain: string) =>
  plain.replace(/./g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

const echoingFetch = (shape: (init: RequestInit) => unknown): typeof fetch => {
  return async (_, init) => {
    throw shape(init ?? {})
  }
}

describe('the key', () => {
  it('is in nothing that shows a client', () => {
    const client = newClient()
    expect(written(client)).not.toContain('S3cret')
    expect(written({ nested: [client] })).not.toContain('S3cret')
    expect(Object.keys(client)).toEqual([])
  })

  it.each<[string, Answer, number?]>([
    ['a reset', reset],
    ['a reset in the body', resetInBody()],
    ['a timeout', stall, 1_000],
    ['HTML', text('<html>')],
    ['a redirect', redirect('http://127.0.0.1:9/')],
    ['a server error', text('no', { status: 500 })],
    [
      'an error that quotes it',
      (response, request) => {
        const quoted = `Not accepted: ${request.headers.authorization}`
        const errors = [
          { code: secretKey, message: quoted, long_message: quoted, meta: { quoted } },
        ]
        return json({ errors, clerk_trace_id: secretKey }, { status: 401 })(response, request)
      },
    ],
    [
      'an error that quotes it in escapes',
      (response, request) => {
        const quoted = escaped(String(request.headers.authorization))
        const error = `{"code":"x","message":"${quoted}","meta":{"deep":["${quoted}"]}}`
        return text(`{"errors":[${error}]}`, { status: 401 })(response, request)
      },
    ],
    [
      'an error whose headers quote it',
      (response, request) => {
        const headers = { 'Clerk-Trace-Id': String(request.headers.authorization) }
        return json({ errors: [] }, { status: 401, headers })(response, request)
      },
    ],
    [
      'an error of a proxy whose header quotes it',
      (response, request) => {
        const headers = { 'CF-Ray': String(request.headers.authorization) }
        return text('<html>', { status: 502, headers })(response, request)
      },
    ],
    [
      'a success of another shape that quotes it',
      (response, request) =>
        json({ clerk_trace_id: request.headers.authorization })(response, request),
    ],
    [
      'a success with a type that quotes it',
      (response, request) => {
        const headers = { 'Content-Type': `text/${secretKey}` }
        return text('hello', { headers })(response, request)
      },
    ],
  ])('is in no error and no event after %s', async (_, answer, timeout = 5_000) => {
    server.otherwise(answer)
    const error = await rejectionOf(newClient({ timeout }).list({ organizationId: 'org_1' }))
    expect(server.last.headers.authorization).toBe(`Bearer ${secretKey}`)
    expect(written(error)).not.toContain('S3cret')
    expect(written(events)).not.toContain('S3cret')
    expect(events.length).toBeGreaterThan(1)
  })

  it.each<[string, (init: RequestInit) => unknown]>([
    ['its code', (init) => ({ code: new Headers(init.headers).get('authorization') })],
    [
      'its message',
      (init) => new Error(`failed with ${new Headers(init.headers).get('authorization')}`),
    ],
    ['its cause', (init) => new Error('failed', { cause: { headers: init.headers } })],
    [
      'a Request',
      (init) => Object.assign(new Error('failed'), { request: new Request('http://h', init) }),
    ],
    [
      'a config',
      (init) =>
        Object.assign(new Error('failed'), {
          config: { deep: [Object.fromEntries(new Headers(init.headers))] },
        }),
    ],
    ['no Error at all', (init) => ({ code: 'X', init })],
    ['a string', (init) => String(new Headers(init.headers).get('authorization'))],
  ])('is in no error when a fetch of your own throws it in %s', async (_, shape) => {
    const client = newClient({ fetch: echoingFetch(shape) })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 3 })
    expect(written(error)).not.toContain('S3cret')
  })

  it.each([
    ['of the client', { headers: { Authorization: 'Basic S3cret/0wn+==' } }, {}],
    ['of the client, without a scheme', { headers: { authorization: 'S3cret/0wn+==' } }, {}],
    ['of the call', {}, { headers: { Authorization: 'Token S3cret/0wn+==' } }],
  ])(
    'and an Authorization of your own, %s, is in no error and no event',
    async (_, client, call) => {
      server.otherwise((response, request) => {
        const quoted = String(request.headers.authorization)
        // Slashes may be escaped in JSON.
        const answer = `{"errors":[{"code":"x","message":"${quoted.replaceAll('/', String.raw`\/`)}"}]}`
        const headers = { 'Clerk-Trace-Id': quoted }
        return text(answer, { status: 401, headers })(response, request)
      })
      const error = await rejectionOf(newClient(client).list({ organizationId: 'org_1' }, call))
      expect(server.last.headers.authorization).toContain('S3cret/0wn+==')
      expect(error).toMatchObject({ traceId: expect.stringContaining('[credential]') as string })
      expect(written([error, events])).not.toContain('S3cret')
      const failing = newClient({
        ...client,
        fetch: echoingFetch((init) => new Error('failed', { cause: { headers: init.headers } })),
      })
      const lost = await rejectionOf(failing.list({ organizationId: 'org_1' }, call))
      expect(written([lost, events])).not.toContain('S3cret')
    },
  )

  it('of your own that is empty replaces nothing', async () => {
    server.otherwise(text('plain words', { status: 401, headers: { 'CF-Ray': 'ray' } }))
    const client = newClient({ headers: { Authorization: '' } })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ traceId: 'ray' })
  })

  it('leaves a harmless cause as it is', async () => {
    const cause = Object.assign(new Error('failed'), { code: 'EX', cause: new Map([['a', 1]]) })
    const client = newClient({ fetch: echoingFetch(() => cause) })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ code: 'EX' })
    expect((error as Error).cause).toBe(cause)
  })

  it('goes to no other origin', async () => {
    const other = await ScriptableServer.start()
    for (const status of [301, 302, 303, 307, 308]) {
      server.otherwise(redirect(`${other.baseURL}/organizations/org_1/memberships`, status))
      await rejectionOf(newClient().list({ organizationId: 'org_1' }))
    }
    expect(other.requests).toHaveLength(0)
    await other.close()
  })
})

describe('a session token', () => {
  it('is in no error either', async () => {
    const token = 'eyJ.S3cretToken.sig'
    server.otherwise((response, request) =>
      text(String(request.headers.authorization), { status: 401 })(response, request),
    )
    const client = new OrganizationMembershipsClient({
      getToken: () => token,
      baseURL: server.baseURL,
    })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ name: 'AuthenticationError' })
    expect(written([client, error])).not.toContain('S3cret')
  })

  it('that cannot be had is asked for once, and the error says that getToken threw', async () => {
    server.otherwise(json(membershipsJSON()))
    const cause = Object.assign(new Error('offline'), { code: 'ECONNRESET' })
    let asked = 0
    const client = new OrganizationMembershipsClient({
      getToken: () => {
        asked += 1
        return Promise.reject(cause)
      },
      baseURL: server.baseURL,
      maxRetryDelay: 1,
    })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ name: 'ConnectionError', sent: false, attempts: 1 })
    expect((error as Error).cause).toBe(cause)
    expect(String(error)).toMatch(/was not sent: getToken threw an error, its cause\.$/)
    expect(asked).toBe(1)
    expect(server.requests).toHaveLength(0)
  })
})
