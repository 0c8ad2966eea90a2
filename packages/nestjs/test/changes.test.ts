import { Agent, request, type Server, type ServerResponse } from 'node:http'
import { Injectable } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ClerkSessionAccess,
  type ClerkSessionAccessOptions,
  grantWithoutMembership,
  MembershipAccess,
  type MembershipCall,
  OrganizationMembershipsHttpModule,
  type OrganizationMembershipsHttpModuleOptions,
} from '../src/index.js'
import { type Adapter, adapters } from './support/app.js'
import { type Answer, call, type Mounted, origin, startMounted } from './support/mounted.js'
import { type Fate, type FaultyUpstream, faultyUpstream } from './support/faulty-upstream.js'

/** Organizations alike: two admins, who could remove each other, and a member. */
const organizationIds = Array.from({ length: 20 }, (_, index) => `org_${index}`)
const users = ['user_ada', 'user_bob', 'user_cleo']
const seed = {
  users: users.map((id) => ({ id })),
  organizations: organizationIds.map((id) => ({
    id,
    name: id,
    memberships: users.map((user_id) => ({
      user_id,
      role: user_id === 'user_cleo' ? 'org:member' : 'org:admin',
    })),
  })),
}

let emulator: Emulator
let truth: OrganizationMembershipsClient
let ada: string
let bob: string
beforeAll(async () => {
  emulator = await createEmulator({ seed })
  truth = new OrganizationMembershipsClient({
    secretKey: emulator.secretKey,
    baseURL: emulator.url,
  })
})
beforeEach(async () => {
  ada = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
  bob = await emulator.createSessionToken({ userId: 'user_bob', azp: origin })
})
afterAll(() => emulator.close())

let mounted: Mounted
let upstream: FaultyUpstream
let fates: Fate[]
/** Those that the server has noticed. */
let hangUps = 0
afterEach(async () => {
  upstream.release()
  await upstream.idle()
  // A connection that is kept alive would hold the server up.
  ;(mounted.app.getHttpServer() as Server).closeAllConnections()
  await mounted.close()
})

interface StartOptions {
  access?: Partial<ClerkSessionAccessOptions>
  http?: Partial<OrganizationMembershipsHttpModuleOptions>
  /** A second mount at /v2, with a policy of its own. */
  twice?: boolean
  /** The client's. @default 0 */
  maxRetries?: number
}

/** Each change takes the next of `fates`, or is answered at once. */
async function start(
  { access, http, twice = false, maxRetries = 0 }: StartOptions = {},
  adapter: Adapter = 'express',
) {
  fates = []
  upstream = faultyUpstream(emulator, () => fates.shift() ?? { kind: 'answered' })
  const { secretKey, origin: apiUrl } = emulator
  const policy = () =>
    ClerkSessionAccess.with({ secretKey, apiUrl, authorizedParties: [origin], ...access })
  mounted = await startMounted(adapter, {
    emulator,
    client: { fetch: upstream.fetch, maxRetries },
    configure: (app) => {
      app.use((_: unknown, response: ServerResponse, next: () => void) => {
        response.once('close', () => {
          if (!response.writableFinished) hangUps += 1
        })
        next()
      })
    },
    http: { access: policy(), ...http },
    metadata: {
      imports: twice
        ? [OrganizationMembershipsHttpModule.forRoot({ access: policy(), path: 'v2' })]
        : [],
    },
  })
}

const member = (userId: string, organizationId = 'org_0', version = 'v1') =>
  `${mounted.url}/${version}/organizations/${organizationId}/memberships/${userId}`
const remove = (token: string, userId: string, organizationId?: string, version?: string) =>
  call('DELETE', member(userId, organizationId, version), { token })
const demote = (token: string, userId: string) =>
  call('PATCH', member(userId), { token, body: { role: 'org:member' } })
const label = (token: string, userId: string, title = 'x') =>
  call('PATCH', `${member(userId)}/metadata`, { token, body: { public_metadata: { title } } })
const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status)
const admins = (organizationId: string) => truth.count({ organizationId, role: ['org:admin'] })
const sent = (count: number) => until(() => expect(upstream.sent).toHaveLength(count))
/** However busy the machine is. */
const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 20_000, interval: 5 })

interface FloodAnswer {
  status: number | undefined
  retryAfter: string | undefined
  body: string
}

function removeBy(agent: Agent, token: string, userId: string): Promise<FloodAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` }
    request(member(userId), { method: 'DELETE', agent, headers }, (response) => {
      // Read to its end, so that its connection serves the next one.
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

/** A request whose caller hangs up as soon as its change was sent. */
async function removeAndHangUp(token: string, userId: string, organizationId?: string) {
  const before = upstream.sent.length
  const controller = new AbortController()
  const removal = fetch(member(userId, organizationId), {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${token}` },
    signal: controller.signal,
  })
  await sent(before + 1)
  await hangUp(controller, removal)
}

async function hangUp(controller: AbortController, given: Promise<unknown>) {
  const before = hangUps
  controller.abort()
  await expect(given).rejects.toThrow(/aborted/)
  await until(() => expect(hangUps).toBe(before + 1))
}

describe('a caller who was removed', () => {
  it.each([
    ['updates', demote],
    ['removals', remove],
    ['changes of metadata', label],
  ])('has none of 20 %s carried out that were waiting', async (_, change) => {
    await start()
    fates = [{ kind: 'held' }]
    const removal = remove(bob, 'user_ada')
    await sent(1)
    const waiting = Promise.all(Array.from({ length: 20 }, () => change(ada, 'user_cleo')))
    // All of them have been let in once, and wait.
    await until(() => expect(lookUpsOf('user_ada')).toBeGreaterThan(0))
    upstream.release()
    expect((await removal).status).toBe(200)
    expect(new Set(statusesOf(await waiting))).toEqual(new Set([403]))
    expect(upstream.sent).toHaveLength(1)
  })
})

describe('a caller who was removed elsewhere', () => {
  it('may list while the look-up is fresh, and change nothing', async () => {
    await start()
    const list = () =>
      call('GET', `${mounted.url}/v1/organizations/org_0/memberships`, { token: ada })
    expect((await list()).status).toBe(200)
    await truth.delete({ organizationId: 'org_0', userId: 'user_ada' })
    expect((await list()).status).toBe(200)
    expect(statusesOf([await remove(ada, 'user_cleo'), await label(ada, 'user_cleo')])).toEqual([
      403, 403,
    ])
    expect(upstream.sent).toEqual([])
  })
})

const lookUpsOf = (userId: string) =>
  emulator.requests.filter(({ search }) => search.get('user_id') === userId).length

describe('turns', () => {
  it('go round: 60 removals by one admin do not hold off that admin’s own removal', async () => {
    await start()
    fates = [{ kind: 'held' }]
    const first = remove(ada, 'user_nobody')
    await sent(1)
    // Those that wait keep a connection each; the others share the rest.
    const agent = new Agent({ keepAlive: true, maxSockets: 40 })
    const flood = Array.from({ length: 60 }, () => removeBy(agent, ada, 'user_nobody'))
    const refused: FloodAnswer[] = []
    for (const each of flood) void each.then((answer) => refused.push(answer))
    await until(() => expect(refused).toHaveLength(40))
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]))
    expect(refused[0]?.retryAfter).toBe('1')
    expect(refused[0]?.body).toContain('"too_many_requests"')
    const own = remove(bob, 'user_ada')
    await until(() => expect(lookUpsOf('user_bob')).toBeGreaterThan(0))
    upstream.release()
    expect((await own).status).toBe(200)
    // One that ran, and one whose turn it was.
    expect(upstream.sent.findIndex(({ path }) => path.endsWith('/user_ada'))).toBeLessThanOrEqual(2)
    await Promise.all([first, ...flood])
    agent.destroy()
  })

  it('are not waited for by a stranger', async () => {
    await start()
    fates = [{ kind: 'held' }]
    const removal = remove(ada, 'user_bob')
    await sent(1)
    const cleo = await emulator.createSessionToken({ userId: 'user_cleo', azp: origin })
    expect((await remove(cleo, 'user_ada')).status).toBe(403)
    upstream.release()
    expect((await removal).status).toBe(200)
  })

  it('of other organizations do not wait', async () => {
    await start()
    fates = [{ kind: 'held' }]
    const removal = remove(ada, 'user_bob')
    await sent(1)
    expect((await remove(ada, 'user_bob', 'org_1')).status).toBe(200)
    upstream.release()
    expect((await removal).status).toBe(200)
  })

  it('that a policy takes inside of its own turn do not wait for it', async () => {
    const inner: number[] = []
    @Injectable()
    class Welcoming extends MembershipAccess {
      override authorize() {
        return Promise.resolve(grantWithoutMembership())
      }
      override async change<T>({ operation }: MembershipCall, run: () => Promise<T>): Promise<T> {
        const result = await run()
        if (operation === 'delete') {
          const { statusCode } = await mounted.app
            .getHttpAdapter()
            .getInstance()
            .inject({
              method: 'PATCH',
              url: '/v1/organizations/org_0/memberships/user_cleo',
              payload: { role: 'org:admin' },
            })
          inner.push(statusCode)
        }
        return result
      }
    }
    await start({ http: { access: Welcoming } }, 'fastify')
    expect((await remove(ada, 'user_bob')).status).toBe(200)
    expect(inner).toEqual([200])
  })
})

describe.each(adapters)('a change whose caller hangs up (%s)', (adapter) => {
  it('holds its turn until its outcome is known: each of 10 organizations keeps an admin', async () => {
    await start({}, adapter)
    for (const organizationId of organizationIds.slice(0, 10)) {
      fates = [{ kind: 'held' }]
      await removeAndHangUp(ada, 'user_bob', organizationId)
      expect(upstream.sent.at(-1)?.signal?.aborted).toBe(false)
      // Long enough for it to be let in if nothing held it; the list of holders is what it asks first.
      const other = remove(bob, 'user_ada', organizationId)
      await until(() => expect(lookUpsOf('user_bob')).toBeGreaterThan(0))
      upstream.release()
      expect((await other).status).toBe(403)
      expect(await admins(organizationId)).toBe(1)
    }
  })

  it('is not carried out where it was still waiting', async () => {
    await start({}, adapter)
    fates = [{ kind: 'held' }]
    const first = remove(ada, 'user_cleo')
    await sent(1)
    const controller = new AbortController()
    const second = fetch(member('user_bob'), {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${bob}` },
      signal: controller.signal,
    })
    await until(() => expect(lookUpsOf('user_bob')).toBeGreaterThan(0))
    await hangUp(controller, second)
    upstream.release()
    expect((await first).status).toBe(200)
    // Comes after whatever was waiting.
    expect((await label(ada, 'user_ada')).status).toBe(200)
    expect(upstream.sent.map(({ method }) => method)).toEqual(['DELETE', 'PATCH'])
  })
})

describe('two mounts that share a client', () => {
  it('keep an admin in each of 20 organizations, with a policy each', async () => {
    await start({ twice: true })
    fates = organizationIds.flatMap(() => [
      { kind: 'answered', after: 50 },
      { kind: 'answered', after: 50 },
    ])
    const outcomes = await Promise.all(
      organizationIds.map((organizationId) =>
        Promise.all([
          remove(ada, 'user_bob', organizationId, 'v1'),
          remove(bob, 'user_ada', organizationId, 'v2'),
        ]),
      ),
    )
    for (const answers of outcomes) {
      expect(statusesOf(answers).filter((status) => status === 200)).toHaveLength(1)
    }
    expect(await Promise.all(organizationIds.map(admins))).toEqual(organizationIds.map(() => 1))
  })
})

describe('a change whose answer was lost', () => {
  it.each<[string, Fate]>([
    ['and may still be carried out', { kind: 'late' }],
    ['behind a gateway', { kind: 'gateway' }],
    ['and never arrived', { kind: 'never' }],
  ])('%s: the member counts as gone, and may change nothing', async (_, fate) => {
    await start()
    fates = [fate]
    expect((await remove(ada, 'user_bob')).status).toBeGreaterThanOrEqual(500)
    // Ada would be the last.
    expect(await demote(ada, 'user_ada')).toMatchObject({
      status: 400,
      json: { errors: [{ code: 'organization_minimum_permissions_needed' }] },
    })
    const own = await label(bob, 'user_cleo')
    expect(own.status).toBe(503)
    expect(own.headers.get('Retry-After')).toBe('30')
    // On the one who may be gone nobody depends.
    upstream.release()
    await upstream.idle()
    expect([200, 404]).toContain((await remove(ada, 'user_bob')).status)
    expect(await admins('org_0')).toBe(1)
  })

  it.each<[string, Fate]>([
    ['but was carried out', { kind: 'lost' }],
    ['since the API failed after it', { kind: 'failed' }],
  ])('%s, is known from one read', async (_, fate) => {
    await start()
    fates = [fate]
    const { status } = await call('PATCH', member('user_cleo'), {
      token: ada,
      body: { role: 'org:admin' },
    })
    expect(status).toBe(502)
    expect((await remove(ada, 'user_bob')).status).toBe(200)
    // Cleo, who was promoted, counts.
    expect((await demote(ada, 'user_ada')).status).toBe(200)
    expect(await admins('org_0')).toBe(1)
  })
})

describe('a change that was sent twice', () => {
  it.each<[string, Fate]>([
    ['lost', { kind: 'late' }],
    ['a gateway’s', { kind: 'gateway' }],
  ])('may be carried out once more: its first answer was %s', async (_, first) => {
    await start({ maxRetries: 1 })
    fates = [first]
    expect((await demote(bob, 'user_ada')).status).toBe(200)
    const promote = { token: bob, body: { role: 'org:admin' } }
    expect((await call('PATCH', member('user_ada'), promote)).status).toBe(200)
    // To the eye there are two admins, of whom one may be none a moment later.
    expect((await remove(bob, 'user_bob')).status).toBe(400)
    upstream.release()
    await upstream.idle()
    expect(await admins('org_0')).toBe(1)
  })

  it('is over where the API itself had answered the first time', async () => {
    await start({ maxRetries: 1 })
    fates = [{ kind: 'failed' }]
    expect((await demote(bob, 'user_ada')).status).toBe(200)
    const promote = { token: bob, body: { role: 'org:admin' } }
    expect((await call('PATCH', member('user_ada'), promote)).status).toBe(200)
    expect((await remove(bob, 'user_bob')).status).toBe(200)
  })
})

describe("trust: 'token'", () => {
  const trusted = { trust: 'token' } as const
  const inOrganization = (userId: string) =>
    emulator.createSessionToken({ userId, organizationId: 'org_0', azp: origin })

  it('changes without a look-up', async () => {
    await start({ access: { ...trusted } })
    const token = await inOrganization('user_ada')
    expect((await label(token, 'user_cleo')).status).toBe(200)
    const ours = emulator.requests.filter(({ path }) => path.includes('/organizations/'))
    expect(ours.map(({ method }) => method)).toEqual(['PATCH'])
  })

  it.each([
    ['through the mounted routes', () => remove(ada, 'user_bob')],
    [
      'through the injected client',
      () =>
        mounted.app
          .get(OrganizationMembershipsClient, { strict: false })
          .delete({ organizationId: 'org_0', userId: 'user_bob' }),
    ],
  ])('reads the membership of a user who was removed %s', async (_, removal) => {
    await start({ access: { ...trusted } })
    const token = await inOrganization('user_bob')
    expect((await label(token, 'user_cleo')).status).toBe(200)
    await removal()
    expect((await label(token, 'user_cleo')).status).toBe(403)
    expect(
      (await call('GET', `${mounted.url}/v1/organizations/org_0/memberships`, { token })).status,
    ).toBe(403)
  })

  it('needs elevatedRoles', async () => {
    await start()
    await expect(
      ClerkSessionAccess.create(truth, {
        secretKey: emulator.secretKey,
        authorizedParties: 'any',
        elevatedRoles: [],
        ...trusted,
      }),
    ).rejects.toThrow(/with trust 'token' the elevatedRoles say who may change/)
  })
})
