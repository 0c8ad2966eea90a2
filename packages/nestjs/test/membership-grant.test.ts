import { Controller, Get, Logger, Module, UseGuards } from '@nestjs/common'
import { type OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  CurrentMembership,
  grantWithoutMembership,
  MembershipAccess,
  type MembershipCall,
  OrganizationMembershipGuard,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsModule,
  OrganizationFrom,
  RequireOrganizationRole,
} from '../src/index.js'
import { startApp } from './support/app.js'
import { call, type MountedOptions, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

const route = '/organizations/org_acme/memberships'
const refused = {
  status: 403,
  json: { errors: [{ code: 'authorization_invalid', long_message: expect.any(String) }] },
}

let emulator: Emulator
let client: OrganizationMembershipsClient
let ofAcme: OrganizationMembership
let ofGlobex: OrganizationMembership
const started: { close(): Promise<void> }[] = []

beforeAll(async () => {
  emulator = await createEmulator({ seed })
  client = new OrganizationMembershipsClient({
    secretKey: emulator.secretKey,
    baseURL: emulator.url,
  })
  ofAcme = (await client.get({ organizationId: 'org_acme', userId: 'user_ada' }))!
  ofGlobex = (await client.get({ organizationId: 'org_globex', userId: 'user_eve' }))!
})
afterAll(() => emulator.close())
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(started.splice(0).map((each) => each.close()))
})

async function start(options: MountedOptions) {
  const mounted = await startMounted('express', { emulator, ...options })
  started.push(mounted)
  return mounted
}

/** What a policy in JavaScript may return, by mistake or on purpose, that says nothing about the caller. */
const notGrants: [string, () => unknown][] = [
  ['null', () => null],
  ['undefined', () => undefined],
  ['true', () => true],
  ['a string', () => 'yes'],
  ['an array', () => []],
  ['an array of one membership', () => [ofAcme]],
  ['an object', () => ({ ok: false })],
  ['an error', () => new Error('no')],
  ['a membership of another organization', () => ofGlobex],
  ['a membership without permissions', () => ({ ...ofAcme, permissions: undefined })],
  ['a membership without an organization', () => ({ ...ofAcme, organization: null })],
  ['a copy of a grant', () => ({ ...grantWithoutMembership(), caller: 'user_ada' })],
  ['what looks like a grant', () => Object.create(Object.getPrototypeOf(grantWithoutMembership()))],
]

describe('authorize', () => {
  it.each(notGrants)('that returns %s refuses', async (name, result) => {
    const error = vi.spyOn(Logger.prototype, 'error').mockReturnValue(undefined)
    class Careless extends MembershipAccess {
      override authorize(): Promise<OrganizationMembership> {
        return Promise.resolve(result() as OrganizationMembership)
      }
    }
    const { url } = await start({ http: { access: Careless } })
    expect(await call('GET', `${url}/v1${route}`)).toMatchObject(refused)
    expect(await call('DELETE', `${url}/v1${route}/user_bob`)).toMatchObject(refused)
    expect(emulator.requests).toEqual([])
    // One line says what to do; null is a way to say no, if not a good one.
    const lines = error.mock.calls.map(([line]) => String(line))
    expect(lines).toHaveLength(name === 'null' ? 0 : 1)
    for (const line of lines) {
      expect(line).toMatch(/^Careless\.authorize returned .*, which refuses the call\. Return the/)
      expect(line).toContain('grantWithoutMembership()')
    }
  })

  it.each<[string, () => unknown]>([
    ["the caller's membership", () => ofAcme],
    ['a grant', () => grantWithoutMembership()],
    ['a grant that names its caller', () => grantWithoutMembership({ caller: 'operator' })],
  ])('that returns %s grants', async (_, result) => {
    class Deciding extends MembershipAccess {
      override authorize(): Promise<OrganizationMembership> {
        return Promise.resolve(result() as OrganizationMembership)
      }
    }
    const { url } = await start({ http: { access: Deciding } })
    expect((await call('GET', `${url}/v1${route}`)).status).toBe(200)
    expect((await call('DELETE', `${url}/v1${route}/user_bob`)).status).toBe(200)
  })

  it("that returns what the client's get finds refuses a stranger", async () => {
    class Asking extends MembershipAccess {
      // @ts-expect-error null grants nothing
      override authorize = ({ organizationId, request }: MembershipCall) =>
        client.get({ organizationId, userId: String(request.headers['x-user']) })
    }
    const access = Asking as unknown as new () => MembershipAccess
    const { url } = await start({ http: { access } })
    const as = (user: string) => call('GET', `${url}/v1${route}`, { headers: { 'X-User': user } })
    expect((await as('user_ada')).status).toBe(200)
    expect(await as('user_eve')).toMatchObject(refused)
  })
})

@Controller('organizations/:organizationId')
@OrganizationFrom('organizationId')
class OwnController {
  @Get('mine')
  @UseGuards(OrganizationMembershipGuard)
  mine(@CurrentMembership('role') role: string) {
    return { role }
  }

  @Get('admins')
  @RequireOrganizationRole('org:admin')
  admins(@CurrentMembership('role') role: string) {
    return { role }
  }
}

@Module({ controllers: [OwnController] })
class OwnModule {}

describe('currentMembership', () => {
  async function startOwn(currentMembership: () => unknown) {
    class Careless extends MembershipAccess {
      override authorize = () => Promise.resolve(grantWithoutMembership())
      override currentMembership() {
        return Promise.resolve(currentMembership() as OrganizationMembership)
      }
    }
    const app = await startApp('express', {
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true }),
        OrganizationMembershipsAccessModule.forRoot({ access: Careless, isGlobal: true }),
        OwnModule,
      ],
    })
    started.push(app)
    return app
  }

  it.each([...notGrants, ['a grant', () => grantWithoutMembership()] as const])(
    'that returns %s refuses, with and without a requirement',
    async (_, result) => {
      vi.spyOn(Logger.prototype, 'error').mockReturnValue(undefined)
      const { url } = await startOwn(result)
      for (const path of ['mine', 'admins']) {
        expect((await call('GET', `${url}/organizations/org_acme/${path}`)).status).toBe(403)
      }
    },
  )

  it('that returns the membership in the organization that is meant lets in', async () => {
    const { url } = await startOwn(() => ofAcme)
    for (const path of ['mine', 'admins']) {
      const answer = await call('GET', `${url}/organizations/org_acme/${path}`)
      expect(answer.json).toEqual({ role: 'org:admin' })
    }
  })
})

describe('ClerkSessionAccess', () => {
  it.each([
    ['another user', 'user_ada', 'org_acme'],
    ['another organization', 'user_eve', 'org_globex'],
  ])('refuses where a shared store holds the membership of %s', async (_, owner, theirs) => {
    const kept = new Map<string, unknown>()
    let isMixedUp = false
    const store = {
      get: (key: string) => {
        const [first = ''] = kept.keys()
        const owners = first.replace(':generation', '')
        const mixedUp = key.endsWith(':generation') ? `${owners}:generation` : owners
        return kept.get(isMixedUp ? mixedUp : key)
      },
      set: (key: string, value: unknown) => kept.set(key, value),
    }
    const { url } = await start({ access: { cache: { store } } })
    const tokenOf = (userId: string) => emulator.createSessionToken({ userId, azp: origin })
    const own = `${url}/v1/organizations/${theirs}/memberships`
    expect((await call('GET', own, { token: await tokenOf(owner) })).status).toBe(200)
    isMixedUp = true
    const before = lookUps()
    const token = await tokenOf('user_eve')
    expect(await call('GET', `${url}/v1${route}`, { token })).toMatchObject(refused)
    // It was the store that was asked, and believed.
    expect(lookUps()).toBe(before)
  })
})

const lookUps = () => emulator.requests.filter(({ search }) => search.has('user_id')).length
