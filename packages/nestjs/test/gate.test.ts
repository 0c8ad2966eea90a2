import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto'
import { Controller, type ExecutionContext, Get } from '@nestjs/common'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyIdOfSessionToken } from '../src/access/session-token.js'
import { requestOf } from '../src/guards/request-of.js'
import {
  ClerkSessionAccess,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsModule,
  RequireOrganizationPermission,
  RequireOrganizationRole,
} from '../src/index.js'
import { adapters, type RunningApp, startApp } from './support/app.js'
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

describe('what counts as a request', () => {
  const auth = {
    tokenType: 'session_token',
    userId: 'user_ada',
    sessionClaims: { sub: 'user_ada', azp: origin },
  }
  const forged = { auth, user: 'user_ada', method: 'GET', url: '/', headers: {}, params: {} }
  const contextOf = (type: string, args: unknown[]): ExecutionContext => {
    const context = new ExecutionContextHost(args)
    context.setType(type)
    return context
  }

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

@RequireOrganizationRole('org:admin')
class Base {
  @Get('overridden')
  @RequireOrganizationPermission('org:reports:read')
  overridden() {
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

  it('add up over a handler and the one that it overrides', async () => {
    expect(await statusOf('overridden', 'user_ada')).toBe(403)
  })
})
