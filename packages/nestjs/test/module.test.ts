import { inspect } from 'node:util'
import { Injectable, Module } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { Test } from '@nestjs/testing'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  getOrganizationMembershipsToken,
  InjectOrganizationMemberships,
  OrganizationMembershipsModule,
  type OrganizationMembershipsOptionsFactory,
} from '../src/index.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HiddenOptions } from '../src/client/hidden-options.js'
import { createApp } from './support/app.js'
import { reachableStrings } from './support/reachable-strings.js'

const secretKey = 'sk_test_in_no_output'

@Injectable()
class Team {
  constructor(readonly memberships: OrganizationMembershipsClient) {}
}

@Injectable()
class Regions {
  constructor(
    @InjectOrganizationMemberships('eu') readonly eu: OrganizationMembershipsClient,
    @InjectOrganizationMemberships('us') readonly us: OrganizationMembershipsClient,
    @InjectOrganizationMemberships() readonly unnamed: OrganizationMembershipsClient,
  ) {}
}

describe('OrganizationMembershipsModule', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('provides the client under its class', async () => {
    const module = await Test.createTestingModule({
      imports: [OrganizationMembershipsModule.forRoot({ secretKey })],
      providers: [Team],
    }).compile()
    expect(module.get(Team).memberships).toBeInstanceOf(OrganizationMembershipsClient)
  })

  it('needs no options where the environment holds the key, as the client does', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', secretKey)
    class OwnModule extends OrganizationMembershipsModule {}
    for (const imported of [OrganizationMembershipsModule.forRoot(), OwnModule.forRoot()]) {
      const module = await Test.createTestingModule({
        imports: [imported],
        providers: [Team],
      }).compile()
      expect(module.get(Team).memberships).toBeInstanceOf(OrganizationMembershipsClient)
    }
    expect(OwnModule.forRoot().module).toBe(OwnModule)
  })

  it('leaves it to the client to refuse what a caller without types gives', async () => {
    const module = await Test.createTestingModule({
      imports: [OrganizationMembershipsModule.forRoot({ secretKey })],
    }).compile()
    const client = module.get(OrganizationMembershipsClient)
    const nothing = undefined as never
    const organizationId = { parameter: 'organizationId' }
    await expect(async () => client.list(nothing)).rejects.toMatchObject(organizationId)
    await expect(async () => client.listAll(nothing)).rejects.toMatchObject(organizationId)
    await expect(async () => client.count(nothing)).rejects.toMatchObject(organizationId)
    await expect(client.delete(nothing)).rejects.toMatchObject(organizationId)
    await expect(async () => client.listForUser(nothing)).rejects.toMatchObject({
      parameter: 'userId',
    })
    const signal = new AbortController() as never
    await expect(client.list({ organizationId: 'org_1' }, { signal })).rejects.toMatchObject({
      parameter: 'signal',
    })
  })

  it('serves modules that do not import it when it is global, and only then', async () => {
    @Module({ providers: [Team] })
    class Feature {}
    const withGlobal = (isGlobal: boolean) =>
      Test.createTestingModule({
        imports: [OrganizationMembershipsModule.forRoot({ secretKey, isGlobal }), Feature],
      }).compile()

    await expect(withGlobal(true)).resolves.toBeDefined()
    await expect(withGlobal(false)).rejects.toThrow(/Nest can't resolve dependencies of the Team/)
  })

  it('provides several named clients beside the one without a name', async () => {
    const module = await Test.createTestingModule({
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey, name: 'eu' }),
        OrganizationMembershipsModule.forRootAsync({
          name: 'us',
          useFactory: () => ({ secretKey }),
        }),
        OrganizationMembershipsModule.forRoot({ secretKey }),
      ],
      providers: [Regions],
    }).compile()
    const { eu, us, unnamed } = module.get(Regions)
    expect(new Set([eu, us, unnamed]).size).toBe(3)
    expect(module.get(getOrganizationMembershipsToken('eu'), { strict: false })).toBe(eu)
    expect(module.get(OrganizationMembershipsClient, { strict: false })).toBe(unnamed)
  })

  describe('forRootAsync', () => {
    const key = Symbol('key')
    @Module({ providers: [{ provide: key, useValue: secretKey }], exports: [key] })
    class Settings {}

    @Injectable()
    class Factory implements OrganizationMembershipsOptionsFactory {
      createOrganizationMembershipsOptions() {
        return { secretKey }
      }
    }
    @Module({ providers: [Factory], exports: [Factory] })
    class Factories {}

    it.each([
      [
        'useFactory with imports and inject',
        {
          imports: [Settings],
          inject: [key],
          useFactory: async (given: string) => ({ secretKey: given }),
        },
      ],
      ['useClass', { useClass: Factory }],
      ['useExisting', { imports: [Factories], useExisting: Factory }],
    ])('takes %s', async (_, options) => {
      const module = await Test.createTestingModule({
        imports: [OrganizationMembershipsModule.forRootAsync({ ...options, isGlobal: true })],
        providers: [Team],
      }).compile()
      expect(module.get(Team).memberships).toBeInstanceOf(OrganizationMembershipsClient)
    })
  })

  it('can be replaced in a test by its class', async () => {
    const fake = { list: () => Promise.resolve({ data: [], totalCount: 0 }) }
    const module = await Test.createTestingModule({
      imports: [OrganizationMembershipsModule.forRoot({ secretKey })],
      providers: [Team],
    })
      .overrideProvider(OrganizationMembershipsClient)
      .useValue(fake)
      .compile()
    expect(module.get(Team).memberships).toBe(fake)
  })

  it('does not start with options that cannot work, and says which client and what to set', async () => {
    await expect(
      createApp('express', { imports: [OrganizationMembershipsModule.forRoot({})] }),
    ).rejects.toThrow(
      'OrganizationMembershipsModule cannot start: No secret key: pass secretKey or set CLERK_SECRET_KEY.',
    )
    await expect(
      createApp('express', {
        imports: [
          OrganizationMembershipsModule.forRoot({ name: 'eu', secretKey, baseURL: 'nowhere' }),
        ],
      }),
    ).rejects.toThrow("OrganizationMembershipsModule (client 'eu') cannot start: baseURL must be")
  })

  it('shows the key to nobody who inspects the app', async () => {
    const module = await Test.createTestingModule({
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey, name: 'sync' }),
        OrganizationMembershipsModule.forRootAsync({ useFactory: () => ({ secretKey }) }),
      ],
    }).compile()
    const modules = module.get(ModulesContainer)
    // Nest keeps instances in WeakMaps, which a walk cannot look into.
    const instances = [...modules.values()].flatMap(({ providers }) =>
      [...providers.values()].map(({ instance }): unknown => instance),
    )
    expect(instances.filter((instance) => instance instanceof HiddenOptions)).toHaveLength(2)
    const strings = reachableStrings([modules, instances])
    // The walk goes far enough to find what is in the container.
    expect(strings).toContain('OrganizationMembershipsClient:sync')
    expect([...strings].filter((text) => text.includes(secretKey))).toEqual([])
    const client: unknown = module.get(OrganizationMembershipsClient, { strict: false })
    expect(inspect(client, { depth: 10, showHidden: true })).not.toContain(secretKey)
  })
})
