import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ClientEvent,
  isInvalidArgumentError,
  OrganizationMembershipsClient,
} from '../src/index.js'
import type { OrganizationMembershipJSON } from '../src/contract/index.js'
import {
  membershipJSON,
  membershipsJSON,
  rejectionOf,
  secretKey,
  thrownBy,
  userJSON,
} from './fixtures.js'
import { randomFrom } from './random.js'
import { type Answer, apiError, json, ScriptableServer } from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
let rows: OrganizationMembershipJSON[]
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    maxRetryDelay: 1_050,
  })
})
beforeEach(() => {
  server.reset()
  server.otherwise(page)
})
afterAll(() => server.close())

const organization = { organizationId: 'org_1' }

function rowAt(index: number): OrganizationMembershipJSON {
  return membershipJSON({
    id: `orgmem_${index}`,
    public_user_data: userJSON({ user_id: `user_${index}` }),
    created_at: 1_730_000_000_000 + index,
  })
}

const page: Answer = (response, request) => {
  const offset = Number(request.query.get('offset'))
  const limit = Number(request.query.get('limit'))
  const isNewestFirst = request.query.get('order_by') !== '+created_at'
  const ordered = isNewestFirst ? rows.toReversed() : rows
  return json(membershipsJSON(ordered.slice(offset, offset + limit), rows.length))(
    response,
    request,
  )
}

async function idsOf(list: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of list) ids.push(id)
  return ids
}

describe('listAll', () => {
  it('gives every member beyond the first page, oldest first, with the filters on each page', async () => {
    rows = Array.from({ length: 1234 }, (_, index) => rowAt(index))
    const ids = await idsOf(client.listAll({ ...organization, role: ['org:member'], query: 'a' }))
    expect(ids).toEqual(rows.map(({ id }) => id))
    expect(
      server.requests.map(({ query }) => [...query].map((entry) => entry.join('=')).join('&')),
    ).toEqual([
      'limit=500&offset=0&order_by=+created_at&role=org:member&query=a',
      'limit=500&offset=484&order_by=+created_at&role=org:member&query=a',
      'limit=500&offset=968&order_by=+created_at&role=org:member&query=a',
    ])
  })

  it('can be iterated again, and reads again', async () => {
    rows = [rowAt(1)]
    const list = client.listAll(organization)
    expect(server.requests).toHaveLength(0)
    expect(await idsOf(list)).toEqual(['orgmem_1'])
    rows = [rowAt(1), rowAt(2)]
    expect(await idsOf(list)).toEqual(['orgmem_1', 'orgmem_2'])
    expect(server.requests).toHaveLength(2)
  })

  it.each([1, 4, 16])('loses nobody under churn over HTTP, concurrency %d', async (concurrency) => {
    const random = randomFrom(concurrency)
    rows = Array.from({ length: 1000 }, (_, index) => rowAt(index))
    const throughout = new Set(rows.map(({ id }) => id))
    let next = rows.length
    server.otherwise((response, request) => {
      const answered = page(response, request)
      for (let change = 0; change < 15; change++) {
        const [gone] = rows.splice(Math.floor(random() * rows.length), 1)
        if (gone) throughout.delete(gone.id)
        rows.push(rowAt(next++))
      }
      return answered
    })
    const ids = await idsOf(client.listAll({ ...organization, pageSize: 60, concurrency }))
    expect(new Set(ids).size).toBe(ids.length)
    expect([...throughout].filter((id) => !ids.includes(id))).toEqual([])
    expect(throughout.size).toBeLessThan(900)
  })

  it('stops asking when the loop is left, and hangs up on what is on the way', async () => {
    rows = Array.from({ length: 5000 }, (_, index) => rowAt(index))
    let hungUp = 0
    server.otherwise(async (response, request) => {
      if (Number(request.query.get('offset')) > 100) {
        response.on('close', () => (hungUp += response.writableEnded ? 0 : 1))
        return // The pages after the second never come.
      }
      await page(response, request)
    })
    const controller = new AbortController()
    const list = client.listAll({ ...organization, pageSize: 100 }, { signal: controller.signal })
    let seen = 0
    for await (const _ of list) {
      seen += 1
      if (seen === 120) break
    }
    // A request may still be arriving while the others are hung up on.
    await expect.poll(() => server.requests.length - 2 - hungUp, { timeout: 10_000 }).toBe(0)
    expect(hungUp).toBeGreaterThanOrEqual(2)
    expect(server.requests.length).toBeLessThanOrEqual(6)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('asks for no more than a few pages ahead of a slow reader', async () => {
    rows = Array.from({ length: 5000 }, (_, index) => rowAt(index))
    const list = client.listAll({ ...organization, pageSize: 100, concurrency: 3 })
    let seen = 0
    let furthestAhead = 0
    for await (const _ of list) {
      seen += 1
      if (seen % 100 === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        furthestAhead = Math.max(furthestAhead, server.requests.length - seen / 84)
      }
      if (seen === 1000) break
    }
    expect(furthestAhead).toBeLessThanOrEqual(4)
    expect(seen).toBe(1000)
  })

  it('rejects with the reason when aborted, in the middle of a page too', async () => {
    rows = Array.from({ length: 50 }, (_, index) => rowAt(index))
    const reason = new Error('left')
    const controller = new AbortController()
    const walk = async () => {
      for await (const { id } of client.listAll(organization, { signal: controller.signal })) {
        if (id === 'orgmem_10') controller.abort(reason)
      }
    }
    expect(await rejectionOf(walk())).toBe(reason)
    expect(
      await rejectionOf(idsOf(client.listAll(organization, { signal: controller.signal }))),
    ).toBe(reason)
  })

  it('after a 429 pauses all workers', async () => {
    rows = Array.from({ length: 3000 }, (_, index) => rowAt(index))
    server.otherwise(async (response, request) => {
      if (server.requests.length === 4) {
        await apiError(429, 'too_many_requests', { 'Retry-After': '1' })(response, request)
        return
      }
      // The pages before the refused one come when the refusal is known, and make room for more.
      if (server.requests.length < 4 && server.requests.length > 1) {
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      await page(response, request)
    })
    let pausedUntil = 0
    const duringPause: ClientEvent[] = []
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: server.baseURL,
      onEvent: (event) => {
        // A timer may fire a millisecond early.
        if (event.type === 'request' && performance.now() < pausedUntil - 2) duringPause.push(event)
        if (event.type === 'retry') pausedUntil = performance.now() + event.delay
      },
    })
    const list = own.listAll({ ...organization, pageSize: 100, concurrency: 4 })
    expect(await idsOf(list)).toHaveLength(3000)
    expect(pausedUntil).toBeGreaterThan(0)
    expect(duringPause).toEqual([])
  })

  it('fails with the error of the page that failed, and without unhandled rejections', async () => {
    rows = Array.from({ length: 3000 }, (_, index) => rowAt(index))
    server.otherwise((response, request) =>
      Number(request.query.get('offset')) > 500
        ? apiError(403, 'authorization_invalid')(response, request)
        : page(response, request),
    )
    const ids: string[] = []
    const walk = async () => {
      for await (const { id } of client.listAll({ ...organization, pageSize: 200 })) ids.push(id)
    }
    expect(await rejectionOf(walk())).toMatchObject({ name: 'PermissionDeniedError' })
    expect(ids).toEqual(rows.slice(0, ids.length).map(({ id }) => id))
    expect(ids.length).toBeGreaterThan(500)
  })

  it('says so when the server does not keep the order', async () => {
    rows = Array.from({ length: 30 }, (_, index) => rowAt(30 - index))
    const error = await rejectionOf(idsOf(client.listAll({ ...organization, pageSize: 10 })))
    expect(String(error)).toBe(
      'ResponseParseError: GET /organizations/org_1/memberships was answered 200, but the list is not in the order of creation that was asked for.',
    )
  })

  it.each([
    ['pageSize', { pageSize: 1 }],
    ['pageSize', { pageSize: 501 }],
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['role', { role: '' }],
    ['organizationId', { organizationId: '..' }],
  ])('refuses a wrong %s before it asks', (parameter, params) => {
    const error = thrownBy(() => client.listAll({ ...organization, ...params }))
    expect(isInvalidArgumentError(error) && error.parameter).toBe(parameter)
    expect(server.requests).toHaveLength(0)
  })
})

describe('listAllForUser', () => {
  it('gives every membership, newest first, without an order that the route does not take', async () => {
    rows = Array.from({ length: 45 }, (_, index) => rowAt(index))
    const ids = await idsOf(
      client.listAllForUser({ userId: 'user_1', pageSize: 20, concurrency: 1 }),
    )
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/users/user_1/organization_memberships?limit=20&offset=0',
      '/v1/users/user_1/organization_memberships?limit=20&offset=15',
      '/v1/users/user_1/organization_memberships?limit=20&offset=30',
    ])
  })
})
