import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isBadRequestError, isNotFoundError, OrganizationMembershipsClient } from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey, userJSON } from './fixtures.js'
import { runLossy } from './lossy-runs.js'
import { Members } from './members-server.js'
import {
  type Answer,
  apiError,
  json,
  reset,
  ScriptableServer,
  stall,
  text,
} from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
let members: Members
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    maxRetryDelay: 5,
    timeout: 1_500,
  })
})
beforeEach(() => {
  server.reset()
  members = new Members()
  server.otherwise(healthy)
})
afterAll(() => server.close())

const healthy: Answer = (response, request) => members.handle(request)(response, request)

/** The server does what it is asked, and its answer comes to harm. */
const actsThen =
  (answer: Answer): Answer =>
  (response, request) => {
    members.handle(request)
    return answer(response, request)
  }

const wanted = {
  organizationId: 'org_1',
  userId: 'user_1',
  role: 'org:member',
  publicMetadata: { team: 'a', gone: null, list: [null, { b: null }] },
}
const sequence = () => server.requests.map(({ method }) => method).join(' ')

describe('a create whose answer is lost', () => {
  it.each<[string, Answer]>([
    ['by a reset', reset],
    ['by a stall', stall],
    ['as an empty 200', text('')],
    ['as HTML', text('<html>')],
    ['behind a 502', text('<html>', { status: 502 })],
    ['behind a 504', text('', { status: 504 })],
  ])('%s, is answered by the member that it added', async (_, answer) => {
    server.script(actsThen(answer))
    expect(await client.create(wanted)).toMatchObject({
      role: 'org:member',
      publicMetadata: { team: 'a', list: [null, { b: null }] },
    })
    expect(sequence()).toBe('POST GET')
    expect(server.last.query.get('user_id')).toBe('user_1')
    expect(members.created.get('user_1')).toBe(1)
  })

  it('is sent again where the member is absent', async () => {
    server.script(reset)
    await client.create(wanted)
    expect(sequence()).toBe('POST GET POST')
    expect(members.created.get('user_1')).toBe(1)
  })

  it('is answered by the member where the first one came through late', async () => {
    const late: Answer = (response, request) => {
      reset(response, request)
      // Carried out after the member was looked for, and before the second send.
      server.script((...lookUp) => {
        void healthy(...lookUp)
        members.handle(request)
      })
    }
    server.script(late)
    expect(await client.create(wanted)).toMatchObject({ role: 'org:member' })
    expect(sequence()).toBe('POST GET POST GET')
    expect(members.created.get('user_1')).toBe(1)
  })

  it.each([
    [400, 'already_a_member_in_organization'],
    [403, 'organization_membership_quota_exceeded'],
    [422, 'exclusive_organization_membership'],
  ])(
    'is answered by the member where the late first one makes the second a %d %s',
    async (status, code) => {
      server.script(reset, json(membershipsJSON([])), (response, request) => {
        members.handle(request)
        return apiError(status, code)(response, request)
      })
      expect(await client.create(wanted)).toMatchObject({ role: 'org:member' })
      expect(sequence()).toBe('POST GET POST GET')
    },
  )

  it('is refused truthfully where the second send is, and the user is absent', async () => {
    server.script(
      reset,
      json(membershipsJSON([])),
      apiError(403, 'organization_membership_quota_exceeded'),
    )
    const error = await rejectionOf(client.create(wanted))
    expect(error).toMatchObject({
      name: 'PermissionDeniedError',
      afterLostAnswer: true,
      attempts: 2,
    })
    expect(String(error)).toMatch(/not to be found among the members right afterwards/)
  })

  it('is the first error where the member has another role or metadata', async () => {
    for (const [role, metadata] of [
      ['org:admin', {}],
      ['org:member', { public_metadata: { team: 'b' } }],
      ['org:member', { public_metadata: { team: 'a', list: [null, {}] } }],
      [
        'org:member',
        { public_metadata: { team: 'a', list: [null, { b: null }] }, private_metadata: { x: 1 } },
      ],
    ] as const) {
      members = new Members()
      server.script((response, request) => {
        members.add('user_1', role, metadata)
        return reset(response, request)
      })
      const error = await rejectionOf(client.create(wanted))
      expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 })
      expect(String(error)).toContain(
        'The user is a member now, but not with the role and metadata',
      )
      expect((error as Error).stack).toContain('The user is a member now')
    }
  })

  it('is the first error where the member cannot be read', async () => {
    server.script(reset, apiError(403, 'authorization_invalid'))
    const error = await rejectionOf(client.create(wanted))
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 })
    expect(String(error)).toMatch(
      /not known: reading back failed too\. GET .* 403 authorization_invalid/,
    )
    expect(sequence()).toBe('POST GET')
  })

  it('again and again, ends in the last error, which says that the user is absent', async () => {
    server.otherwise((response, request) =>
      request.method === 'POST' ? reset(response, request) : healthy(response, request),
    )
    const error = await rejectionOf(client.create(wanted))
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 3 })
    expect(String(error)).toMatch(
      /was not a member right afterwards; a server that is slow may still/,
    )
    expect(sequence()).toBe('POST GET POST GET POST GET')
  })

  it('without retries is read back all the same', async () => {
    server.script(actsThen(reset))
    expect(await client.create(wanted, { maxRetries: 0 })).toMatchObject({ role: 'org:member' })
    expect(sequence()).toBe('POST GET')
  })

  it('and refused as a member the second time, who then is not to be found, says so', async () => {
    server.script(
      reset,
      json(membershipsJSON([])),
      apiError(400, 'already_a_member_in_organization'),
    )
    const error = await rejectionOf(client.create(wanted))
    expect(isBadRequestError(error) && error.afterLostAnswer).toBe(true)
    expect(String(error)).toMatch(/not to be found among the members right afterwards/)
    expect(sequence()).toBe('POST GET POST GET')
  })

  it('is not read back once the caller has aborted', async () => {
    const reason = new Error('left')
    const controller = new AbortController()
    server.otherwise((response, request) => {
      setTimeout(() => controller.abort(reason), 10)
      return stall(response, request)
    })
    expect(await rejectionOf(client.create(wanted, { signal: controller.signal }))).toBe(reason)
    expect(sequence()).toBe('POST')
  })
})

describe('a create that was refused', () => {
  it('as a member at the first send is refused: nothing was lost', async () => {
    members.add('user_1', 'org:member')
    const error = await rejectionOf(client.create(wanted))
    expect(error).toMatchObject({
      name: 'BadRequestError',
      code: 'already_a_member_in_organization',
      afterLostAnswer: false,
      attempts: 1,
    })
    expect(sequence()).toBe('POST')
  })

  it.each<[string, Answer]>([
    ['429', apiError(429, 'too_many_requests')],
    ['409 resource_locked', apiError(409, 'resource_locked')],
  ])('with %s is sent again without a look', async (_, answer) => {
    server.script(answer)
    await client.create(wanted)
    expect(sequence()).toBe('POST POST')
    expect(members.created.get('user_1')).toBe(1)
  })

  it('compares private metadata only where the server shows it', async () => {
    const shown = membershipJSON({ public_user_data: userJSON(), public_metadata: { a: 1 } })
    const { private_metadata: _, ...hidden } = shown
    const without = { ...wanted, publicMetadata: { a: 1 } }
    server.script(reset, json({ data: [hidden], total_count: 1 }))
    expect(await client.create(without)).toMatchObject({ publicMetadata: { a: 1 } })

    server.script(reset, json({ data: [hidden], total_count: 1 }))
    const error = await rejectionOf(client.create({ ...without, privateMetadata: { b: 1 } }))
    expect(String(error)).toContain('not with the role and metadata')
  })
})

describe('a delete whose answer is lost', () => {
  it('finds the member gone and says what that may mean', async () => {
    members.add('user_1', 'org:member')
    server.script(actsThen(reset))
    const error = await rejectionOf(client.delete(wanted))
    expect(isNotFoundError(error) && error.afterLostAnswer).toBe(true)
    expect(error).toMatchObject({ attempts: 2 })
  })

  it('is not suspected where nothing was lost', async () => {
    server.script(apiError(429, 'too_many_requests'))
    const error = await rejectionOf(client.delete(wanted))
    expect(error).toMatchObject({ name: 'NotFoundError', afterLostAnswer: false, attempts: 2 })
  })
})

describe('behind connections that are cut at random', () => {
  it.each([
    ['create', 200],
    ['update', 60],
    ['updateMetadata', 60],
    ['delete', 60],
  ] as const)('%s has its effect once and says so truthfully, %d runs', async (kind, runs) => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const outcome = await runLossy(kind, runs, seed)
    expect({ seed, faults: outcome.faults }).toEqual({ seed, faults: [] })
    // The connection was bad enough to matter, and good enough to get through most of the time.
    expect(outcome.cuts).toBeGreaterThan(runs / 20)
    expect(outcome.successes).toBeGreaterThan(runs / 20)
  })
})
