import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Module,
  Scope,
  UnauthorizedException,
  VersioningType,
} from '@nestjs/common'
import { APP_GUARD, REQUEST } from '@nestjs/core'
import type { OrganizationMembershipsJSON } from '@org-memberships/core/contract'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClerkSessionAccess,
  grantWithoutMembership,
  MembershipAccess,
  type MembershipCall,
  type MembershipGrant,
  type MembershipRequest,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsHttpModule,
  type OrganizationMembershipsHttpModuleOptions,
  OrganizationMembershipsModule,
} from '../src/index.js'
import { adapters, createApp } from './support/app.js'
import { call, type Mounted, type MountedOptions, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

let emulator: Emulator
const started: { close(): Promise<void> }[] = []
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())
afterEach(() => Promise.all(started.splice(0).map((each) => each.close())))

async function start(options: MountedOptions, adapter: (typeof adapters)[number] = 'express') {
  const mounted = await startMounted(adapter, { emulator, ...options })
  started.push(mounted)
  return mounted
}
const tokenOf = (mounted: Mounted, userId = 'user_ada') =>
  mounted.emulator.createSessionToken({ userId, azp: origin })
const route = '/organizations/org_acme/memberships'

/** Lets in who knows a word, and no more. */
@Injectable()
class Word extends MembershipAccess {
  calls: MembershipCall[] = []
  protected word = 'sesame'

  override authorize(membershipCall: MembershipCall): Promise<MembershipGrant> {
    this.calls.push(membershipCall)
    const { authorization } = membershipCall.request.headers
    if (authorization === undefined) return Promise.reject(new UnauthorizedException())
    if (authorization !== `Bearer ${this.word}`) return Promise.reject(new ForbiddenException())
    return Promise.resolve(grantWithoutMembership())
  }
}

describe('the HTTP module without an access policy', () => {
  it.each([{}, { access: undefined }, { access: null }, { access: 'anyone' }])(
    'is refused before the app starts: %j',
    (options) => {
      expect(() =>
        OrganizationMembershipsHttpModule.forRoot(
          options as unknown as OrganizationMembershipsHttpModuleOptions,
        ),
      ).toThrow(/OrganizationMembershipsHttpModule\.forRoot needs 'access'\. These routes show and/)
    },
  )

  it('is refused where the policy injects what is not there', async () => {
    const access = { useExisting: Word }
    await expect(
      createApp('express', {
        imports: [
          OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true }),
          OrganizationMembershipsHttpModule.forRoot({ access }),
        ],
      }),
    ).rejects.toThrow(/resolve dependencies/)
  })
})

describe('the HTTP module with an option that cannot work', () => {
  it.each([
    [
      { operations: ['listForUser'] },
      /no operation 'listForUser'; there are create, list, update,/,
    ],
    [{ filters: ['email_address'] }, /no filter 'email_address'; there are .*emailAddress,/],
  ])('says which there are: %j', (options, message) => {
    const given = {
      access: Word,
      ...options,
    } as unknown as OrganizationMembershipsHttpModuleOptions
    expect(() => OrganizationMembershipsHttpModule.forRoot(given)).toThrow(message)
  })
})

describe('the HTTP module without a client', () => {
  it.each([
    [
      undefined,
      /finds no OrganizationMembershipsClient to inject\. Add OrganizationMembershipsModule/,
    ],
    ['eu', /finds no client named 'eu' to inject\. Add .*\{ name: 'eu', isGlobal: true, … \}/],
  ])('says what to add (%s)', async (client, message) => {
    const options = { access: Word, ...(client !== undefined && { client }) }
    await expect(
      createApp('express', { imports: [OrganizationMembershipsHttpModule.forRoot(options)] }),
    ).rejects.toThrow(message)
  })

  it('takes one from its own imports', async () => {
    const app = createApp('express', {
      imports: [
        OrganizationMembershipsHttpModule.forRoot({
          access: Word,
          imports: [OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x' })],
        }),
      ],
    })
    await expect(app).resolves.toBeDefined()
  })
})

describe.each(adapters)('the HTTP module on %s', (adapter) => {
  it('mounts at a path, under a global prefix, with URI versioning', async () => {
    const mounted = await start(
      {
        http: { path: 'people/v7' },
        configure: (app) =>
          app
            .setGlobalPrefix('api')
            .enableVersioning({ type: VersioningType.URI, defaultVersion: '3' }),
      },
      adapter,
    )
    const token = await tokenOf(mounted)
    expect((await call('GET', `${mounted.url}/api/people/v7${route}`, { token })).status).toBe(200)
    expect((await call('GET', `${mounted.url}/people/v7${route}`, { token })).status).toBe(404)
    expect((await call('GET', `${mounted.url}/api/v3/people/v7${route}`, { token })).status).toBe(
      404,
    )
  })

  it('mounts only the operations that it is told to', async () => {
    const mounted = await start({ http: { operations: ['list', 'updateMetadata'] } }, adapter)
    const token = await tokenOf(mounted)
    const answers = await Promise.all([
      call('GET', `${mounted.url}/v1${route}`, { token }),
      call('PATCH', `${mounted.url}/v1${route}/user_bob/metadata`, { token, body: {} }),
      call('POST', `${mounted.url}/v1${route}`, { token, body: {} }),
      call('PATCH', `${mounted.url}/v1${route}/user_bob`, { token, body: {} }),
      call('DELETE', `${mounted.url}/v1${route}/user_bob`, { token }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404])
  })

  it('opens list filters that it is told to', async () => {
    const mounted = await start({ http: { filters: ['emailAddress'] } }, adapter)
    const token = await tokenOf(mounted, 'user_bob')
    const url = `${mounted.url}/v1${route}?email_address=ada%40example.com`
    const { total_count } = (await call('GET', url, { token })).json as OrganizationMembershipsJSON
    expect(total_count).toBe(1)
    expect((await call('GET', `${url}&phone_number=1`, { token })).status).toBe(422)
  })

  it('serves CORS where the app enables it, also on refusals', async () => {
    const mounted = await start(
      {
        configure: (app) => app.enableCors({ origin, exposedHeaders: ['Retry-After'] }),
      },
      adapter,
    )
    const headers = { Origin: origin, 'Access-Control-Request-Method': 'PATCH' }
    const preflight = await call('OPTIONS', `${mounted.url}/v1${route}/user_bob`, { headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(origin)
    const refused = await call('GET', `${mounted.url}/v1${route}`, { headers })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(origin)
  })

  it('runs guards of the app before its own, in the same envelope', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Closed implements CanActivate {
      constructor(@Inject(REQUEST) private readonly request: MembershipRequest) {}

      canActivate(context: ExecutionContext): boolean {
        expect(context.switchToHttp().getRequest()).toBe(this.request)
        if (this.request.headers['x-closed'] !== undefined) throw new ForbiddenException()
        return this.request.headers['x-refused'] === undefined
      }
    }
    const mounted = await start(
      { metadata: { providers: [{ provide: APP_GUARD, useClass: Closed }] } },
      adapter,
    )
    const token = await tokenOf(mounted)
    const get = (headers = {}) => call('GET', `${mounted.url}/v1${route}`, { token, headers })
    expect((await get()).status).toBe(200)
    const refused = [await get({ 'X-Closed': '1' }), await get({ 'X-Refused': '1' })]
    for (const { status, json } of refused) {
      expect(status).toBe(403)
      expect(json).toMatchObject({ errors: [{ code: 'authorization_invalid' }] })
    }
  })
})

describe('a policy of your own', () => {
  it('is asked with everything it may need', async () => {
    const mounted = await start({ http: { access: Word } })
    const access = mounted.app.get<Word>(MembershipAccess, { strict: false })
    const body = { user_id: 'user_dan', role: 'org:member' }
    const url = `${mounted.url}/v1${route}`
    expect((await call('POST', url, { token: 'sesame', body })).status).toBe(200)
    expect((await call('PATCH', `${url}/user_dan`, { token: 'sesame', body })).status).toBe(200)
    expect((await call('GET', url, { token: 'sesame' })).status).toBe(200)
    const dan = { organizationId: 'org_acme', userId: 'user_dan', role: 'org:member' }
    expect(access.calls).toMatchObject([
      { operation: 'create', ...dan, fresh: false },
      // Once more when its turn has come.
      { operation: 'create', ...dan, fresh: true },
      { operation: 'update', ...dan, fresh: false },
      { operation: 'update', ...dan, fresh: true },
      { operation: 'list', organizationId: 'org_acme', fresh: false },
    ])
    expect(access.calls[4]).not.toHaveProperty('userId')
  })

  it("refuses by Nest's exceptions, in the envelope", async () => {
    const mounted = await start({ http: { access: Word } })
    const url = `${mounted.url}/v1${route}`
    expect(await call('GET', url)).toMatchObject({
      status: 401,
      json: { errors: [{ code: 'authentication_invalid' }] },
    })
    expect(await call('GET', url, { token: 'x' })).toMatchObject({
      status: 403,
      json: { errors: [{ code: 'authorization_invalid' }] },
    })
  })

  it('that fails lets nobody in, and tells nothing', async () => {
    class Failing extends MembershipAccess {
      override authorize(): Promise<never> {
        return Promise.reject(new Error('password of the database'))
      }
    }
    const mounted = await start({ http: { access: Failing } })
    const answer = await call('GET', `${mounted.url}/v1${route}`)
    expect(answer.status).toBe(500)
    expect(answer.json).toMatchObject({ errors: [{ code: 'internal_error' }] })
    expect(answer.text).not.toContain('password')
  })

  it('may live for one request and have dependencies of its own', async () => {
    const token = Symbol('word')
    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends Word {
      constructor(
        @Inject(token) given: string,
        @Inject(REQUEST) readonly own: MembershipRequest,
      ) {
        super()
        this.word = given
      }

      override async authorize(membershipCall: MembershipCall) {
        expect(membershipCall.request).toBe(this.own)
        return super.authorize(membershipCall)
      }
    }
    @Module({ providers: [{ provide: token, useValue: 'open' }], exports: [token] })
    class Words {}
    const mounted = await start({ http: { access: { useClass: Scoped }, imports: [Words] } })
    const url = `${mounted.url}/v1${route}`
    expect((await call('GET', url, { token: 'open' })).status).toBe(200)
    expect((await call('GET', url, { token: 'sesame' })).status).toBe(403)
  })

  it('can surround changes', async () => {
    const log: string[] = []
    class Logging extends Word {
      override async change<T>({ operation }: MembershipCall, run: () => Promise<T>): Promise<T> {
        log.push(`${operation} starts`)
        const result = await run()
        log.push(`${operation} is done`)
        return result
      }
    }
    const mounted = await start({ http: { access: Logging } })
    const url = `${mounted.url}/v1${route}`
    await call('GET', url, { token: 'sesame' })
    await call('DELETE', `${url}/user_bob`, { token: 'sesame' })
    expect(log).toEqual(['delete starts', 'delete is done'])
  })
})

describe('two mounts', () => {
  it('have their own paths, clients and policies', async () => {
    const other = await createEmulator({ seed: { organizations: [{ id: 'org_acme' }] } })
    started.push(other)
    const mounted = await start({
      metadata: {
        imports: [
          OrganizationMembershipsModule.forRoot({
            name: 'empty',
            baseURL: other.url,
            secretKey: other.secretKey,
            isGlobal: true,
          }),
          OrganizationMembershipsHttpModule.forRoot({
            path: 'empty',
            client: 'empty',
            access: Word,
          }),
        ],
      },
    })
    const token = await tokenOf(mounted)
    const counts = await Promise.all([
      call('GET', `${mounted.url}/v1${route}`, { token }),
      call('GET', `${mounted.url}/empty${route}`, { token: 'sesame' }),
      call('GET', `${mounted.url}/empty${route}`, { token }),
      call('GET', `${mounted.url}/v1${route}`, { token: 'sesame' }),
    ])
    expect(counts.map(({ status }) => status)).toEqual([200, 200, 403, 401])
    expect(counts[0]?.json).toMatchObject({ total_count: 3 })
    expect(counts[1]?.json).toMatchObject({ total_count: 0 })
  })

  it('can share one policy, and its look-ups', async () => {
    await emulator.reset()
    const { secretKey, url: baseURL, origin: apiUrl } = emulator
    const access = { useExisting: MembershipAccess }
    const imports = [
      OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
      OrganizationMembershipsAccessModule.forRoot({
        access: ClerkSessionAccess.withAsync({
          inject: [OrganizationMembershipsClient],
          useFactory: () => ({ secretKey, apiUrl, authorizedParties: [origin] }),
        }),
        isGlobal: true,
      }),
      OrganizationMembershipsHttpModule.forRoot({ access, operations: ['list'] }),
      OrganizationMembershipsHttpModule.forRoot({ access, path: 'v2', operations: ['list'] }),
    ]
    const app = await createApp('express', { imports })
    started.push(app)
    await app.listen(0, '127.0.0.1')
    const url = await app.getUrl()
    const token = await emulator.createSessionToken({ userId: 'user_bob', azp: origin })
    const statuses = await Promise.all(
      ['v1', 'v2'].map(
        async (path) => (await call('GET', `${url}/${path}${route}`, { token })).status,
      ),
    )
    expect(statuses).toEqual([200, 200])
    expect(emulator.requests.filter(({ search }) => search.has('user_id'))).toHaveLength(1)
  })
})

describe('serialize', () => {
  it('shapes each membership, and cannot let private metadata out', async () => {
    const mounted = await start({
      http: {
        serialize: async ({ public_user_data: user, ...membership }, { operation }) => ({
          ...membership,
          role_name: `${membership.role_name} (${operation})`,
          private_metadata: { leaked: true },
          organization: { ...membership.organization, private_metadata: { leaked: true } },
          ...(user && { public_user_data: { ...user, identifier: null } }),
        }),
      },
    })
    const token = await tokenOf(mounted)
    const url = `${mounted.url}/v1${route}`
    const page = await call('GET', url, { token })
    const { data } = page.json as OrganizationMembershipsJSON
    expect(data.map(({ role_name }) => role_name)).toContain('Admin (list)')
    const removed = await call('DELETE', `${url}/user_bob`, { token })
    expect(removed.json).toMatchObject({ role_name: 'Member (delete)' })
    for (const { text } of [page, removed]) {
      expect(text).not.toMatch(/leaked|private_metadata|@example\.com/)
    }
  })
})

describe('the cost of a guarded request', () => {
  it.each(adapters)('500 at once by one user read the membership once (%s)', async (adapter) => {
    const mounted = await start({}, adapter)
    const token = await tokenOf(mounted, 'user_bob')
    const answers = await Promise.all(
      Array.from({ length: 500 }, () =>
        call('PATCH', `${mounted.url}/v1${route}/user_cleo`, { token, body: {} }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]))
    expect(mounted.emulator.requests.filter(({ route: name }) => name === 'list')).toHaveLength(1)
  })
})

describe('a change', () => {
  it.each([
    ['through the mounted routes', false],
    ['through the injected client', true],
  ])('%s counts for the very next request of the member', async (_, byClient) => {
    const mounted = await start({})
    const [ada, bob] = await Promise.all([tokenOf(mounted), tokenOf(mounted, 'user_bob')])
    const url = `${mounted.url}/v1${route}`
    const list = async () => (await call('GET', url, { token: bob })).status
    expect(await list()).toBe(200)
    const member = { organizationId: 'org_acme', userId: 'user_bob' }
    const client = mounted.app.get(OrganizationMembershipsClient, { strict: false })
    if (byClient) await client.delete(member)
    else await call('DELETE', `${url}/user_bob`, { token: ada })
    expect(await list()).toBe(403)
  })

  it('by webhook or elsewhere is made known by invalidate', async () => {
    const mounted = await start({})
    const token = await tokenOf(mounted, 'user_bob')
    const list = async () => (await call('GET', `${mounted.url}/v1${route}`, { token })).status
    expect(await list()).toBe(200)
    const { app } = mounted
    await call('DELETE', `${emulator.url}${route}/user_bob`, { token: emulator.secretKey })
    expect(await list()).toBe(200)
    await app
      .get<ClerkSessionAccess>(MembershipAccess, { strict: false })
      .invalidate('org_acme', 'user_bob')
    expect(await list()).toBe(403)
  })
})
