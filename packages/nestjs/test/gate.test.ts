import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto'
import { Controller, type ExecutionContext, ForbiddenException, Get } from '@nestjs/common'
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import type { OrganizationMembership } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyIdOfSessionToken } from '../src/access/session-token.js'
import { requestOf } from '../src/guards/request-of.js'
import {
  ClerkSessionAccess,
  CurrentMembership,
  type CurrentMembershipQuestion,
  MembershipAccess,
  OrganizationFrom,
  OrganizationMembershipGuard,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationPermission,
  type RequestFrom,
  RequireOrganizationRole,
} from '../src/index.js'
import { adapters, type RunningApp, startApp } from './support/app.js'
import { forged } from './support/guarded.js'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

const list = '/v1/organizations/org_acme/memberships'
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

describe.each([2048, 3072, 4096])('session tokens signed with %i bits', (modulusLength) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  const jwtKey = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const sign = (header: object, claims: object) => {
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'ins_1', ...header })}.${encode({
      sub: 'user_bob',
      sid: 'sess_1',
      azp: origin,
      iat: now(),
      exp: now() + 60,
      v: 2,
      ...claims,
    })}`
    const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`
  }
  let mounted: Mounted
  beforeAll(async () => {
    mounted = await startMounted('express', { access: { jwtKey } })
  })
  afterAll(() => mounted.close())
  const statusOf = async (token: string) =>
    (await call('GET', `${mounted.url}${list}`, { token })).status

  it.each<[string, object, object, number]>([
    ['without a category', {}, {}, 200],
    ['of a session', { cat: 'cl_B7d4PD111AAA' }, {}, 200],
    ['of a category to ignore', { cat: 'cl_I7d4PD111III' }, {}, 200],
    ['of a JWT template', { cat: 'cl_B7d4PD222AAA' }, {}, 401],
    ['of a machine', { cat: 'cl_B7d4PD333AAA' }, {}, 401],
    ['of a category that is null', { cat: null }, {}, 401],
    ['of a category in a list', { cat: ['cl_B7d4PD111AAA'] }, {}, 401],
    ['of OAuth', { typ: 'at+jwt' }, {}, 401],
    ['with a critical extension', { crit: ['b64'] }, {}, 401],
    ['of a machine by its subject', {}, { sub: 'mch_1' }, 401],
    ['of nobody', {}, { sub: '' }, 401],
    ['of claims version 3', {}, { v: 3 }, 401],
    ['of claims version 1', {}, { v: undefined }, 200],
    ['of a claims version in quotes', {}, { v: '2' }, 401],
    ['of another party', {}, { azp: 'https://evil.example' }, 401],
    ['of no session', {}, { sid: undefined }, 401],
    ['without an end', {}, { exp: undefined }, 401],
    ['with an end in words', {}, { exp: 'never' }, 401],
    ['from the future', {}, { iat: now() + 3_600 }, 401],
    ['pending', {}, { sts: 'pending' }, 401],
  ])('%s', async (_, header, claims, status) => {
    const token = sign(header, claims)
    expect(await statusOf(token)).toBe(status)
    // Once more, from the cache of verified tokens.
    expect(await statusOf(token)).toBe(status)
  })

  it('are not parsed when they are longer than any header', () => {
    expect(keyIdOfSessionToken(sign({}, {}))).toBe('ins_1')
    expect(keyIdOfSessionToken(sign({}, { padding: 'x'.repeat(16_384) }))).toBeUndefined()
  })
})

const contextOf = (type: string, args: unknown[]): ExecutionContext => {
  const context = new ExecutionContextHost(args)
  context.setType(type)
  return context
}

describe('what counts as a request', () => {
  it('is what a GraphQL context holds as req, of a reference resolver too', () => {
    const req = Object.assign(new IncomingMessage(new Socket()), { method: 'POST' })
    const held = { req }
    expect(requestOf(contextOf('graphql', [{}, {}, held, {}]), undefined)).toBe(req)
    expect(requestOf(contextOf('graphql', [{}, held, {}]), undefined)).toBe(req)
    req.headers.upgrade = 'websocket'
    expect(() => requestOf(contextOf('graphql', [{}, {}, held, {}]), undefined)).toThrow(
      /this is GraphQL whose context holds none as req/,
    )
  })

  it.each<[string, string, unknown[]]>([
    ['a message of a microservice', 'rpc', [forged, {}]],
    ['a message of a WebSocket', 'ws', [{ handshake: forged }, forged]],
    ['a message without data', 'ws', [undefined]],
    ['another kind of call', 'telegram', [forged]],
    ['an object in place of an HTTP request', 'http', [forged]],
    ['an object that claims to be of Fastify', 'http', [{ ...forged, raw: forged }]],
    ['GraphQL with a forged request', 'graphql', [{}, {}, { req: forged }, {}]],
    ['GraphQL with connection parameters', 'graphql', [{}, {}, { connectionParams: forged }, {}]],
    ['GraphQL without a context', 'graphql', [{}, {}, undefined, {}]],
  ])('is not %s', (_, type, args) => {
    const reason: unknown = expect.stringMatching(/^The guard of organization memberships /)
    expect(() => requestOf(contextOf(type, args), undefined)).toThrow(
      expect.objectContaining({
        message: reason,
        response: expect.objectContaining({
          errors: [expect.objectContaining({ long_message: reason })],
        }),
      }),
    )
  })
})

class NobodysAccess extends MembershipAccess {
  override authorize() {
    return Promise.reject(new ForbiddenException())
  }
}

describe('the current membership', () => {
  it('belongs to the sender of a message, though a parser gives all the same data', async () => {
    class RolesByToken extends NobodysAccess {
      override currentMembership({ request }: CurrentMembershipQuestion) {
        return Promise.resolve(membershipWith(String(request.headers.authorization)))
      }
    }
    class Gateway {
      read(@CurrentMembership('role') role: string) {
        return role
      }
    }
    const guard = new OrganizationMembershipGuard(new RolesByToken(), (context) => ({
      headers: context.switchToWs().getClient(),
    }))
    const roleOf = customParameterOf(Gateway, 'read')
    for (const data of [{ event: 'ping' }, 'ping', undefined]) {
      const [first, second] = ['org:admin', 'org:member'].map((authorization) => {
        const context = new ExecutionContextHost(
          [{ authorization }, data],
          Gateway,
          Gateway.prototype.read,
        )
        context.setType('ws')
        return context
      })
      await guard.canActivate(first!)
      await guard.canActivate(second!)
      expect([roleOf(first!), roleOf(second!)]).toEqual(['org:admin', 'org:member'])
    }
  })
})

function membershipWith(role: string): OrganizationMembership {
  const known = { id: 'orgmem_1', role, permissions: [], organization: { id: 'org_acme' } }
  return known as unknown as OrganizationMembership
}

/** What a parameter decorator gives a handler, as Nest asks it. */
function customParameterOf(owner: object, method: string): (context: ExecutionContext) => unknown {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, owner, method) as {
    [key: string]: { factory: (data: unknown, context: ExecutionContext) => unknown; data: unknown }
  }
  const [parameter] = Object.values(parameters)
  return (context) => parameter?.factory(parameter.data, context)
}

describe('what the app says of a call', () => {
  const payload = {
    ...forged,
    headers: { Authorization: 'Bearer a.b.c', cookie: ['a'], 'X-Tenant': 'acme', length: 7 },
    params: { organizationId: 'org_acme', other: { id: 'org_acme' } },
  }
  const given = (requestFrom: RequestFrom) =>
    requestOf(contextOf('rpc', [payload, {}]), requestFrom)

  it('is copied: its headers by lower-case names and its params, texts only', () => {
    const request = given((context) => context.switchToRpc().getData())
    expect(request).toEqual({
      method: '',
      url: '',
      headers: { authorization: 'Bearer a.b.c', 'x-tenant': 'acme' },
      params: { organizationId: 'org_acme' },
    })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'Bearer a.b.c'],
    ['no headers', {}],
    ['headers that are a text', { headers: 'authorization: Bearer a.b.c' }],
    ['headers that are null', { headers: null }],
    ['a promise', Promise.resolve({ headers: {} })],
  ])('is refused in words where it is %s', (_, value) => {
    expect(() => given(() => value as undefined)).toThrow(
      'This is a message of a microservice, and it needs a signed-in user: its session token was not found where it ' +
        'belongs.',
    )
  })

  it('is refused in words where the function fails on the payload', () => {
    const read = (context: ExecutionContext) =>
      context.switchToRpc().getData<{ session: { headers: object } }>().session
    expect(() => given((context) => ({ headers: { ...read(context).headers } }))).toThrow(
      'The session token of this call could not be read.',
    )
    const own = new ForbiddenException('Not on Sundays.')
    expect(() =>
      given(() => {
        throw own
      }),
    ).toThrow(own)
  })

  it('reaches a policy of your own, with nothing else of the payload', async () => {
    const seen: CurrentMembershipQuestion[] = []
    class Own extends NobodysAccess {
      override currentMembership(question: CurrentMembershipQuestion) {
        seen.push(question)
        return Promise.resolve(membershipWith('org:member'))
      }
    }
    class Messages {
      @OrganizationFrom('organizationId')
      read(): void {}
    }
    const guard = new OrganizationMembershipGuard(new Own(), (context) =>
      context.switchToRpc().getData(),
    )
    const context = new ExecutionContextHost([payload, {}], Messages, Messages.prototype.read)
    context.setType('rpc')
    expect(await guard.canActivate(context)).toBe(true)
    expect(seen).toEqual([
      {
        organizationId: 'org_acme',
        request: {
          method: '',
          url: '',
          headers: { authorization: 'Bearer a.b.c', 'x-tenant': 'acme' },
          params: { organizationId: 'org_acme' },
        },
        signal: expect.any(AbortSignal),
      },
    ])
  })

  it('is refused in words where it does not hold what a function for the organization expects', async () => {
    class Messages {
      @OrganizationFrom(
        (_request, context) => context.switchToRpc().getData<{ to: { id: string } }>().to.id,
      )
      read(): void {}
    }
    const guard = new OrganizationMembershipGuard(new NobodysAccess(), () => ({ headers: {} }))
    const context = new ExecutionContextHost([payload, {}], Messages, Messages.prototype.read)
    context.setType('rpc')
    await expect(guard.canActivate(context)).rejects.toThrow(
      'The request does not say which organization it is about.',
    )
  })

  it('is not asked of a mount that shares the policy of another module', () => {
    expect(() =>
      OrganizationMembershipsHttpModule.forRoot({
        access: { useExisting: MembershipAccess },
        requestFrom: () => undefined,
      }),
    ).toThrow(/shares the policy of another module, so give that one requestFrom/)
  })
})

@RequireOrganizationRole('org:admin')
class Base {
  @Get('overridden')
  @RequireOrganizationPermission('org:reports:read')
  overridden() {
    return 'base'
  }

  @Get('of/:organizationId')
  @OrganizationFrom('organizationId')
  of(): string {
    return 'base'
  }
}

@Controller('derived')
@RequireOrganizationPermission('org:sys_memberships:read')
class Derived extends Base {
  @Get('own')
  own() {
    return 'own'
  }

  @Get('overridden')
  override overridden() {
    return 'derived'
  }

  @Get('of/:organizationId')
  override of() {
    return 'derived'
  }
}

describe.each(adapters)('requirements along inheritance on %s', (adapter) => {
  let emulator: Emulator
  let running: RunningApp
  beforeAll(async () => {
    emulator = await createEmulator({ seed })
    const { secretKey, url: baseURL, origin: apiUrl } = emulator
    running = await startApp(adapter, {
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
        OrganizationMembershipsAccessModule.forRoot({
          access: ClerkSessionAccess.with({ secretKey, apiUrl, authorizedParties: [origin] }),
          isGlobal: true,
        }),
      ],
      controllers: [Derived],
    })
  })
  afterAll(async () => {
    await running.close()
    await emulator.close()
  })
  const statusOf = async (path: string, userId: string) => {
    const token = await emulator.createSessionToken({
      userId,
      organizationId: 'org_acme',
      azp: origin,
    })
    return (await call('GET', `${running.url}/derived/${path}`, { token })).status
  }

  it('add up over base and derived class', async () => {
    expect(await statusOf('own', 'user_ada')).toBe(200)
    expect(await statusOf('own', 'user_bob')).toBe(403)
  })

  it('keep the organization that an overridden handler names', async () => {
    expect(await statusOf('of/org_acme', 'user_ada')).toBe(200)
    // She is the admin of the organization that is active, not of this one.
    expect(await statusOf('of/org_globex', 'user_ada')).toBe(403)
  })

  it('add up over a handler and the one that it overrides', async () => {
    expect(await statusOf('overridden', 'user_ada')).toBe(403)
  })
})
