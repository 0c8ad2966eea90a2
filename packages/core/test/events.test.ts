import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClientEvent, OrganizationMembershipsClient } from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import { apiError, json, reset, ScriptableServer, stall } from './scriptable-server.js'

let server: ScriptableServer
const events: ClientEvent[] = []
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    maxRetryDelay: 1_050,
    onEvent: (event) => events.push(event),
  })
})
beforeEach(() => {
  server.reset()
  events.length = 0
})
afterAll(() => server.close())

const ids = { organizationId: 'org_secret_id', userId: 'user_secret_id' }
const route = '/organizations/{organization_id}/memberships/{user_id}'
const attempt = (number: number) => ({
  call: expect.any(Number),
  operation: 'update',
  method: 'PATCH',
  route,
  attempt: number,
})

describe('onEvent', () => {
  it('shows the answer of a success: status, trace id and headers, without cookies and credential', async () => {
    server.script(
      json(membershipJSON(), {
        headers: { 'Clerk-Trace-Id': 'trace_1', 'Set-Cookie': 'a=b', 'X-Echo': `key ${secretKey}` },
      }),
    )
    await client.update({ ...ids, role: 'org:member' })
    expect(events[1]).toMatchObject({
      status: 200,
      error: undefined,
      traceId: 'trace_1',
      headers: { 'content-type': 'application/json', 'x-echo': 'key [credential]' },
    })
    expect(JSON.stringify(events)).not.toMatch(/set-cookie|sk_test/)
  })

  it('tells of each attempt, its end, and each retry, in order', async () => {
    server.script(
      apiError(429, 'too_many_requests', { 'Retry-After': '1' }),
      reset,
      json(membershipJSON()),
    )
    await client.update({ ...ids, role: 'org:member' })
    expect(events).toEqual([
      { type: 'request', ...attempt(1) },
      {
        type: 'response',
        ...attempt(1),
        status: 429,
        ms: expect.any(Number),
        error: 'RateLimitError',
        code: 'too_many_requests',
        traceId: 'a'.repeat(32),
        headers: expect.any(Object),
      },
      { type: 'retry', ...attempt(1), reason: 'rate_limit', delay: expect.any(Number) },
      { type: 'request', ...attempt(2) },
      {
        type: 'response',
        ...attempt(2),
        status: undefined,
        ms: expect.any(Number),
        error: 'ConnectionError',
        code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
        traceId: undefined,
        headers: undefined,
      },
      { type: 'retry', ...attempt(2), reason: 'connection', delay: expect.any(Number) },
      { type: 'request', ...attempt(3) },
      {
        type: 'response',
        ...attempt(3),
        status: 200,
        ms: expect.any(Number),
        error: undefined,
        code: undefined,
        traceId: undefined,
        headers: expect.any(Object),
      },
    ])
    expect(new Set(events.map(({ call }) => call)).size).toBe(1)
    const retry = events.find((event) => event.type === 'retry')
    expect(retry?.delay).toBeGreaterThanOrEqual(1000)
    expect(retry?.delay).toSatisfy(Number.isInteger)
  })

  it('holds no id, no key and no body', async () => {
    server.otherwise(json(membershipJSON()))
    await client.updateMetadata({ ...ids, privateMetadata: { secret: 'hidden' } })
    expect(JSON.stringify(events)).not.toMatch(/secret|S3cret|hidden/)
  })

  it('ends every request with a response, after an abort too', async () => {
    const controller = new AbortController()
    server.otherwise((response, request) => {
      setTimeout(() => controller.abort(), 5)
      return stall(response, request)
    })
    await rejectionOf(client.list(ids, { signal: controller.signal }))
    expect(events).toMatchObject([
      { type: 'request', operation: 'list' },
      { type: 'response', error: 'Aborted', status: undefined },
    ])
  })

  it('tells calls apart', async () => {
    server.otherwise(json(membershipsJSON()))
    await Promise.all([client.list(ids), client.list(ids)])
    expect(new Set(events.map(({ call }) => call)).size).toBe(2)
  })

  it('that throws, or rejects, does not harm the call', async () => {
    server.otherwise(json(membershipsJSON()))
    const listeners: ((event: ClientEvent) => void)[] = [
      () => {
        throw new Error('a fault of the listener')
      },
      async () => {
        throw new Error('a fault of the listener')
      },
    ]
    for (const onEvent of listeners) {
      const own = new OrganizationMembershipsClient({
        secretKey,
        baseURL: server.baseURL,
        onEvent,
      })
      expect((await own.list(ids)).totalCount).toBe(1)
    }
  })
})
