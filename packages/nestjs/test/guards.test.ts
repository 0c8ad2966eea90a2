import { Controller, Get, Inject, Injectable, Module, Scope, UseGuards } from '@nestjs/common'
import { APP_GUARD, REQUEST } from '@nestjs/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ClerkSessionAccess,
  CurrentMembership,
  type CurrentMembershipQuestion,
  grantWithoutMembership,
  MembershipAccess,
  type MembershipRequest,
  OrganizationFrom,
  OrganizationMembershipGuard,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsModule,
  RequireOrganizationPermission,
  RequireOrganizationRole,
} from '../src/index.js'
import { adapters, createApp, type RunningApp, startApp } from './support/app.js'
import { type Answer, call, origin, startMounted } from './support/mounted.js'
import { planted, seed } from './support/seed.js'

@Controller('invoices')
class InvoicesController {
  @Get()
  @RequireOrganizationPermission('org:invoices:read')
  list(@CurrentMembership() membership: OrganizationMembership) {
    return membership
  }

  @Get('mine')
  @UseGuards(OrganizationMembershipGuard)
  mine(@CurrentMembership('role') role: string) {
    return { role }
  }

  @Get('close')
  @RequireOrganizationPermission('org:invoices:read', 'org:invoices:close')
  close() {
    return 'closed'
  }

  @Get('audit')
  @RequireOrganizationPermission('org:invoices:read')
  @RequireOrganizationRole('org:admin')
  audit() {
    return 'audited'
  }

  @Get('unguarded')
  unguarded(@CurrentMembership() membership: OrganizationMembership) {
    return membership
  }
}

@Controller('organizations/:organizationId')
@OrganizationFrom('organizationId')
@RequireOrganizationRole('org:admin', 'org:clerk')
class OrganizationController {
  @Get('reports')
  reports(@CurrentMembership('organization') { id }: OrganizationMembership['organization']) {
    return { id }
  }

  @Get('by-header')
  @OrganizationFrom((request: MembershipRequest) => request.headers['x-organization']?.toString())
  byHeader(@CurrentMembership('organization') { id }: OrganizationMembership['organization']) {
    return { id }
  }
}

/** A provider of one request makes everything that injects it live for one request, the controller included. */
@Injectable({ scope: Scope.REQUEST })
class Caller {
  constructor(@Inject(REQUEST) readonly request: MembershipRequest) {}
}

@Controller('scoped')
class ScopedController {
  constructor(@Inject(Caller) private readonly caller: Caller) {}

  @Get()
  @RequireOrganizationRole('org:admin')
  get() {
    return { url: this.caller.request.url }
  }
}

@Module({
  controllers: [InvoicesController, OrganizationController, ScopedController],
  providers: [Caller],
})
class FeatureModule {}

const roles = [
  { key: 'org:clerk', permissions: ['org:sys_memberships:read', 'org:invoices:read'] },
  {
    key: 'org:accountant',
    permissions: ['org:sys_memberships:read', 'org:invoices:read', 'org:invoices:close'],
  },
]

describe.each(adapters)("guards of the app's own routes on %s", (adapter) => {
  let emulator: Emulator
  let running: RunningApp

  beforeAll(async () => {
    const [acme, globex] = seed.organizations
    emulator = await createEmulator({
      seed: {
        ...seed,
        roles,
        organizations: [
          {
            ...acme!,
            memberships: [
              ...acme!.memberships,
              { user_id: 'user_dan', role: 'org:clerk' },
              {
                user_id: 'user_eve',
                role: 'org:accountant',
                private_metadata: { note: planted.membership },
              },
            ],
          },
          globex!,
        ],
      },
    })
    running = await startApp(adapter, {
      imports: [
        OrganizationMembershipsModule.forRoot({
          secretKey: emulator.secretKey,
          baseURL: emulator.url,
          isGlobal: true,
        }),
        OrganizationMembershipsAccessModule.forRoot({
          access: ClerkSessionAccess.with({
            secretKey: emulator.secretKey,
            apiUrl: emulator.origin,
            authorizedParties: [origin],
          }),
          isGlobal: true,
        }),
        FeatureModule,
      ],
    })
  })
  afterAll(async () => {
    await running.close()
    await emulator.close()
  })

  async function get(
    path: string,
    userId?: string,
    organizationId?: string,
    headers?: { [name: string]: string },
  ): Promise<Answer> {
    const token =
      userId &&
      (await emulator.createSessionToken({
        userId,
        azp: origin,
        ...(organizationId !== undefined && { organizationId }),
      }))
    return call('GET', `${running.url}${path}`, {
      token: token ?? undefined,
      headers: headers ?? {},
    })
  }

  it('lets a caller in by permission in the active organization, and hands the membership on', async () => {
    const answer = await get('/invoices', 'user_eve', 'org_acme')
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ role: 'org:accountant', organization: { id: 'org_acme' } })
    expect(answer.text).not.toContain('planted')
    const reason =
      'This takes the permission org:invoices:read in the organization, which you do not have.'
    expect((await get('/invoices', 'user_bob', 'org_acme')).json).toEqual({
      errors: [
        { code: 'authorization_invalid', message: 'Unauthorized request', long_message: reason },
      ],
      message: reason,
      statusCode: 403,
    })
  })

  it('goes by the organization that is active, not by another one', async () => {
    // She has the permission in Acme, and no such permission in Globex.
    expect((await get('/invoices', 'user_eve', 'org_globex')).status).toBe(403)
    expect((await get('/invoices', 'user_eve')).json).toMatchObject({
      errors: [{ long_message: 'No organization is active in your session: choose one first.' }],
    })
  })

  it('asks for every permission, and for all decorators', async () => {
    expect((await get('/invoices/close', 'user_eve', 'org_acme')).status).toBe(200)
    expect((await get('/invoices/close', 'user_dan', 'org_acme')).text).toContain(
      'This takes the permission org:invoices:close in',
    )
    expect((await get('/invoices/audit', 'user_eve', 'org_acme')).status).toBe(403)
    expect((await get('/invoices/audit', 'user_ada', 'org_acme')).status).toBe(403)
  })

  it('lets every member in where nothing more is asked', async () => {
    expect((await get('/invoices/mine', 'user_bob', 'org_acme')).json).toEqual({
      role: 'org:member',
    })
    expect((await get('/invoices/mine')).status).toBe(401)
  })

  it('takes the organization from the path, or from where a function finds it', async () => {
    expect((await get('/organizations/org_acme/reports', 'user_dan')).json).toEqual({
      id: 'org_acme',
    })
    expect((await get('/organizations/org_globex/reports', 'user_dan')).status).toBe(403)
    const headers = { 'X-Organization': 'org_globex' }
    const byHeader = await get('/organizations/org_acme/by-header', 'user_eve', undefined, headers)
    expect(byHeader.json).toEqual({ id: 'org_globex' })
  })

  it('never falls back to the active organization where the route names another source', async () => {
    const answer = await get('/organizations/org_acme/by-header', 'user_ada', 'org_acme')
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('does not say which organization')
  })

  it('works where the controller lives for one request', async () => {
    expect((await get('/scoped', 'user_ada', 'org_acme')).json).toEqual({ url: '/scoped' })
    expect((await get('/scoped', 'user_bob', 'org_acme')).status).toBe(403)
  })

  it('is a server error to ask for a membership without the guard', async () => {
    expect((await get('/invoices/unguarded', 'user_ada', 'org_acme')).status).toBe(500)
  })
})

describe('OrganizationMembershipGuard', () => {
  class NoCurrentMembership extends MembershipAccess {
    override authorize() {
      return Promise.resolve(grantWithoutMembership())
    }
  }
  const running: RunningApp[] = []
  afterEach(() => Promise.all(running.splice(0).map((app) => app.close())))

  it('says what to do where there is no policy', async () => {
    await expect(createApp('express', { imports: [FeatureModule] })).rejects.toThrow(
      /finds no MembershipAccess\. Give OrganizationMembershipsHttpModule\.forRoot isGlobal: true, or/,
    )
  })

  it('lets nobody in where the policy cannot say who the caller is', async () => {
    const app = await startApp('express', {
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true }),
        OrganizationMembershipsAccessModule.forRoot({
          access: NoCurrentMembership,
          isGlobal: true,
        }),
        FeatureModule,
      ],
    })
    running.push(app)
    expect((await call('GET', `${app.url}/invoices/mine`)).status).toBe(500)
  })

  it('answers 504 where the policy never does', async () => {
    let asked: () => void = () => undefined
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    class Hanging extends NoCurrentMembership {
      override currentMembership() {
        asked()
        return new Promise<never>(() => undefined)
      }
    }
    const app = await startApp('express', {
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true }),
        OrganizationMembershipsAccessModule.forRoot({ access: Hanging, isGlobal: true }),
        FeatureModule,
      ],
    })
    running.push(app)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answer = call('GET', `${app.url}/invoices/mine`)
    await isAsked
    vi.advanceTimersByTime(8_000)
    vi.useRealTimers()
    expect(await answer).toMatchObject({
      status: 504,
      json: { errors: [{ code: 'upstream_timeout' }] },
    })
  })

  it('ends the look-up of ClerkSessionAccess for a caller who has gone', async () => {
    let asked: (signal: AbortSignal) => void = () => undefined
    const signal = new Promise<AbortSignal>((resolve) => (asked = resolve))
    const mounted = await startMounted('express', {
      http: { isGlobal: true },
      client: {
        fetch: (_url, init) => {
          if (init?.signal) asked(init.signal)
          return new Promise<never>(() => undefined)
        },
      },
      metadata: { controllers: [InvoicesController] },
    })
    const token = await mounted.emulator.createSessionToken({
      userId: 'user_ada',
      organizationId: 'org_acme',
      azp: origin,
    })
    const caller = new AbortController()
    const answer = fetch(`${mounted.url}/invoices/mine`, {
      signal: caller.signal,
      headers: { Authorization: `Bearer ${token}` },
    }).catch(() => 'gone')
    const lookUp = await signal
    caller.abort()
    expect(await answer).toBe('gone')
    await expect.poll(() => lookUp.aborted).toBe(true)
    await mounted.close()
  })

  it.each(adapters)('ends what a policy does for a caller who has gone, on %s', async (adapter) => {
    let asked: () => void = () => undefined
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    let ended: (reason: unknown) => void = () => undefined
    const reason = new Promise<unknown>((resolve) => (ended = resolve))
    class Slow extends NoCurrentMembership {
      override currentMembership({ signal }: CurrentMembershipQuestion) {
        signal?.addEventListener('abort', () => ended(signal.reason))
        asked()
        return new Promise<never>(() => undefined)
      }
    }
    const app = await startApp(adapter, {
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true }),
        OrganizationMembershipsAccessModule.forRoot({ access: Slow, isGlobal: true }),
        FeatureModule,
      ],
    })
    running.push(app)
    const caller = new AbortController()
    const answer = fetch(`${app.url}/invoices/mine`, { signal: caller.signal }).catch(() => 'gone')
    await isAsked
    caller.abort()
    expect(await answer).toBe('gone')
    expect(await reason).toMatchObject({ status: 499 })
  })
})

describe('OrganizationMembershipGuard for the whole app', () => {
  @Controller('own')
  class OwnController {
    @Get()
    own(@CurrentMembership('role') role: string) {
      return { role }
    }
  }

  it.each([
    ['APP_GUARD', [{ provide: APP_GUARD, useClass: OrganizationMembershipGuard }], false],
    ['useGlobalGuards', [OrganizationMembershipGuard], true],
  ])(
    'guards own routes by %s, and leaves mounted ones to their policy',
    async (_, providers, is) => {
      const mounted = await startMounted('express', {
        http: { isGlobal: true },
        metadata: { controllers: [OwnController], providers },
        configure: (app) => {
          if (is) app.useGlobalGuards(app.get(OrganizationMembershipGuard))
        },
      })
      const ask = async (path: string, session?: { userId: string; organizationId?: string }) => {
        const token =
          session && (await mounted.emulator.createSessionToken({ ...session, azp: origin }))
        return call('GET', `${mounted.url}${path}`, { token })
      }
      const ada = { userId: 'user_ada', organizationId: 'org_acme' }
      expect((await ask('/own', ada)).json).toEqual({ role: 'org:admin' })
      expect((await ask('/own', { userId: 'user_ada' })).status).toBe(403)
      expect((await ask('/own')).status).toBe(401)
      const list = '/v1/organizations/org_acme/memberships'
      expect((await ask(list, { userId: 'user_ada' })).status).toBe(200)
      expect((await ask(list, { userId: 'user_eve' })).status).toBe(403)
      expect((await ask(list)).status).toBe(401)
      await mounted.close()
    },
  )
})
