import type { Server } from 'node:net'
import { Controller, type ExecutionContext, Get, type Provider, UseGuards } from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import {
  ClientProxyFactory,
  MessagePattern,
  Payload,
  RpcException,
  type ClientProxy,
  Transport,
} from '@nestjs/microservices'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { firstValueFrom } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CurrentMembership,
  OrganizationFrom,
  OrganizationMembershipGuard,
  OrganizationMembershipsExceptionFilter,
  RequireOrganizationRole,
} from '../src/index.js'
import { createApp } from './support/app.js'
import { forged, guardedBy, tokenOf } from './support/guarded.js'
import { call } from './support/mounted.js'
import { seed } from './support/seed.js'

@Controller('organizations/:organizationId')
class Reports {
  @MessagePattern('report')
  @OrganizationFrom('organizationId')
  @RequireOrganizationRole('org:admin')
  report(@Payload() _data: unknown, @CurrentMembership('role') role: string) {
    return { role }
  }

  @MessagePattern('members')
  @OrganizationFrom('organizationId')
  @UseGuards(OrganizationMembershipGuard)
  members(@CurrentMembership('organization') { id }: { id: string }) {
    return { id }
  }

  @Get('report')
  @OrganizationFrom('organizationId')
  @RequireOrganizationRole('org:admin')
  reportOverHTTP(@CurrentMembership('role') role: string) {
    return { role }
  }
}

/** Guarded by a global guard only, or by none. */
@Controller()
class Plain {
  @MessagePattern('plain')
  @OrganizationFrom('organizationId')
  plain(@CurrentMembership('role') role: string) {
    return { role }
  }

  @MessagePattern('fails')
  fails() {
    throw new RpcException('The report is not ready.')
  }
}

interface Message {
  token?: string
  organizationId?: string
}

const fromData = (context: ExecutionContext) => {
  if (context.getType() !== 'rpc') return undefined
  const { token, organizationId } = context.switchToRpc().getData<Message>()
  return { headers: { Authorization: `Bearer ${token}` }, params: { organizationId } }
}

/** An app that answers HTTP and TCP. */
class Hybrid {
  private constructor(
    readonly url: string,
    readonly client: ClientProxy,
    readonly close: () => Promise<void>,
  ) {}

  static async start({
    isMapped,
    providers = [],
    isGlobal = false,
    controllers,
  }: {
    isMapped: boolean
    providers?: Provider[]
    isGlobal?: boolean
    controllers: (new () => object)[]
  }): Promise<Hybrid> {
    const app = await createApp('express', {
      imports: guardedBy(emulator, isMapped ? fromData : undefined),
      controllers,
      providers: [OrganizationMembershipGuard, ...providers],
    })
    if (isGlobal) app.useGlobalGuards(app.get(OrganizationMembershipGuard))
    const microservice = app.connectMicroservice(
      { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } },
      { inheritAppConfig: true },
    )
    await app.startAllMicroservices()
    await app.listen(0, '127.0.0.1')
    const address = microservice.unwrap<Server>().address()
    if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
    const client: ClientProxy = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: address.port },
    })
    return new Hybrid(await app.getUrl(), client, async () => {
      client.close()
      await app.close()
    })
  }

  /** The answer, or the error that the caller gets. */
  async send(pattern: string, data: unknown): Promise<unknown> {
    return firstValueFrom(this.client.send<unknown>(pattern, data as object)).catch(
      (error: unknown) => ({ error }),
    )
  }
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

const refused = (reason: RegExp, statusCode = 401) => ({
  error: {
    status: 'error',
    statusCode,
    code: statusCode === 401 ? 'authentication_invalid' : 'authorization_invalid',
    message: expect.stringMatching(reason),
  },
})

describe('messages of a microservice', () => {
  it('are refused in words where the app does not say where the token is', async () => {
    const hybrid = await Hybrid.start({ isMapped: false, controllers: [Reports] })
    for (const data of [forged, {}, 'report', 7, { headers: forged }]) {
      expect(await hybrid.send('report', data)).toEqual(refused(/this is a message of a microser/))
    }
    await hybrid.close()
  })

  describe('of an app that says where', () => {
    let hybrid: Hybrid
    beforeAll(async () => {
      hybrid = await Hybrid.start({
        isMapped: true,
        controllers: [Reports, Plain],
        providers: [{ provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }],
      })
    })
    afterAll(() => hybrid.close())

    it.each([
      ['a forged request', forged, 401],
      ['nothing', {}, 403],
      ['a number', 7, 403],
      ['a text', 'token', 403],
      ['a forged token', { ...forged, token: 'a.b.c' }, 401],
      ['a token that is an object', { ...forged, token: forged }, 401],
      ['keys of prototypes', JSON.parse('{"__proto__":{"token":"x"},"constructor":{}}'), 403],
    ])('are refused in words for %s', async (_, data: unknown, status) => {
      expect(await hybrid.send('report', data)).toEqual(
        refused(
          /^The (session token is not valid|request (needs a signed-in user|does not say which org))/,
          status,
        ),
      )
    })

    it('are let in by a real token, with the membership of each message', async () => {
      const [ada, bob, eve] = await Promise.all(
        ['user_ada', 'user_bob', 'user_eve'].map((userId) => tokenOf(emulator, userId)),
      )
      expect(await hybrid.send('report', { organizationId: 'org_acme', token: ada })).toEqual({
        role: 'org:admin',
      })
      expect(await hybrid.send('report', { organizationId: 'org_acme', token: bob })).toEqual({
        error: {
          status: 'error',
          statusCode: 403,
          code: 'authorization_invalid',
          message: 'This takes the role org:admin in the organization.',
        },
      })
      const both = await Promise.all([
        hybrid.send('members', { organizationId: 'org_acme', token: ada }),
        hybrid.send('members', { organizationId: 'org_globex', token: eve }),
        hybrid.send('members', { organizationId: 'org_globex', token: ada }),
      ])
      expect(both).toEqual([
        { id: 'org_acme' },
        { id: 'org_globex' },
        { error: expect.objectContaining({ statusCode: 403 }) },
      ])
    })

    it('keep their own exceptions under our exception filter', async () => {
      expect(await hybrid.send('fails', {})).toEqual({
        error: { status: 'error', message: 'The report is not ready.' },
      })
    })

    it('keep HTTP as it is', async () => {
      const url = `${hybrid.url}/organizations/org_acme/report`
      const token = await tokenOf(emulator, 'user_ada')
      expect((await call('GET', url, { token })).json).toEqual({ role: 'org:admin' })
      expect((await call('GET', url)).status).toBe(401)
    })
  })

  describe.each([
    [
      'APP_GUARD',
      { providers: [{ provide: APP_GUARD, useExisting: OrganizationMembershipGuard }] },
    ],
    ['useGlobalGuards', { isGlobal: true }],
  ])('under a guard by %s', (_, options) => {
    it('are guarded alike', async () => {
      const hybrid = await Hybrid.start({ isMapped: true, controllers: [Plain], ...options })
      const token = await tokenOf(emulator, 'user_bob')
      expect(await hybrid.send('plain', { ...forged, token })).toEqual({ role: 'org:member' })
      expect(await hybrid.send('plain', forged)).toEqual(refused(/session token/))
      await hybrid.close()
    })
  })
})
