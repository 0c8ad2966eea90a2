import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAPIError, OrganizationMembershipsClient } from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import {
  apiError,
  json,
  redirect,
  reset,
  resetInBody,
  ScriptableServer,
  text,
} from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL, maxRetries: 0 })
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const list = () => client.list({ organizationId: 'org_1' })
const update = () => client.update({ organizationId: 'org_1', userId: 'user_1', role: 'org:admin' })
const path = '/organizations/org_1/memberships'

describe('an answer that is right', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;charset="UTF-8"',
    'application/problem+json',
    'text/plain',
  ])('is read with the content type %s', async (type) => {
    server.otherwise(json(membershipsJSON(), { headers: { 'Content-Type': type } }))
    expect(await list()).toMatchObject({ totalCount: 1 })
  })

  it('is read without a content type, with a byte order mark, in several pieces', async () => {
    server.otherwise((response) => {
      response.writeHead(200)
      const bytes = Buffer.from(`\ufeff${JSON.stringify(membershipsJSON())}`)
      response.write(bytes.subarray(0, 2))
      setTimeout(() => response.end(bytes.subarray(2)), 5)
    })
    expect(await list()).toMatchObject({ totalCount: 1 })
  })
})

describe('a status becomes its error', () => {
  it.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [402, 'APIError'],
    [403, 'PermissionDeniedError'],
    [404, 'NotFoundError'],
    [409, 'ConflictError'],
    [413, 'APIError'],
    [415, 'APIError'],
    [422, 'UnprocessableEntityError'],
  ])('%d is a %s', async (status, name) => {
    server.otherwise(apiError(status, 'some_code', { 'Retry-After': '3' }))
    const error = await rejectionOf(update())
    expect(error).toMatchObject({
      name,
      status,
      code: 'some_code',
      traceId: 'a'.repeat(32),
      retryAfter: 3000,
      request: { method: 'PATCH', path: `${path}/user_1` },
      message: `PATCH ${path}/user_1 was refused with ${status} some_code: The long message of some_code.`,
    })
    expect(isAPIError(error)).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ['HTML', '<html>'],
    ['JSON without errors', { message: 'no' }],
    ['errors that are no list', { errors: 'no' }],
    ['errors without codes', { errors: [null, 'x', { message: 'x' }] }],
    ['a JSON null', null],
    ['nothing', ''],
  ])('a 404 with %s says so', async (_, body) => {
    const headers = { 'Clerk-Trace-Id': 'trace_1', 'Content-Type': 'x/y' }
    server.otherwise(
      typeof body === 'string'
        ? text(body, { status: 404, headers })
        : json(body, { status: 404, headers }),
    )
    expect(await rejectionOf(list())).toMatchObject({
      name: 'NotFoundError',
      code: undefined,
      errors: [],
      traceId: 'trace_1',
      message: `GET ${path} was refused with 404, and the answer was not in the API's error format.`,
    })
  })

  it('reads an error that lacks its long message', async () => {
    server.otherwise(json({ errors: [{ code: 'c', message: 'short' }] }, { status: 400 }))
    expect(String(await rejectionOf(list()))).toMatch(/400 c: short$/)
  })

  it('takes the trace id from the edge when there is no other', async () => {
    server.otherwise(text('', { status: 403, headers: { 'CF-Ray': 'ray_1' } }))
    expect(await rejectionOf(list())).toMatchObject({ traceId: 'ray_1' })
  })
})

describe('an answer without use', () => {
  it.each([
    ['HTML', text('<html>'), 'the answer was not JSON (text/html)'],
    ['nothing', text(''), 'the answer was empty'],
    [
      'truncated JSON',
      text('{"data":[', { headers: {} }),
      'the answer was not JSON (no content type)',
    ],
    ['another shape', json(membershipJSON()), 'data should be an array and is missing'],
    ['a JSON null', json(null), 'the list should be an object and is null'],
  ])('%s', async (_, answer, message) => {
    server.otherwise(answer)
    const error = await rejectionOf(list())
    expect(error).toMatchObject({ name: 'ResponseParseError', status: 200 })
    expect(String(error)).toContain(`GET ${path} was answered 200, but ${message}`)
  })

  it.each([301, 302, 303, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const other = await ScriptableServer.start()
    server.otherwise(redirect(`${other.baseURL}/stolen`, status))
    expect(await rejectionOf(list())).toMatchObject({ name: 'RedirectError' })
    expect(server.requests).toHaveLength(1)
    expect(other.requests).toHaveLength(0)
    await other.close()
  })
})

describe('no answer', () => {
  it('of a refused connection', async () => {
    const gone = await ScriptableServer.start()
    await gone.close()
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: gone.baseURL,
      maxRetries: 0,
    })
    const error = await rejectionOf(own.list({ organizationId: 'org_1' }))
    expect(error).toMatchObject({ name: 'ConnectionError', cause: expect.any(TypeError) })
    const { origin } = new URL(gone.baseURL)
    expect(String(error)).toBe(
      `ConnectionError: GET ${path} got no answer from ${origin} (ECONNREFUSED).`,
    )
  })

  it.each([
    ['before the headers', reset],
    ['in the body', resetInBody()],
  ])('of a connection that is reset %s', async (_, answer) => {
    server.otherwise(answer)
    expect(await rejectionOf(list())).toMatchObject({
      name: 'ConnectionError',
      cause: expect.any(TypeError),
    })
  })
})
