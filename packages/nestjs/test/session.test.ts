import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { INestApplication } from '@nestjs/common'
import { createClerkClient } from '@clerk/backend'
import { type SignedInAuthObject, signedInAuthObject } from '@clerk/backend/internal'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import type { ClerkSessionAccessOptions } from '../src/index.js'
import { call, type Mounted, type MountedOptions, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const isJWKS = ({ path }: { path: string }) => path.endsWith('/jwks')
const list = '/v1/organizations/org_acme/memberships'

describe('ClerkSessionAccess', () => {
  // A signing key takes a while to make, and is made once for each emulator.
  let emulator: Emulator
  const started: Mounted[] = []
  beforeAll(async () => {
    emulator = await createEmulator({ seed })
  })
  afterAll(() => emulator.close())
  afterEach(() => {
    vi.useRealTimers()
    return Promise.all(started.splice(0).map((mounted) => mounted.close()))
  })

  async function start(
    access: Partial<ClerkSessionAccessOptions> = {},
    options: MountedOptions = {},
  ): Promise<Mounted> {
    const mounted = await startMounted('express', { emulator, access, ...options })
    started.push(mounted)
    return mounted
  }
  const jwksRequests = (mounted: Mounted) => mounted.emulator.requests.filter(isJWKS).length
  const membershipReads = (mounted: Mounted) =>
    mounted.emulator.requests.filter(({ search }) => search.has('user_id')).length
  const get = (mounted: Mounted, token?: string, headers = {}) =>
    call('GET', `${mounted.url}${list}`, { token, headers })

  const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
  const readPEM = async () => {
    const { keys } = (await call('GET', `${emulator.url}/jwks`, { token: emulator.secretKey }))
      .json as { keys: { [member: string]: string }[] }
    return pemOf(createPublicKey({ key: keys[0]!, format: 'jwk' }))
  }

  describe('reads tokens', () => {
    it.each([1, 2] as const)('with claims of version %s', async (version) => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({
        userId: 'user_bob',
        organizationId: 'org_acme',
        azp: origin,
        version,
      })
      expect((await get(mounted, token)).status).toBe(200)
    })

    it('from Authorization only', async () => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      expect((await get(mounted, undefined, { Cookie: `__session=${token}` })).status).toBe(401)
      const basic = `Basic ${Buffer.from(`user_bob:${token}`).toString('base64')}`
      expect((await get(mounted, undefined, { Authorization: basic })).status).toBe(401)
      expect((await get(mounted, undefined, { Authorization: token })).status).toBe(401)
      expect((await get(mounted, undefined, { Authorization: `bearer ${token}` })).status).toBe(200)
    })

    it('by the PEM key of the environment, unless a secret key is given', async () => {
      try {
        vi.stubEnv('CLERK_JWT_KEY', await readPEM())
        const byEnvironment = await start({ secretKey: undefined })
        const token = await emulator.createSessionToken({ userId: 'user_bob', azp: origin })
        expect((await get(byEnvironment, token)).status).toBe(200)
        expect(jwksRequests(byEnvironment)).toBe(0)
        const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        vi.stubEnv('CLERK_JWT_KEY', pemOf(publicKey))
        const bySecretKey = await start()
        expect((await get(bySecretKey, token)).status).toBe(200)
        expect(jwksRequests(bySecretKey)).toBe(1)
      } finally {
        vi.unstubAllEnvs()
      }
    })

    it('without a request, by a PEM key, also one with its line breaks written out', async () => {
      const first = await start()
      const pem = await readPEM()
      const second = await start({ jwtKey: pem.replaceAll('\n', '\\n') })
      const token = await emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      expect((await get(second, token)).status).toBe(200)
      expect(jwksRequests(second)).toBe(0)
      expect(first.url).not.toBe(second.url)
    })

    it('of sessions only: none of a JWT template, however long it lives, and none of a machine', async () => {
      const mounted = await start({ authorizedParties: 'any' })
      const others = await Promise.all([
        emulator.createTemplateToken({ userId: 'user_ada', azp: origin, expiresIn: 315_360_000 }),
        emulator.createTemplateToken({ userId: 'user_ada', claims: { sid: 'sess_1', v: 2 } }),
        emulator.createMachineToken(),
        emulator.createMachineToken({ machineId: 'user_ada', claims: { sid: 'sess_1' } }),
      ])
      for (const token of others) {
        expect(await get(mounted, token)).toMatchObject({
          status: 401,
          json: { errors: [{ long_message: 'The session token is not valid.' }] },
        })
        const body = { user_id: 'user_eve', role: 'org:admin' }
        expect((await call('POST', `${mounted.url}${list}`, { token, body })).status).toBe(401)
      }
    })

    it('of any party only where that is said', async () => {
      const mounted = await start({ authorizedParties: 'any' })
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob' })
      expect((await get(mounted, token)).status).toBe(200)
    })

    it('of the issuer that is expected', async () => {
      const mounted = await start({ issuer: 'https://clerk.example.com' })
      const make = (iss?: string) =>
        mounted.emulator.createSessionToken({
          userId: 'user_bob',
          azp: origin,
          ...(iss && { iss }),
        })
      expect((await get(mounted, await make())).status).toBe(401)
      expect((await get(mounted, await make('https://clerk.example.com'))).status).toBe(200)
    })
  })

  describe('refuses forgeries', () => {
    let mounted: Mounted
    let token: string

    beforeAll(async () => {
      mounted = await startMounted('express', { emulator })
      token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
    })
    afterAll(() => mounted.close())

    it.each([
      [
        'another payload',
        ([header, , signature]) => `${header}.${encode({ sub: 'user_ada' })}.${signature}`,
      ],
      ['no signature', ([header, payload]) => `${header}.${payload}.`],
      [
        'alg none',
        ([header, payload]) => `${encode({ ...read(header), alg: 'none' })}.${payload}.`,
      ],
      [
        'a signature by our public key as a secret',
        ([header, payload]) => {
          const signed = `${encode({ ...read(header), alg: 'HS256' })}.${payload}`
          return `${signed}.${createHmac('sha256', 'public').update(signed).digest('base64url')}`
        },
      ],
      [
        'a key id that is an object',
        ([, payload]) => `${encode({ alg: 'RS256', kid: {} })}.${payload}.x`,
      ],
      ['a header that is null', ([, payload]) => `${encode(null)}.${payload}.x`],
      ['a header that is no JSON', ([, payload]) => `????.${payload}.x`],
      ['one part', () => 'x'],
      ['many parts', () => 'x.'.repeat(1_000)],
    ] as [string, (parts: string[]) => string][])('%s', async (_, forge) => {
      const answer = await get(mounted, forge(token.split('.')))
      expect(answer.status).toBe(401)
      expect(answer.json).toEqual({
        errors: [
          {
            code: 'authentication_invalid',
            message: 'Invalid authentication',
            long_message: 'The session token is not valid.',
          },
        ],
      })
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
    })

    const read = (part: string | undefined) =>
      JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as object
  })

  describe('remembers a token that it verified', () => {
    it('no longer than the token lives', async () => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({
        userId: 'user_bob',
        azp: origin,
        expiresIn: 30,
      })
      expect((await get(mounted, token)).status).toBe(200)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 29_000 })
      expect((await get(mounted, token)).status).toBe(200)
      // The verifier forgives five seconds.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_000 })
      expect(await get(mounted, token)).toMatchObject({
        status: 401,
        json: { errors: [{ long_message: 'The session token has expired.' }] },
      })
    })

    it('and no other that begins or ends like it', async () => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      expect((await get(mounted, token)).status).toBe(200)
      const statuses = await Promise.all(
        [`${token}x`, `${token.slice(0, -9)}${'A'.repeat(9)}`, `x${token}`].map(
          async (forged) => (await get(mounted, forged)).status,
        ),
      )
      expect(statuses).toEqual([401, 401, 401])
    })
  })

  describe('reads the signing keys', () => {
    it('once for many tokens, and not for each unknown key', async () => {
      const mounted = await start()
      vi.useFakeTimers({ toFake: ['performance'] })
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      await Promise.all(Array.from({ length: 20 }, () => get(mounted, token)))
      expect(jwksRequests(mounted)).toBe(1)

      const [, ...rest] = token.split('.')
      const forged = Array.from({ length: 50 }, (_, index) => {
        const header = { alg: 'RS256', typ: 'JWT', kid: `ins_${index}` }
        return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.')
      })
      const flood = async () => {
        const answers = await Promise.all(forged.map((each) => get(mounted, each)))
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
      }
      for (let round = 0; round < 10; round++) {
        await flood()
      }
      expect(jwksRequests(mounted)).toBe(5)
      vi.advanceTimersByTime(10_000)
      await flood()
      await flood()
      expect(jwksRequests(mounted)).toBe(6)
    })

    it('anew for one that came right after they were read, so that nobody is told 401', async () => {
      const before = await createEmulator({ seed })
      const { secretKey, url } = before
      const mounted = await start({}, { emulator: before })
      const listAsUserOf = async (own: Emulator) => {
        const token = await own.createSessionToken({ userId: 'user_bob', azp: origin })
        return (await get(mounted, token)).status
      }
      expect(await listAsUserOf(before)).toBe(200)
      await before.close()
      const after = await createEmulator({ seed, secretKey, port: Number(new URL(url).port) })
      try {
        expect(await listAsUserOf(after)).toBe(200)
      } finally {
        await after.close()
      }
    })

    it('and answers 503, not 401, when it cannot, and recovers', async () => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      const fault = mounted.emulator.failNext({ match: isJWKS, status: 500, times: Infinity })
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(mounted, token)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
      expect(answers[0]?.json).toMatchObject({ errors: [{ code: 'service_unavailable' }] })
      // Nor does it hammer a route that fails.
      expect(jwksRequests(mounted)).toBe(1)
      fault.cancel()
      await vi.waitFor(async () => expect((await get(mounted, token)).status).toBe(200), 10_000)
    })

    it('and goes on with the ones it knows for an hour, while it cannot renew them', async () => {
      const mounted = await start()
      const listWithNewToken = async () => {
        const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
        return (await get(mounted, token)).status
      }
      vi.useFakeTimers({ toFake: ['performance'] })
      expect(await listWithNewToken()).toBe(200)
      mounted.emulator.failNext({ match: isJWKS, status: 500, times: Infinity })
      vi.advanceTimersByTime(6 * 60_000)
      expect(await listWithNewToken()).toBe(200)
      await vi.waitFor(() => expect(jwksRequests(mounted)).toBe(2), 10_000)
      vi.advanceTimersByTime(55 * 60_000)
      expect(await listWithNewToken()).toBe(503)
    })

    it('and gives up on a route that stalls', async () => {
      const mounted = await start()
      const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
      mounted.emulator.failNext({ match: isJWKS, fault: 'stall' })
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const answer = get(mounted, token)
      const clock = setInterval(() => vi.advanceTimersByTime(500), 10)
      expect((await answer).status).toBe(503)
      clearInterval(clock)
    })
  })

  describe("takes what Clerk's middleware verified", () => {
    const withAuth = (auth: unknown) => ({
      configure: (app: INestApplication) =>
        app.use((request: { auth?: unknown }, _: unknown, next: () => void) => {
          request.auth = auth
          next()
        }),
    })
    const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
    const claims = {
      sub: 'user_bob',
      sid: 'sess_1',
      sts: 'active',
      azp: origin,
      exp: inSeconds(3_600),
    }
    const tokenOf = (own: object | null, header: object = {}) => {
      const head = { alg: 'RS256', typ: 'JWT', kid: 'ins_1', cat: 'cl_B7d4PD111AAA', ...header }
      return `${encode(head)}.${encode(own === null ? null : { ...claims, ...own })}.signature`
    }
    /** As Clerk's middleware makes it from a token that it verified. */
    const withClaims = (own: object, header: object = {}): SignedInAuthObject => {
      const payload = JSON.stringify({ ...claims, ...own })
      return signedInAuthObject(
        {},
        tokenOf(own, header),
        JSON.parse(payload) as SignedInAuthObject['sessionClaims'],
      )
    }
    const signedIn = withClaims({})
    const withToken = (token: unknown) => ({ ...signedIn, getToken: () => Promise.resolve(token) })
    const template = { cat: 'cl_B7d4PD222AAA' }

    it.each([
      ['an object, as of @clerk/fastify', signedIn, 200],
      ['a function, as of @clerk/express', () => signedIn, 200],
      ['a pending session', { ...signedIn, sessionStatus: 'pending' }, 401],
      ['a pending claim', withClaims({ sts: 'pending' }), 401],
      ['a session without a status', withClaims({ sts: undefined }), 200],
      ['a revoked session', { ...signedIn, sessionStatus: 'revoked' }, 401],
      ['a revoked claim', withClaims({ sts: 'revoked' }), 401],
      ['a claim of a status that is null', withClaims({ sts: null }), 401],
      ['a token of an older instance', withClaims({}, { cat: undefined }), 200],
      ['a token of a JWT template that names a session', withClaims({}, template), 401],
      ['such a token of @clerk/express', () => withClaims({}, template), 401],
      ['a token of a machine', withClaims({}, { cat: 'cl_B7d4PD333AAA' }), 401],
      ['the token of another session', withToken(tokenOf({ sid: 'sess_2' })), 401],
      ['the token of another user', withToken(tokenOf({ sub: 'user_ada' })), 401],
      ['a token of another time', withToken(tokenOf({ exp: inSeconds(60) })), 401],
      ['a token whose payload is none', withToken(`${tokenOf({}).split('.')[0]}.x.x`), 401],
      ['a token whose payload is null', withToken(tokenOf(null)), 401],
      ['no token', withToken(null), 401],
      ['a token that is an object', withToken({}), 401],
      ['a token that cannot be had', { ...signedIn, getToken: () => Promise.reject(Error()) }, 401],
      ['nothing to get the token by', { ...signedIn, getToken: undefined }, 401],
      ['a token of a foreign page', withClaims({ azp: 'https://evil.example' }), 401],
      ['a token of no page', withClaims({ azp: undefined }), 401],
      ['times that hold', () => withClaims({ exp: inSeconds(60), nbf: inSeconds(-60) }), 200],
      ['times a moment off', () => withClaims({ exp: inSeconds(-2), nbf: inSeconds(2) }), 200],
      ['a token that has expired', () => withClaims({ exp: inSeconds(-60) }), 401],
      ['a token that is not valid yet', () => withClaims({ nbf: inSeconds(60) }), 401],
      ['times that are none', withClaims({ exp: 'tomorrow' }), 401],
      ['claims without an end', withClaims({ exp: undefined }), 401],
      ['claims whose end is null', withClaims({ exp: null }), 401],
      ['claims of no session', withClaims({ sid: undefined }), 401],
      ['claims of a session without a name', withClaims({ sid: '' }), 401],
      ['signed out', { tokenType: 'session_token', userId: null, sessionClaims: null }, 401],
      ['a machine', { ...signedIn, tokenType: 'm2m_token' }, 401],
      ['another user in the claims', { ...signedIn, userId: 'user_ada' }, 401],
      ["another library's", { user: 'user_ada', password: 'x' }, 401],
    ])('%s', async (_, auth, status) => {
      const mounted = await start({}, withAuth(auth))
      expect((await get(mounted)).status).toBe(status)
      expect(jwksRequests(mounted)).toBe(0)
    })

    it('in words: a session of which no token can be read, and one that is pending', async () => {
      const messageFor = async (auth: unknown) => {
        const { json } = await get(await start({}, withAuth(auth)))
        return (json as { errors: { long_message: string }[] }).errors[0]?.long_message
      }
      expect(await messageFor({ ...signedIn, getToken: undefined })).toMatch(
        /the auth on the request has no getToken\(\) that gives its session token/,
      )
      expect(await messageFor(withClaims({ sts: 'pending' }))).toMatch(/still pending/)
      expect(await messageFor(withClaims({ sts: 'revoked' }))).toBe(
        'The session token is not valid.',
      )
    })

    it('as the whole of @clerk/backend reads it, from a header or a cookie', async () => {
      const clerk = createClerkClient({
        jwtKey: await readPEM(),
        secretKey: 'sk_live_unused',
        publishableKey: `pk_live_${Buffer.from('clerk.example.com$').toString('base64')}`,
        telemetry: { disabled: true },
      })
      const authenticate = async (
        request: { auth?: unknown; headers: { [name: string]: string } },
        _: unknown,
        next: () => void,
      ) => {
        const { authorization = '', cookie = '' } = request.headers
        const headers = { authorization, cookie }
        const state = await clerk.authenticateRequest(new Request('http://localhost/', { headers }))
        request.auth = () => state.toAuth()
        // Without it, only the middleware can have let the caller in.
        delete request.headers['authorization']
        next()
      }
      const mounted = await start({}, { configure: (app) => app.use(authenticate) })
      // In a cookie, Clerk takes tokens of the instance that the publishable key names, and no others.
      const iss = 'https://clerk.example.com'
      const token = await emulator.createSessionToken({ userId: 'user_bob', azp: origin, iss })
      expect((await get(mounted)).status).toBe(401)
      expect((await get(mounted, token)).status).toBe(200)
      const Cookie = `__session=${token}; __client_uat=1`
      expect((await get(mounted, undefined, { Cookie })).status).toBe(200)
      expect(jwksRequests(mounted)).toBe(0)
    })

    it('of any party only where that is said', async () => {
      const auth = withClaims({ azp: undefined })
      const mounted = await start({ authorizedParties: 'any' }, withAuth(auth))
      expect((await get(mounted)).status).toBe(200)
    })

    it.each([
      ['https://clerk.example.com', 200],
      ['https://clerk.other.com', 401],
      [undefined, 401],
    ])('of the issuer that is expected: %s', async (iss, status) => {
      const issuer = ['https://clerk.example.com', 'https://clerk.example.org']
      const mounted = await start({ issuer }, withAuth(withClaims({ iss })))
      expect((await get(mounted)).status).toBe(status)
    })

    // The session may have come in a cookie, which a browser also sends along with the form of a foreign page.
    it.each([
      ['a form', 'application/x-www-form-urlencoded', 'user_id=user_eve&role=org:admin'],
      ['plain text', 'text/plain', '{"user_id":"user_eve","role":"org:admin"}'],
      ['a form with a file', 'multipart/form-data; boundary=x', '--x--'],
    ])('but no change by %s, which a foreign page can send', async (_, type, body) => {
      const admin = withClaims({ sub: 'user_ada' })
      const mounted = await start({}, withAuth(admin))
      const answer = await fetch(`${mounted.url}${list}`, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body,
      })
      expect(answer.status).toBe(415)
      expect(mounted.emulator.requests.filter(({ method }) => method === 'POST')).toEqual([])
    })
  })

  describe('with trust: token', () => {
    let mounted: Mounted
    beforeEach(async () => {
      mounted = await start({ trust: 'token' })
    })
    const change = async (userId: string, organizationId?: string, version?: 1 | 2) =>
      call('PATCH', `${mounted.url}${list}/user_cleo/metadata`, {
        token: await mounted.emulator.createSessionToken({
          userId,
          azp: origin,
          ...(organizationId !== undefined && { organizationId }),
          ...(version !== undefined && { version }),
        }),
        body: { public_metadata: { seen: true } },
      })

    it.each([1, 2] as const)('decides by the role in the token, version %s', async (version) => {
      expect((await change('user_ada', 'org_acme', version)).status).toBe(200)
      expect((await change('user_bob', 'org_acme', version)).status).toBe(403)
      expect(membershipReads(mounted)).toBe(0)
    })

    it('reads the membership where another organization is active, or none', async () => {
      expect((await change('user_eve', 'org_globex')).status).toBe(403)
      expect((await change('user_ada')).status).toBe(200)
      // Hers once more, right before the change was sent.
      expect(membershipReads(mounted)).toBe(3)
    })

    it('lets members list', async () => {
      const token = await mounted.emulator.createSessionToken({
        userId: 'user_bob',
        organizationId: 'org_acme',
        azp: origin,
      })
      expect((await get(mounted, token)).status).toBe(200)
      expect(membershipReads(mounted)).toBe(0)
    })
  })

  describe('does not start', () => {
    it.each([
      ['without parties', { authorizedParties: undefined }, /needs authorizedParties: the origins/],
      ['with no party', { authorizedParties: [] }, /needs authorizedParties/],
      ['with a host for a party', { authorizedParties: ['app.example.com'] }, /scheme and host/],
      [
        'without a key',
        { secretKey: undefined },
        /give secretKey or jwtKey, or set CLERK_SECRET_KEY/,
      ],
      [
        'with a key that is no PEM',
        { jwtKey: 'sk_test_hidden' },
        /jwtKey is not a public key in PEM/,
      ],
      ['with a time in words', { cache: { freshFor: '30s' } }, /cache\.freshFor must be a number/],
      ['with a store that is none', { cache: { store: {} } }, /cache\.store needs a method get/],
      ['with an unknown trust', { trust: 'blind' }, /trust must be 'membership' or 'token'/],
    ])('%s', async (_, access, message) => {
      const failing = start(access as Partial<ClerkSessionAccessOptions>)
      await expect(failing).rejects.toThrow(message)
      await expect(failing).rejects.not.toThrow(/sk_test/)
    })
  })
})
