import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Controller, Get, Inject, Module, Param } from '@nestjs/common'
import { Test } from '@nestjs/testing'
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

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

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

  it('closes its emulator when the app cannot start, and says what a named client lacks', async () => {
    const port = await freePort()
    const compile = (clients: string[]) =>
      createTestingModule({ imports: [AppModule] }, { seed, clients, port }).compile()
    await expect(compile([])).rejects.toThrow(/\(client 'eu'\).*clients: \['eu'\]/s)
    // The port is free again, so another emulator can have it.
    const module = await compile(['eu'])
    expect(emulatorOf(module).url).toContain(`:${port}/`)
    await module.close()
  })

  it('closes its emulator when another provider fails, however late the emulator is', async () => {
    const port = await freePort()
    const failing = {
      imports: [AppModule],
      providers: [{ provide: 'database', useFactory: () => Promise.reject(new Error('no disk')) }],
    }
    const compiled = createTestingModule(failing, { seed, clients: ['eu'], port }).compile()
    await expect(compiled).rejects.toThrow('no disk')
    await expect(fetch(`http://127.0.0.1:${port}/v1/jwks`)).rejects.toThrow('fetch failed')
  })

  it('says what to do where a module has no emulator', async () => {
    const module = await Test.createTestingModule({}).compile()
    expect(() => emulatorOf(module)).toThrow(
      'emulatorOf: this module has no emulator. Make it by createTestingModule of ' +
        '@org-memberships/nestjs/testing, in place of that of @nestjs/testing.',
    )
  })

  it('refuses a name in clients that no module registers', async () => {
    const port = await freePort()
    const options = { seed, clients: ['eu', 'us'], port }
    await expect(createTestingModule({ imports: [AppModule] }, options).compile()).rejects.toThrow(
      /clients: .*'us'/,
    )
    await expect(fetch(`http://127.0.0.1:${port}/v1/jwks`)).rejects.toThrow('fetch failed')
  })
})
