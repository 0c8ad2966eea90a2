import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo, Server } from 'node:net'
import { Controller, type DynamicModule, UseGuards } from '@nestjs/common'
import {
  type ClientProxy,
  ClientProxyFactory,
  MessagePattern,
  Transport,
} from '@nestjs/microservices'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import {
  CurrentMembership,
  OrganizationFrom,
  OrganizationMembershipGuard,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { firstValueFrom } from 'rxjs'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { ClerkSessionAccess, type MembershipAccess } from '../src/index.js'
import { call, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

// The docs compile every sample. This one is run, with the files that it imports, against the package as it is built.
const folder = new URL('coverage/readme-samples/', import.meta.url)

describe('README.md', () => {
  afterAll(() => rm(new URL('../', folder), { recursive: true, force: true }))

  it('has a testing sample that runs and prints what it says', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const samples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
    await mkdir(new URL('src/', folder), { recursive: true })
    const named = samples.flatMap((code) => {
      const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1]
      return name === undefined ? [] : [writeFile(new URL(name, folder), code)]
    })
    expect(named).toHaveLength(6)
    await Promise.all(named)
    const sample = samples.find((code) => code.includes('await app.listen(0)')) ?? ''
    const [, printed] = /console\.log\(.*\) \/\/ (\S+)/.exec(sample) ?? []
    expect(printed).toBe('200')
    const file = new URL('sample.ts', folder)
    await writeFile(file, `import 'reflect-metadata'\n${sample}`)

    const log = vi.spyOn(console, 'log').mockReturnValue()
    await import(file.href)
    expect(log).toHaveBeenCalledWith(Number(printed))
    log.mockRestore()
  })

  it('has a policy that refuses every search, and leaves the rest to the policy around which it is', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [, code = ''] = /^```ts\n(\/\/ src\/without-search\.ts\n.*?)^```$/ms.exec(text) ?? []
    await mkdir(new URL('src/', folder), { recursive: true })
    const file = new URL('src/without-search.ts', folder)
    await writeFile(file, code)
    const { WithoutSearch } = (await import(file.href)) as {
      WithoutSearch: new (access: MembershipAccess) => MembershipAccess
    }
    await using emulator = await createEmulator({ seed })
    const mounted = await startMounted('express', {
      emulator,
      http: {
        access: {
          inject: [OrganizationMembershipsClient],
          useFactory: async (client: OrganizationMembershipsClient) =>
            new WithoutSearch(
              await ClerkSessionAccess.create(client, {
                secretKey: emulator.secretKey,
                apiUrl: emulator.origin,
                authorizedParties: [origin],
              }),
            ),
        },
      },
    })
    const token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    const list = (search: string) =>
      call('GET', `${mounted.url}/v1/organizations/org_acme/memberships${search}`, { token })
    const searches = ['?query=bob', '?limit=1&query=bob', '??query=bob', '?%71uery=bob', '?query=']
    const refused = await Promise.all(searches.map(list))
    expect(refused.map(({ status }) => status)).toEqual(searches.map(() => 403))
    expect(await list('?limit=1')).toMatchObject({ status: 200, json: { total_count: 3 } })
    expect(await list('')).toMatchObject({ status: 200, json: { total_count: 3 } })
    await mounted.close()
  })

  it('has a function that says where messages have their token', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [, code = ''] = /^```ts\n(\/\/ src\/guarded-messages\.ts\n.*?)^```$/ms.exec(text) ?? []
    await mkdir(new URL('src/', folder), { recursive: true })
    const file = new URL('src/guarded-messages.ts', folder)
    await writeFile(file, code)
    const { guardedMessages } = (await import(file.href)) as { guardedMessages: DynamicModule }

    @Controller()
    class Members {
      @MessagePattern('role')
      @UseGuards(OrganizationMembershipGuard)
      @OrganizationFrom('organizationId')
      role(@CurrentMembership('role') role: string) {
        return role
      }
    }
    const module = await createTestingModule(
      {
        imports: [OrganizationMembershipsModule.forRoot({ isGlobal: true }), guardedMessages],
        controllers: [Members],
      },
      { seed },
    ).compile()
    const app = module.createNestMicroservice({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
      logger: false,
    })
    await app.listen()
    const { port } = app.unwrap<Server>().address() as AddressInfo
    const client: ClientProxy = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    })
    const send = (data: object) => firstValueFrom(client.send<string>('role', data))
    const token = await emulatorOf(module).createSessionToken({ userId: 'user_ada', azp: origin })
    expect(await send({ token, organizationId: 'org_acme' })).toBe('org:admin')
    await expect(send({ organizationId: 'org_acme' })).rejects.toMatchObject({ statusCode: 401 })
    client.close()
    await app.close()
  })

  it('documents the Jest setting that the soak test uses', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const app = new URL('../soak/apps/nest11/package.json', import.meta.url)
    const { jest } = JSON.parse(await readFile(app, 'utf8')) as { jest: object }
    const [, documented = ''] = /^```json\n(.*?)^```$/ms.exec(text) ?? []
    expect(jest).toMatchObject(JSON.parse(documented) as object)
  })
})
