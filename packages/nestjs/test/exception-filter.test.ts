import {
  type ArgumentsHost,
  BadRequestException,
  Body,
  Catch,
  ConflictException,
  ConsoleLogger,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  Inject,
  Logger,
  Param,
  Patch,
  PayloadTooLargeException,
  Query,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { OrganizationMembershipsExceptionFilter, RequireOrganizationRole } from '../src/index.js'
import { adapters } from './support/app.js'
import { exchange, type Sent } from './support/exchange.js'
import { type Mounted, type MountedOptions, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

class OwnError extends Error {}

/** A filter of the app, for an error of its own. */
@Catch(OwnError)
class OwnFilter implements ExceptionFilter {
  catch(_error: OwnError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{
      status(code: number): { send(body: unknown): void }
    }>()
    response.status(418).send({ own: true })
  }
}

const thrown: { readonly [name: string]: () => unknown } = {
  details: () => new BadRequestException({ message: ['a must be b'], details: { field: 'a' } }),
  payment: () => new HttpException({ plan: 'free', upgrade: true }, 402),
  conflict: () => new ConflictException('Taken', { description: 'By another' }),
  text: () => new HttpException('as a text', 404),
  envelope: () => new HttpException({ errors: ['of the app'] }, 422),
  large: () => new PayloadTooLargeException(),
  unauthorized: () => new HttpException('who?', 401),
  bug: () => new Error('a secret of the app'),
  'with a status': () => Object.assign(new Error('from middleware'), { statusCode: 409 }),
  'no error': () => ({ statusCode: 410, message: 'gone' }),
  nothing: () => undefined,
  own: () => new OwnError(),
}

// Where the mount is, and deeper: only the controller says whose a route is.
@Controller()
class OwnController {
  constructor(
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  @Get([
    'own/:kind',
    'shop/organizations/:id/memberships',
    'v1/organizations/:id/memberships/:kind',
  ])
  fail(@Param('kind') kind: string | undefined, @Query('kind') other: string) {
    throw thrown[kind ?? other]?.()
  }

  @Patch(['own', 'v1/organizations/:id/memberships/me', 'shop/organizations/:id/memberships/:user'])
  take(@Body() body: unknown) {
    return { body }
  }

  @Get('missing-member')
  missing() {
    return this.memberships.delete({ organizationId: 'org_acme', userId: 'user_eve' })
  }

  @Get('guarded/:organization')
  @RequireOrganizationRole('org:admin')
  guarded() {
    return {}
  }
}

let emulator: Emulator
const started: Mounted[] = []
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterEach(() => Promise.all(started.splice(0).map((each) => each.close())))
afterAll(() => emulator.close())

const own = { provide: APP_FILTER, useClass: OwnFilter }
const ours = { provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }

async function start(adapter: (typeof adapters)[number], options: MountedOptions) {
  const mounted = await startMounted(adapter, {
    emulator,
    client: { maxRetries: 0 },
    ...options,
    http: { isGlobal: true, ...options.http },
    metadata: { controllers: [OwnController], ...options.metadata },
  })
  started.push(mounted)
  return mounted
}

const plain = { http: 1, length: 'announced' } as const
async function ask(mounted: Mounted, sent: Sent) {
  const { status, headers, text } = await exchange(mounted.url, plain, sent)
  const { date: _date, 'keep-alive': _keepAlive, ...rest } = headers
  return { status, headers: rest, text }
}

describe.each(adapters)('the global filter on %s', (adapter) => {
  it("changes nothing of the app's own routes", async () => {
    const [without, withIt, before] = [
      await start(adapter, { metadata: { controllers: [OwnController], providers: [own] } }),
      await start(adapter, { metadata: { controllers: [OwnController], providers: [own, ours] } }),
      await start(adapter, { metadata: { controllers: [OwnController], providers: [ours, own] } }),
    ]
    const json = { 'content-type': 'application/json' }
    const kinds = Object.keys(thrown).map((kind) => encodeURIComponent(kind))
    const requests: Sent[] = [
      ...kinds.flatMap((kind) =>
        [
          `/own/${kind}`,
          `/shop/organizations/org_1/memberships?kind=${kind}`,
          `/own/${kind}?/v1/organizations/org_1/memberships`,
          `/v1/organizations/org_1/memberships/${kind}`,
        ].map((path) => ({ method: 'GET', path })),
      ),
      ...['own', 'shop/organizations/org_1/memberships/user_1'].flatMap((path) =>
        ['{"a":', '{"a":1}', `{"a":"${'x'.repeat(1_200_000)}"}`].map((body) => ({
          method: 'PATCH',
          path: `/${path}`,
          headers: json,
          body,
        })),
      ),
      { method: 'GET', path: '/nowhere/organizations/org_1/memberships' },
      { method: 'PUT', path: '/v1/organizations/org_1/memberships/user_1' },
    ]
    for (const request of requests) {
      const expected = await ask(without, request)
      expect(await ask(withIt, request)).toEqual(expected)
      expect(await ask(before, request)).toEqual(expected)
      expect(expected.text).not.toContain('{"errors":[{')
    }
  })

  it("answers the core client's errors and the guard's refusals in the envelope", async () => {
    const mounted = await start(adapter, {
      metadata: { controllers: [OwnController], providers: [ours] },
    })
    const missing = await ask(mounted, { method: 'GET', path: '/missing-member' })
    expect(missing).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store' } })
    expect(JSON.parse(missing.text)).toMatchObject({ errors: [{ code: 'resource_not_found' }] })
    const nobody = await ask(mounted, { method: 'GET', path: '/guarded/org_acme' })
    expect(nobody).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(JSON.parse(nobody.text)).toEqual({
      errors: [expect.objectContaining({ code: 'authentication_invalid' })],
    })
  })
})

describe.each(adapters)('mounted routes without a filter on %s', (adapter) => {
  it('answer in the envelope, beside routes of the app below the same path', async () => {
    const mounted = await start(adapter, {})
    const token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const patch = (user: string) =>
      ask(mounted, {
        method: 'PATCH',
        path: `/v1/organizations/org_acme/memberships/${user}`,
        headers,
        body: '{"role":',
      })
    expect((await patch('user_bob')).text).toContain('"code":"request_body_invalid"')
    // The app's own, which comes first.
    expect((await patch('me')).text).toMatch(/"statusCode":400/)
  })
})

describe.each(adapters)('a policy of the app on %s', (adapter) => {
  const refuse = async (error: unknown): Promise<never> => {
    throw error
  }
  const refusedWith = async (error: unknown) => {
    const mounted = await start(adapter, {
      http: {
        access: {
          useFactory: () => ({
            authorize: () => refuse(error),
            change: () => refuse(new Error('not reached')),
            currentMembership: () => refuse(new Error('not reached')),
          }),
        },
      },
    })
    const path = '/v1/organizations/org_acme/memberships'
    const { status, text } = await ask(mounted, { method: 'GET', path })
    return { status, errors: (JSON.parse(text) as { errors: unknown[] }).errors }
  }
  const forbidden = (long_message: string) => ({
    message: 'Unauthorized request',
    long_message,
    code: 'authorization_invalid',
  })

  it.each<[string, unknown, number, unknown[]]>([
    [
      'a text',
      new HttpException('Your plan has no member management.', 403),
      403,
      [forbidden('Your plan has no member management.')],
    ],
    [
      "a text in Nest's form",
      new HttpException({ message: 'No.', error: 'Forbidden', statusCode: 403 }, 403),
      403,
      [forbidden('No.')],
    ],
    [
      'several',
      new HttpException({ message: ['One', 'Two'] }, 403),
      403,
      [forbidden('One'), forbidden('Two')],
    ],
    [
      'no text',
      new HttpException({ message: 'Forbidden', statusCode: 403 }, 403),
      403,
      [forbidden('You are not authorized to perform this request')],
    ],
    [
      'an envelope of its own',
      new HttpException({ errors: [{ code: 'plan', message: 'm', long_message: 'l' }] }, 402),
      402,
      [{ code: 'plan', message: 'm', long_message: 'l' }],
    ],
    [
      'something like an envelope',
      new HttpException({ errors: ['no'], message: 'Please pay.' }, 402),
      402,
      [expect.objectContaining({ long_message: 'Please pay.', code: 'request_invalid' })],
    ],
    [
      'a failure',
      new HttpException('password of the database', 500),
      500,
      [expect.objectContaining({ code: 'internal_error' })],
    ],
  ])('that refuses with %s', async (_, error, status, errors) => {
    const answer = await refusedWith(error)
    expect(answer).toEqual({ status, errors })
    expect(JSON.stringify(answer)).not.toContain('password')
  })
})

describe('the log of failures', () => {
  const lines: string[] = []
  class Recorder extends ConsoleLogger {
    protected override printStackTrace(stack: string | undefined): void {
      if (stack !== undefined) lines.push(stack)
    }

    protected override printMessages(messages: unknown[], name = '', level = 'log'): void {
      lines.push(`${level} [${name}] ${messages.join(' ')}`)
    }
  }
  const failures = () => lines.filter((line) => line.startsWith('error'))

  it('names routes, and no ids', async () => {
    const mounted = await start('express', {})
    const token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    const send = (path: string) =>
      ask(mounted, { method: 'DELETE', path, headers: { authorization: `Bearer ${token}` } })
    await send('/v1/organizations/org_acme/memberships/user_nobody')
    Logger.overrideLogger(new Recorder())
    lines.length = 0
    // Of the elevated members, after the caller.
    emulator.failNext({
      status: 500,
      message: 'org_acme is broken, and user_bob',
      match: ({ search }) => search.has('role'),
    })
    const { status } = await send('/v1/organizations/org_acme/memberships/user_bob')
    Logger.overrideLogger(false)
    expect(status).toBe(502)
    expect(failures()).toHaveLength(1)
    expect(failures()[0]).toContain('/organizations/{organization_id}/memberships')
    expect(lines.join('\n')).not.toMatch(/org_acme|user_bob|user_ada/)
  })

  it('says in one line that the app parses no JSON, and the caller is not blamed', async () => {
    const mounted = await start('express', {
      // Reads every body and leaves nothing, as a proxy does.
      configure: (app) =>
        app.use((request: NodeJS.ReadableStream, _response: unknown, next: () => void) => {
          request.on('end', next).resume()
        }),
      app: { bodyParser: false },
    })
    const token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    Logger.overrideLogger(new Recorder())
    lines.length = 0
    const { status, text } = await ask(mounted, {
      method: 'PATCH',
      path: '/v1/organizations/org_acme/memberships/user_bob',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"role":"org:admin"}',
    })
    Logger.overrideLogger(false)
    expect({ status, text }).toMatchObject({
      status: 500,
      text: expect.stringContaining('internal_error'),
    })
    expect(failures()).toEqual([expect.stringContaining('This app parses no JSON')])
    expect(lines.join('\n')).not.toMatch(/\n\s*at /)
  })
})
