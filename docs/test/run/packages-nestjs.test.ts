import { Controller, Get, type INestApplication, Logger, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Test } from '@nestjs/testing'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  type MembershipAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { Page } from './page.js'
import { runCommand } from './shell.js'
import { standInForClerk } from './stand-in.js'

const page = await Page.open('packages/nestjs/README.md')
standInForClerk()

const azp = 'https://app.example.com'
const seed = {
  roles: [{ key: 'org:auditor', name: 'Auditor', permissions: ['org:invoices:read'] }],
  users: [{ id: 'user_ada' }, { id: 'user_bob' }, { id: 'user_eve' }],
  organizations: [
    {
      id: 'org_1',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin' },
        { user_id: 'user_bob', role: 'org:auditor' },
      ],
    },
  ],
}

it('injects, mounts, guards, and hears of changes', async () => {
  await page.writeNamed()
  const { AppModule } = await page.import<{ AppModule: Type }>(
    '## Mount the routes',
    'src/app.module.ts',
  )
  const { TeamService } = await page.import<{
    TeamService: Type<{ promote(organizationId: string, userId: string): Promise<unknown> }>
  }>('## Inject', 'class TeamService')
  const { InvoicesController, ExportsController } = await page.import<{
    InvoicesController: Type
    ExportsController: Type
  }>('## Guard your own routes')
  const { WebhooksController } = await page.import<{ WebhooksController: Type }>(
    '## ClerkSessionAccess',
    'WebhooksController',
  )
  const module = await createTestingModule(
    {
      imports: [AppModule],
      controllers: [InvoicesController, ExportsController, WebhooksController],
      providers: [TeamService],
    },
    { seed, clients: ['eu'] },
  ).compile()
  const app = module.createNestApplication({ logger: false })
  await app.listen(0)
  const url = await app.getUrl()
  const emulator = emulatorOf(app)
  const tokens = {
    user_ada: await emulator.createSessionToken({ userId: 'user_ada', azp }),
    user_bob: await emulator.createSessionToken({
      userId: 'user_bob',
      organizationId: 'org_1',
      azp,
    }),
    user_eve: await emulator.createSessionToken({ userId: 'user_eve', azp }),
  }
  const ask = async (userId: keyof typeof tokens, path: string, init: RequestInit = {}) => {
    const token = tokens[userId]
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const response = await fetch(`${url}${path}`, { ...init, headers })
    return { status: response.status, json: (await response.json().catch(() => null)) as unknown }
  }

  // A browser's client, with an address that is whole, since this is none.
  const { memberships } = await page.import<{ memberships: OrganizationMembershipsClient }>(
    '## Mount the routes',
    "baseURL: '/v1'",
    (code) => code.replace("'/v1'", `'${url}/v1'`),
  )
  vi.stubGlobal('session', { getToken: async () => tokens.user_ada })
  expect(await memberships.count({ organizationId: 'org_1' })).toBe(2)

  expect(await ask('user_bob', '/invoices')).toEqual({ status: 200, json: { of: 'org_1' } })
  expect(await ask('user_ada', '/invoices')).toMatchObject({ status: 403 })
  const start = { method: 'POST' }
  expect(await ask('user_ada', '/organizations/org_1/exports', start)).toEqual({
    status: 201,
    json: { role: 'org:admin' },
  })
  expect(await ask('user_eve', '/organizations/org_1/exports', start)).toMatchObject({
    status: 403,
  })

  // A change past this backend counts when the webhook tells of it.
  await new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  }).delete({ organizationId: 'org_1', userId: 'user_bob' })
  expect(await ask('user_bob', '/invoices')).toMatchObject({ status: 200 })
  const body = JSON.stringify({
    data: { organization: { id: 'org_1' }, public_user_data: { user_id: 'user_bob' } },
  })
  expect(await ask('user_ada', '/webhooks/clerk', { method: 'POST', body })).toMatchObject({
    status: 201,
  })
  expect(await ask('user_bob', '/invoices')).toMatchObject({ status: 403 })

  await memberships.create({ organizationId: 'org_1', userId: 'user_eve', role: 'org:member' })
  await module.get(TeamService).promote('org_1', 'user_eve')
  expect(await memberships.count({ organizationId: 'org_1', role: 'org:admin' })).toBe(2)
  await app.close()
})

it('starts, and lets browsers of another origin see when to try again', async () => {
  const create = vi.spyOn(NestFactory, 'create')
  Logger.overrideLogger(false)
  onTestFinished(() => Logger.overrideLogger(['log']))
  vi.stubEnv('CLERK_SECRET_KEY_EU', 'sk_test_eu')
  await page.writeNamed()
  await page.import('## Mount the routes', 'bootstrap', (code) => code.replace('3000', '0'))
  const app = (await create.mock.results[0]?.value) as INestApplication
  await expect.poll(() => app.getHttpServer().listening).toBe(true)
  const response = await fetch(`${await app.getUrl()}/v1/organizations/org_1/memberships`, {
    headers: { Origin: azp },
  })
  expect(response.status).toBe(401)
  expect(response.headers.get('access-control-allow-origin')).toBe(azp)
  expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After')
  await app.close()
})

it('takes a policy of your own', async () => {
  const { OperatorAccess } = await page.import<{ OperatorAccess: Type<MembershipAccess> }>(
    '## A policy of your own',
  )
  vi.stubEnv('OPERATOR_TOKEN', 'operator')
  const module = await createTestingModule(
    {
      imports: [
        OrganizationMembershipsModule.forRoot({ isGlobal: true }),
        OrganizationMembershipsHttpModule.forRoot({ access: OperatorAccess }),
      ],
    },
    { seed },
  ).compile()
  const app = module.createNestApplication({ logger: false })
  await app.listen(0)
  const status = async (method: string, path: string, token: string) => {
    const headers = { Authorization: `Bearer ${token}` }
    return (await fetch(`${await app.getUrl()}/v1${path}`, { method, headers })).status
  }
  expect(await status('GET', '/organizations/org_1/memberships', 'operator')).toBe(200)
  expect(await status('GET', '/organizations/org_1/memberships', 'somebody')).toBe(403)
  expect(await status('DELETE', '/organizations/org_1/memberships/user_bob', 'operator')).toBe(403)
  await app.close()
})

it("answers with the API's errors on a route of your own", async () => {
  @Controller('members')
  class MembersController {
    @Get()
    missing() {
      return new OrganizationMembershipsClient().update({
        organizationId: 'org_1',
        userId: 'user_gone',
        role: 'org:member',
      })
    }
  }
  const { ErrorsModule } = await page.import<{ ErrorsModule: Type }>('## Errors')
  const module = await Test.createTestingModule({
    imports: [ErrorsModule],
    controllers: [MembersController],
  }).compile()
  const app = module.createNestApplication({ logger: false })
  await app.listen(0)
  const response = await fetch(`${await app.getUrl()}/members`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ errors: [{ code: 'resource_not_found' }] })
  await app.close()
})

it('tests a service', async () => {
  await page.writeNamed()
  const { output, status } = await runCommand({
    code: 'npx vitest run src/team.service.test.ts',
    folder: page.folder,
  })
  expect(output).toContain('Tests  1 passed (1)')
  expect(status).toBe(0)
})

const own = {
  because: "the module's own test runs it",
  by: 'packages/nestjs/test/readme.test.ts',
}
page.notRun('### What `query` finds', 'WithoutSearch', own)
page.notRun('### GraphQL, microservices and WebSockets', 'requestFrom', own)
page.notRun('## Testing', 'await app.listen(0)', own)
page.notRun('## Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
