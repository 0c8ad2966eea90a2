import { connect } from 'node:net'
import { ConsoleLogger, Controller, Get, HttpException, Inject, Logger } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import type { FaultOptions } from '@org-memberships/emulator'
import { of } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { OrganizationMembershipsExceptionFilter } from '../src/index.js'
import { adapters } from './support/app.js'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'

@Controller('own')
class OwnController {
  constructor(
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  @Get('member')
  member() {
    return this.memberships.delete({ organizationId: 'org_acme', userId: 'user_eve' })
  }

  @Get('arguments')
  arguments() {
    return this.memberships.list({ organizationId: 'org_acme', limit: 0 })
  }

  @Get('teapot')
  teapot() {
    throw new HttpException('I am a teapot', 418)
  }

  @Get('bug')
  bug() {
    throw new Error('a secret of the app')
  }
}

const patience = { timeout: 10_000 }
const lines: string[] = []
class Recorder extends ConsoleLogger {
  protected override printStackTrace(stack: string | undefined): void {
    if (stack !== undefined) lines.push(stack)
  }

  protected override printMessages(messages: unknown[], name = '', level = 'log'): void {
    lines.push(`${level} [${name}] ${messages.join(' ')}`)
  }
}

/** ms. Each test is a second after the one before: the log has one line for each cause and second. */
let later = 0

describe.each(adapters)('errors on %s', (adapter) => {
  let mounted: Mounted
  let token: string

  beforeAll(async () => {
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + later)
    mounted = await startMounted(adapter, {
      client: { maxRetries: 0 },
      // Longer than all these tests take by their clock: each fault meets the request itself, and no look-up.
      access: { cache: { freshFor: 3_600_000 } },
      metadata: {
        controllers: [OwnController],
        providers: [{ provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }],
      },
    })
    token = await mounted.emulator.createSessionToken({
      userId: 'user_ada',
      azp: origin,
      expiresIn: 600,
    })
    // So that the look-up of the caller is done, and each fault meets the request itself.
    await call('GET', listURL(), { token })
    Logger.overrideLogger(new Recorder())
  })
  beforeEach(() => {
    lines.length = 0
    later += 1_000
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await mounted.close()
    Logger.overrideLogger(false)
  })

  const listURL = () => `${mounted.url}/v1/organizations/org_acme/memberships`
  const get = () => call('GET', listURL(), { token })

  it.each([
    ['a wrong key', { status: 401 }, 502, 'upstream_failed'],
    ['a forbidding key', { status: 403, code: 'authorization_invalid' }, 502, 'upstream_failed'],
    [
      'a rule',
      { status: 403, code: 'organization_membership_quota_exceeded' },
      403,
      'organization_membership_quota_exceeded',
    ],
    ['a payment', { status: 402, code: 'insufficient_seats' }, 402, 'insufficient_seats'],
    [
      'a refusal',
      { status: 400, code: 'already_a_member_in_organization' },
      400,
      'already_a_member_in_organization',
    ],
    ['a bad version', { status: 400, code: 'api_version_invalid' }, 502, 'upstream_failed'],
    ['a missing thing', { status: 404 }, 404, 'resource_not_found'],
    ['a lock', { status: 409, code: 'resource_locked' }, 409, 'resource_locked'],
    [
      'a page that is not there',
      { status: 404, body: '<html>nginx</html>' },
      502,
      'upstream_failed',
    ],
    ['a limit', { status: 429, retryAfter: 7 }, 429, 'too_many_requests'],
    ['a limit of a proxy', { status: 429, body: 'slow down' }, 429, 'too_many_requests'],
    ['a failure', { status: 500 }, 502, 'upstream_failed'],
    [
      'maintenance',
      { status: 503, code: 'maintenance_mode', retryAfter: 7 },
      503,
      'service_unavailable',
    ],
    ['a gateway', { status: 504, body: '<html>' }, 504, 'upstream_timeout'],
    ['HTML', { status: 200, body: '<html>planted</html>' }, 502, 'upstream_failed'],
    [
      'a redirect',
      { status: 302, headers: { Location: 'http://evil.example' } },
      502,
      'upstream_failed',
    ],
    ['a broken connection', { fault: 'reset' }, 502, 'upstream_failed'],
  ] as [string, FaultOptions, number, string][])(
    'upstream answers with %s',
    async (_, fault, status, code) => {
      mounted.emulator.failNext({ ...fault, message: 'internals of upstream' } as FaultOptions)
      const answer = await get()
      expect(answer.status).toBe(status)
      expect(answer.json).toMatchObject({ errors: [{ code }] })
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
      expect(answer.headers.get('WWW-Authenticate')).toBeNull()
      const isTold = 'retryAfter' in fault
      expect(answer.headers.get('Retry-After')).toBe(isTold ? '7' : null)
      // A failure of upstream is no bug of this server: one line says it, without a stack.
      expect(lines.filter((line) => /\n\s*at /.test(line))).toEqual([])
      // What is the server's own trouble is in its log, and not in the answer.
      const isOwn = status >= 500
      expect(answer.text.includes('internals')).toBe(!isOwn && !('body' in fault))
      expect(lines.some((line) => line.startsWith('error [OrganizationMemberships]'))).toBe(isOwn)
      for (const text of [...lines, answer.text]) {
        expect(text).not.toMatch(/sk_test|<html>|evil\.example/)
      }
    },
  )

  it('upstream does not answer', async () => {
    mounted.emulator.failNext({ fault: 'stall' })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const clock = setInterval(() => vi.advanceTimersByTime(500), 10)
    const answer = await get()
    clearInterval(clock)
    vi.useRealTimers()
    expect(answer).toMatchObject({ status: 504, json: { errors: [{ code: 'upstream_timeout' }] } })
    expect(lines.join('\n')).toContain('was not answered within 7500 ms')
  })

  it('keeps of an error only what the caller may see', async () => {
    mounted.emulator.failNext({
      status: 422,
      body: JSON.stringify({
        errors: [
          {
            code: 'form_param_value_invalid',
            message: 'is invalid',
            long_message: 'role is invalid',
            meta: { param_name: 'role', session_id: 'sess_secret' },
            internal: 'stack',
          },
        ],
        clerk_trace_id: 'abc',
        debug: 'secret',
      }),
    })
    expect((await get()).json).toEqual({
      errors: [
        {
          code: 'form_param_value_invalid',
          message: 'is invalid',
          long_message: 'role is invalid',
          meta: { param_name: 'role' },
        },
      ],
      clerk_trace_id: 'abc',
    })
  })

  describe('of own routes, through the global filter', () => {
    const own = (path: string) => call('GET', `${mounted.url}/own/${path}`)

    it("answers the core client's errors in the envelope", async () => {
      expect(await own('member')).toMatchObject({
        status: 404,
        json: { errors: [{ code: 'resource_not_found' }], clerk_trace_id: expect.any(String) },
      })
      expect(await own('arguments')).toMatchObject({
        status: 422,
        json: { errors: [{ code: 'form_param_value_invalid', meta: { param_name: 'limit' } }] },
      })
    })

    it("leaves Nest's own to Nest", async () => {
      expect(await own('teapot')).toMatchObject({
        status: 418,
        json: { statusCode: 418, message: 'I am a teapot' },
      })
      expect(await own('nowhere')).toMatchObject({
        status: 404,
        json: { statusCode: 404, message: 'Cannot GET /own/nowhere', error: 'Not Found' },
      })
    })

    it('logs a bug and tells nothing of it', async () => {
      const answer = await own('bug')
      expect(answer).toMatchObject({
        status: 500,
        json: { statusCode: 500, message: 'Internal server error' },
      })
      expect(answer.text).not.toContain('a secret')
      expect(lines.join('\n')).toContain('[ExceptionsHandler] Error: a secret of the app')
    })
  })

  describe('of callers', () => {
    it('who go away: upstream is let go of at once', async () => {
      mounted.emulator.failNext({ fault: 'stall' })
      const before = mounted.emulator.requests.length
      // By hand: undici would open a second connection, and hold up the server's end.
      const { hostname, port } = new URL(mounted.url)
      const socket = connect(Number(port), hostname)
      socket.write(
        `GET /v1/organizations/org_acme/memberships HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      )
      await vi.waitFor(() => expect(mounted.emulator.requests.length).toBe(before + 1), patience)
      socket.destroy()
      await vi.waitFor(
        () => expect(lines.join('\n')).toMatch(/no answer in \d+ ms, Aborted/),
        patience,
      )
    })
  })
})

describe('signing keys that cannot be read', () => {
  it('are one line of the log', async () => {
    // Port 9 is that of the discard protocol, on which nothing answers.
    const mounted = await startMounted('express', { access: { apiUrl: 'http://127.0.0.1:9' } })
    const token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    Logger.overrideLogger(new Recorder())
    lines.length = 0
    const answer = await call('GET', `${mounted.url}/v1/organizations/org_acme/memberships`, {
      token,
    })
    Logger.overrideLogger(false)
    expect(answer.status).toBe(503)
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringMatching(/^error \[OrganizationMemberships\] The signing keys .*:9\/v1\/jwks/),
    ])
    expect(lines.filter((line) => /\n\s*at /.test(line))).toEqual([])
    await mounted.close()
  })
})

describe('the deadline of a mounted route', () => {
  it.each(adapters)(
    'answers where an interceptor has kept the handler from being called (%s)',
    async (adapter) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const mounted = await startMounted(adapter, {
        configure: (app) => app.useGlobalInterceptors({ intercept: () => of({ from: 'a cache' }) }),
      })
      const token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
      const answer = call('GET', `${mounted.url}/v1/organizations/org_acme/memberships`, { token })
      const clock = setInterval(() => void vi.advanceTimersByTimeAsync(200), 5)
      expect(await answer).toMatchObject({
        status: 504,
        json: { errors: [{ code: 'upstream_timeout' }] },
      })
      clearInterval(clock)
      vi.useRealTimers()
      await mounted.close()
    },
  )

  it('ends a request whose policy does not come back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const mounted = await startMounted('express', {
      http: {
        access: {
          useFactory: () => ({
            authorize: () => new Promise(() => {}),
            change: () => Promise.reject(new Error('not reached')),
            currentMembership: () => Promise.reject(new Error('not reached')),
          }),
        },
      },
    })
    const answer = call('GET', `${mounted.url}/v1/organizations/org_acme/memberships`)
    await new Promise((resolve) => setImmediate(resolve))
    const timer = setInterval(() => void vi.advanceTimersByTimeAsync(1_000), 10)
    expect(await answer).toMatchObject({
      status: 504,
      json: {
        errors: [{ code: 'upstream_timeout', long_message: expect.stringContaining('8 s') }],
      },
    })
    clearInterval(timer)
    vi.useRealTimers()
    await mounted.close()
  })
})
