import { describe, expect, it } from 'vitest'
import { OrganizationMembershipsClient } from '../src/index.js'
import { rejectionOf, secretKey } from './fixtures.js'
import { Members } from './members-server.js'
import {
  type Answer,
  apiError,
  json,
  redirect,
  reset,
  resetInBody,
  ScriptableServer,
  stall,
  stallInBody,
  text,
} from './scriptable-server.js'

// Every operation against every failure: once, then a server in health; and again and again.

interface Failure {
  answer: Answer
  /** What it ends as while it goes on. */
  error: { name: string; [property: string]: unknown }
  /** Never sent again, so that failing once is failing. */
  final?: true
  /** A create cannot know whether it was carried out, and reads the member back. */
  lost?: true
}

const traceId = 'a'.repeat(32)
const unusable = { name: 'ResponseParseError', status: 200 }

const failures: { [name: string]: Failure } = {
  'reset before the headers': {
    answer: reset,
    error: {
      name: 'ConnectionError',
      sent: true,
      code: expect.any(String),
      cause: expect.any(TypeError),
    },
    lost: true,
  },
  'reset in the body': {
    answer: resetInBody(),
    error: {
      name: 'ConnectionError',
      sent: true,
      code: expect.any(String),
      cause: expect.any(TypeError),
    },
    lost: true,
  },
  'stall before the headers': {
    answer: stall,
    error: { name: 'TimeoutError', timeout: expect.any(Number) },
    lost: true,
  },
  'stall in the body': {
    answer: stallInBody,
    error: { name: 'TimeoutError', timeout: expect.any(Number) },
    lost: true,
  },
  'truncated JSON': { answer: text('{"data":[{"id"'), error: unusable, lost: true },
  'empty 200': { answer: text(''), error: unusable, lost: true },
  'HTML 200': { answer: text('<html>Sign in</html>'), error: unusable, lost: true },
  'valid JSON of the wrong shape': { answer: json({ ok: true }), error: unusable, lost: true },
  'HTML 502': {
    answer: text('<html>Bad gateway</html>', { status: 502 }),
    error: { name: 'InternalServerError', status: 502, code: undefined, errors: [] },
    lost: true,
  },
  'HTML 503': {
    answer: text('<html>Unavailable</html>', { status: 503, headers: { 'CF-Ray': 'ray_1' } }),
    error: { name: 'InternalServerError', status: 503, code: undefined, traceId: 'ray_1' },
    lost: true,
  },
  500: {
    answer: apiError(500, 'internal_clerk_error'),
    error: { name: 'InternalServerError', status: 500, code: 'internal_clerk_error', traceId },
    lost: true,
  },
  '408': {
    answer: text('', { status: 408 }),
    error: { name: 'APIError', status: 408 },
  },
  '409 resource_locked': {
    answer: apiError(409, 'resource_locked'),
    error: { name: 'ConflictError', status: 409, code: 'resource_locked', traceId },
  },
  '429 without a header': {
    answer: apiError(429, 'too_many_requests'),
    error: {
      name: 'RateLimitError',
      status: 429,
      code: 'too_many_requests',
      retryAfter: undefined,
    },
  },
  '429 with seconds': {
    answer: apiError(429, 'too_many_requests', { 'Retry-After': '1' }),
    error: { name: 'RateLimitError', status: 429, retryAfter: 1000, traceId },
  },
  '429 with an HTTP date': {
    answer: apiError(429, 'too_many_requests', {
      // The clock of the server, which is not ours.
      Date: 'Tue, 05 Mar 2019 10:00:00 GMT',
      'Retry-After': 'Tue, 05 Mar 2019 10:00:01 GMT',
    }),
    error: { name: 'RateLimitError', status: 429, retryAfter: 1000 },
  },
  '429 longer than the cap': {
    answer: apiError(429, 'too_many_requests', { 'Retry-After': '3600' }),
    error: { name: 'RateLimitError', status: 429, retryAfter: 3_600_000 },
    final: true,
  },
  'a redirect to another origin': {
    answer: redirect('http://127.0.0.1:9/stolen'),
    error: { name: 'RedirectError' },
    final: true,
  },
  'a JSON error without errors': {
    answer: json({ message: 'No.' }, { status: 400 }),
    error: { name: 'BadRequestError', status: 400, code: undefined, errors: [] },
    final: true,
  },
  'an error that stays': {
    answer: apiError(422, 'form_param_value_invalid'),
    error: { name: 'UnprocessableEntityError', code: 'form_param_value_invalid', traceId },
    final: true,
  },
}

const ids = { organizationId: 'org_1', userId: 'user_1' }
const created = { id: expect.stringMatching(/^orgmem_/), role: 'org:member' }
const operations: {
  [name: string]: {
    call: (client: OrganizationMembershipsClient) => Promise<unknown>
    result: unknown
  }
} = {
  create: {
    call: (client) =>
      client.create({ organizationId: 'org_1', userId: 'user_new', role: 'org:member' }),
    result: created,
  },
  list: { call: (client) => client.list({ organizationId: 'org_1' }), result: { totalCount: 1 } },
  listAll: {
    call: (client) => collect(client.listAll({ organizationId: 'org_1' })),
    result: [created],
  },
  get: { call: (client) => client.get(ids), result: created },
  count: { call: (client) => client.count({ organizationId: 'org_1' }), result: 1 },
  update: {
    call: (client) => client.update({ ...ids, role: 'org:admin' }),
    result: { role: 'org:admin' },
  },
  updateMetadata: {
    call: (client) => client.updateMetadata({ ...ids, publicMetadata: { a: 1 } }),
    result: { publicMetadata: { a: 1 } },
  },
  delete: { call: (client) => client.delete(ids), result: created },
  listForUser: {
    call: (client) => client.listForUser({ userId: 'user_1' }),
    result: { totalCount: 1 },
  },
  listAllForUser: {
    call: (client) => collect(client.listAllForUser({ userId: 'user_1' })),
    result: [created],
  },
  listForInstance: { call: (client) => client.listForInstance(), result: { totalCount: 1 } },
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** A server of its own for each cell, so that all cells run at the same time. */
async function withServer<T>(
  use: (
    server: ScriptableServer,
    client: OrganizationMembershipsClient,
    members: Members,
  ) => Promise<T>,
  options: { timeout: number; maxRetryDelay: number },
): Promise<T> {
  const server = await ScriptableServer.start()
  const members = new Members()
  members.add('user_1', 'org:member')
  server.otherwise((response, request) => members.handle(request)(response, request))
  const client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    ...options,
  })
  try {
    return await use(server, client, members)
  } finally {
    await server.close()
  }
}

/** Short where nothing is to be waited for, long where the machine may be busy. */
const optionsFor = (failure: string, once: boolean) => ({
  timeout: failure.startsWith('stall') ? (once ? 2_000 : 400) : 30_000,
  // Backoff ends within milliseconds, save where the server asks for a second.
  maxRetryDelay: /with (seconds|an HTTP date)/.test(failure) ? 1_005 : 5,
})

describe.concurrent.each(Object.entries(operations))('%s', (operation, { call, result }) => {
  it.each(Object.entries(failures))('after one %s', async (name, { answer, error, final }) => {
    await withServer(
      async (server, client, members) => {
        server.script(answer)
        const outcome = await call(client).catch((reason: unknown) => reason)

        expect({ outcome }).toMatchObject({ outcome: final ? { ...error, attempts: 1 } : result })
        expect(members.rows.size).toBe(
          operation === 'delete' && !final ? 0 : operation === 'create' && !final ? 2 : 1,
        )
        const writes = server.requests.filter(({ method }) => method !== 'GET')
        expect(writes.length).toBeLessThanOrEqual(2)
      },
      optionsFor(name, true),
    )
  })

  it.each(Object.entries(failures))(
    'while %s goes on',
    async (name, { answer, error, final, lost }) => {
      await withServer(
        async (server, client, members) => {
          server.otherwise(answer)
          const outcome = await rejectionOf(call(client))

          // A create that cannot be read back is not sent a second time.
          const once = final || (operation === 'create' && lost)
          expect(outcome).toMatchObject({ ...error, attempts: once ? 1 : 3 })
          const expectedRequests = operation === 'create' && lost ? 1 + 3 : once ? 1 : 3
          // On a busy machine an attempt may time out before it has arrived.
          const arrived = name.startsWith('stall') ? expectedRequests : server.requests.length
          expect(arrived).toBe(expectedRequests)
          expect(server.requests.length).toBeLessThanOrEqual(expectedRequests)
          const told =
            operation === 'create' && lost
              ? /^POST \/.* is not known: reading back failed too\. GET \//
              : /^(GET|POST|PATCH|DELETE) \//
          expect(outcome).toMatchObject({ message: expect.stringMatching(told) })
          expect(members.rows.size).toBe(1)
        },
        optionsFor(name, false),
      )
    },
  )

  it('against a refused connection', async () => {
    const gone = await ScriptableServer.start()
    await gone.close()
    const client = new OrganizationMembershipsClient({
      secretKey,
      baseURL: gone.baseURL,
      maxRetryDelay: 5,
    })
    expect(await rejectionOf(call(client))).toMatchObject({
      name: 'ConnectionError',
      code: 'ECONNREFUSED',
      sent: false,
      attempts: 3,
      cause: expect.any(TypeError),
      message: expect.stringContaining('got no answer from http://127.0.0.1:'),
    })
  })

  it('with a charset in the content type', async () => {
    await withServer(
      async (_, client, members) => {
        members.contentType = 'application/json; charset=utf-8'
        expect({ outcome: await call(client) }).toMatchObject({ outcome: result })
      },
      optionsFor('charset', true),
    )
  })
})

describe('the table', () => {
  it('has a cell for every operation of the client', () => {
    const methods = Object.getOwnPropertyNames(OrganizationMembershipsClient.prototype)
    expect(new Set(Object.keys(operations))).toEqual(
      new Set(methods.filter((name) => name !== 'constructor')),
    )
  })
})
