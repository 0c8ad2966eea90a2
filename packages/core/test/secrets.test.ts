import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClientEvent, OrganizationMembershipsClient } from '../src/index.js'
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

const newClient = (options: { fetch?: typeof fetch; timeout?: number } = {}) =>
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
  ])('is in no error and no event after %s', async (_, answer, timeout = 5_000) => {
    server.otherwise(answer)
    const error = await rejectionOf(newClient({ timeout }).list({ organizationId: 'org_1' }))
    expect(server.last.headers.authorization).toBe(`Bearer ${secretKey}`)
    expect(written(error)).not.toContain('S3cret')
    expect(written(events)).not.toContain('S3cret')
    expect(events.length).toBeGreaterThan(1)
  })

  it.each<[string, (init: RequestInit) => unknown]>([
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
      // oxlint-disable-next-line no-await-in-loop -- one status after the other
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

  it('that cannot be had is a ConnectionError with the reason, and nothing is sent', async () => {
    server.otherwise(json(membershipsJSON()))
    const cause = new Error('offline')
    const client = new OrganizationMembershipsClient({
      getToken: () => Promise.reject(cause),
      baseURL: server.baseURL,
      maxRetryDelay: 1,
    })
    const error = await rejectionOf(client.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ name: 'ConnectionError', sent: false, attempts: 3 })
    expect((error as Error).cause).toBe(cause)
    expect(String(error)).toMatch(/was not sent: getToken failed\.$/)
    expect(server.requests).toHaveLength(0)
  })
})
