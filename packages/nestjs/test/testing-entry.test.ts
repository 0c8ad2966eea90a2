import { Controller, Get, Inject, Module, Param } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { describe, expect, it } from 'vitest'
import {
  ClerkSessionAccess,
  CurrentMembership,
  InjectOrganizationMemberships,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationRole,
} from '../src/index.js'
import { createTestingModule, emulatorOf } from '../src/testing/index.js'
import { call } from './support/mounted.js'
import { seed } from './support/seed.js'

@Controller('team')
class TeamController {
  constructor(
    @Inject(OrganizationMembershipsClient) private readonly own: OrganizationMembershipsClient,
    @InjectOrganizationMemberships('eu') private readonly eu: OrganizationMembershipsClient,
  ) {}

  @Get('size/:organization')
  async size(@Param('organization') organizationId: string) {
    const [own, eu] = await Promise.all([
      this.own.count({ organizationId }),
      this.eu.count({ organizationId }),
    ])
    return { own, eu }
  }

  @Get('role')
  @RequireOrganizationRole('org:admin')
  role(@CurrentMembership('role') role: string) {
    return { role }
  }
}

/** An app as it goes into production: real addresses, and keys that are not there under test. */
@Module({
  imports: [
    OrganizationMembershipsModule.forRoot({ isGlobal: true }),
    OrganizationMembershipsModule.forRoot({ name: 'eu', isGlobal: true }),
    OrganizationMembershipsHttpModule.forRoot({
      access: ClerkSessionAccess.with({
        authorizedParties: ['https://app.example.com'],
        issuer: 'https://clerk.example.com',
      }),
      isGlobal: true,
    }),
  ],
  controllers: [TeamController],
})
class AppModule {}

describe('@org-memberships/nestjs/testing', () => {
  it('puts an emulator behind an app, its clients and its sessions, and closes it along', async () => {
    const module = await createTestingModule(
      { imports: [AppModule] },
      { seed, clients: ['eu'] },
    ).compile()
    const app = module.createNestApplication({ logger: false })
    await app.listen(0, '127.0.0.1')
    const emulator = emulatorOf(app)
    const url = await app.getUrl()

    expect((await call('GET', `${url}/team/size/org_acme`)).json).toEqual({ own: 3, eu: 3 })

    const token = await emulator.createSessionToken({
      userId: 'user_ada',
      organizationId: 'org_acme',
      azp: 'https://app.example.com',
    })
    expect((await call('GET', `${url}/team/role`, { token })).json).toEqual({ role: 'org:admin' })
    const list = await call('GET', `${url}/v1/organizations/org_acme/memberships`, { token })
    expect(list.status).toBe(200)
    // The rest of the app's options still counts.
    const other = await emulator.createSessionToken({
      userId: 'user_ada',
      azp: 'https://x.example',
    })
    expect((await call('GET', `${url}/team/role`, { token: other })).status).toBe(401)

    await app.close()
    await expect(fetch(emulator.url)).rejects.toThrow('fetch failed')
  })

  it('lets a test override more', async () => {
    const fake = { count: () => Promise.resolve(7) }
    const module = await createTestingModule({ imports: [AppModule] }, { seed, clients: ['eu'] })
      .overrideProvider(OrganizationMembershipsClient)
      .useValue(fake)
      .compile()
    expect(await module.get(TeamController).size('org_acme')).toEqual({ own: 7, eu: 3 })
    await module.close()
  })

  it('says what is wrong with a seed', async () => {
    const wrong = { organizations: [{ id: '..' }] }
    await expect(
      createTestingModule({ imports: [AppModule] }, { seed: wrong }).compile(),
    ).rejects.toThrow(/organizations\[0\]\.id/)
  })
})
