import type { Readable } from 'node:stream'
import {
  BadGatewayException,
  type CallHandler,
  Catch,
  ClassSerializerInterceptor,
  type ExecutionContext,
  type ExceptionFilter,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { catchError, map, of, throwError } from 'rxjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Adapter } from './support/app.js'
import { exchange, type Sent, type Wire } from './support/exchange.js'
import { type Mounted, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

// The routes answer alike, whatever the app around them does: adapter × version of HTTP × parser × what is global.

interface Server {
  readonly name: string
  readonly adapter: Adapter
  readonly wire: Wire
}

const servers: readonly Server[] = [
  { name: 'Express', adapter: 'express', wire: { http: 1, length: 'announced' } },
  { name: 'Express, chunked', adapter: 'express', wire: { http: 1, length: 'unknown' } },
  { name: 'Fastify', adapter: 'fastify', wire: { http: 1, length: 'announced' } },
  { name: 'Fastify, chunked', adapter: 'fastify', wire: { http: 1, length: 'unknown' } },
  { name: 'Fastify over HTTP/2', adapter: 'fastify', wire: { http: 2, length: 'unknown' } },
  {
    name: 'Fastify over HTTP/2, length',
    adapter: 'fastify',
    wire: { http: 2, length: 'announced' },
  },
]

type Configure = (app: INestApplication, adapter: Adapter) => void

/** How the app parses bodies. */
const parsers: { readonly [name: string]: Configure | undefined } = {
  "Nest's own parser": undefined,
  'no parser': (app, adapter) => {
    if (adapter === 'fastify') fastifyOf(app).removeAllContentTypeParsers()
  },
  'a parser to bytes': (app, adapter) => {
    if (adapter === 'express') {
      ;(app as NestExpressApplication).useBodyParser('raw', { type: () => true })
    } else parseOnFastify(app, 'buffer')
  },
  'middleware that reads bodies': (app) => {
    app.use((request: Readable & { body?: unknown }, _response: unknown, next: () => void) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        request.body = Buffer.concat(chunks)
        next()
      })
    })
  },
  'a parser to text': (app, adapter) => {
    if (adapter === 'express') {
      ;(app as NestExpressApplication).useBodyParser('text', { type: () => true })
    } else parseOnFastify(app, 'string')
  },
}

function fastifyOf(app: INestApplication) {
  return (app as NestFastifyApplication).getHttpAdapter().getInstance()
}

function parseOnFastify(app: INestApplication, parseAs: 'buffer' | 'string'): void {
  const fastify = fastifyOf(app)
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs }, (_request, body, done) => done(null, body))
}

@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ data, wrapped: true })))
  }
}

@Injectable()
class Replacing implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(catchError(() => throwError(() => new BadGatewayException('no'))))
  }
}

/** As the interceptor of a cache does: by URL, whoever asks. */
@Injectable()
class Caching implements NestInterceptor {
  #known = new Map<string, unknown>()

  intercept(context: ExecutionContext, next: CallHandler) {
    const { url } = context.switchToHttp().getRequest<{ url: string }>()
    const known = this.#known.get(url)
    if (known !== undefined) return of(known)
    return next.handle().pipe(
      map((value: unknown) => {
        this.#known.set(url, value)
        return value
      }),
    )
  }
}

@Catch()
class Teapot implements ExceptionFilter {
  catch(): never {
    throw new Error('the filter of the app was asked')
  }
}

interface Surrounding {
  readonly configure: (app: INestApplication) => unknown
  /** Before the path of the mount. */
  readonly prefix?: string
  readonly headers?: { readonly [name: string]: string }
}

/** What the app has put around all routes. */
const surroundings: { readonly [name: string]: Surrounding } = {
  nothing: { configure: () => undefined },
  'a ValidationPipe': {
    configure: (app) =>
      app.useGlobalPipes(
        new ValidationPipe({ whitelist: true, transform: true, forbidNonWhitelisted: true }),
      ),
  },
  interceptors: {
    configure: (app) =>
      app.useGlobalInterceptors(
        new Replacing(),
        new Wrapping(),
        new Caching(),
        new ClassSerializerInterceptor(app.get(Reflector)),
      ),
  },
  'a filter for all': { configure: (app) => app.useGlobalFilters(new Teapot()) },
  'a prefix, and versions in the URL': {
    configure: (app) =>
      app
        .setGlobalPrefix('api/:tenant')
        .enableVersioning({ type: VersioningType.URI, defaultVersion: '3' }),
    prefix: '/api/one',
  },
  'versions in a header': {
    configure: (app) =>
      app.enableVersioning({
        type: VersioningType.HEADER,
        header: 'x-version',
        defaultVersion: '3',
      }),
    headers: { 'x-version': '4' },
  },
}

interface Row extends Sent {
  readonly name: string
  readonly as?: 'nobody'
  readonly status: number
  /** The code of the refusal, or what the text of the answer holds. */
  readonly code?: string
  readonly holds?: string
}

const json = { 'content-type': 'application/json' }
const list = '/organizations/org_acme/memberships'
const hostile = '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"toJSON":"y"}'

const undecodable = 'an id that does not decode'

/** Everything that a request can come to, in an order that the rows before have made possible. */
const rows: readonly Row[] = [
  { name: 'a list', method: 'GET', path: list, status: 200, holds: '"total_count":3' },
  {
    name: 'a list with a content type',
    method: 'GET',
    path: `${list}?limit=1`,
    headers: json,
    status: 200,
    holds: '"total_count":3',
  },
  {
    name: 'a list with a wrong parameter',
    method: 'GET',
    path: `${list}?limit=0`,
    status: 422,
    code: 'form_param_value_invalid',
  },
  {
    name: 'a create',
    method: 'POST',
    path: list,
    headers: json,
    body: `{"user_id":"user_dan","role":"org:member","public_metadata":${hostile}}`,
    status: 200,
    holds: `"public_metadata":${hostile}`,
  },
  { name: 'a list of it', method: 'GET', path: list, status: 200, holds: hostile },
  {
    name: 'an update',
    method: 'PATCH',
    path: `${list}/user_dan`,
    headers: { 'content-type': 'Application/JSON; charset=utf-8' },
    body: '{"role":"org:admin"}',
    status: 200,
    holds: '"role":"org:admin"',
  },
  {
    name: 'an update without a body',
    method: 'PATCH',
    path: `${list}/user_dan`,
    headers: json,
    status: 422,
    code: 'form_param_missing',
  },
  {
    name: 'a metadata update',
    method: 'PATCH',
    path: `${list}/user_dan/metadata`,
    headers: json,
    body: '{"public_metadata":{"constructor":null,"grüße":"🎈"}}',
    status: 200,
    holds: '"public_metadata":{"__proto__":{"admin":true},"toJSON":"y","grüße":"🎈"}',
  },
  {
    name: 'a metadata update without a body',
    method: 'PATCH',
    path: `${list}/user_dan/metadata`,
    headers: json,
    status: 200,
    holds: '"grüße":"🎈"',
  },
  {
    name: 'private metadata',
    method: 'PATCH',
    path: `${list}/user_dan/metadata`,
    headers: json,
    body: '{"private_metadata":{"plan":"free"}}',
    status: 422,
    code: 'form_param_unknown',
  },
  ...['{"role":', '[]', '"role"', 'null', '1', '"{\\"role\\":\\"org:admin\\"}"'].map((body) => ({
    name: `the body ${body}`,
    method: 'PATCH',
    path: `${list}/user_bob`,
    headers: json,
    body,
    status: 400,
    code: 'request_body_invalid',
  })),
  ...['text/plain', 'application/x-www-form-urlencoded', 'application/xml'].map((type) => ({
    name: `a body of ${type}`,
    method: 'PATCH',
    path: `${list}/user_bob`,
    headers: { 'content-type': type },
    body: '{"role":"org:admin"}',
    status: 415,
    code: 'unsupported_content_type',
  })),
  {
    name: 'a body of no type',
    method: 'PATCH',
    path: `${list}/user_bob`,
    body: '{"role":"org:admin"}',
    status: 415,
    code: 'unsupported_content_type',
  },
  {
    name: 'a body that is said to be compressed',
    method: 'PATCH',
    path: `${list}/user_bob`,
    headers: { ...json, 'content-encoding': 'x-unknown' },
    body: 'xyz',
    status: 415,
    code: 'unsupported_content_type',
  },
  {
    name: 'a body that is too large',
    method: 'PATCH',
    path: `${list}/user_bob`,
    headers: json,
    body: `{"role":"${'x'.repeat(1_100_000)}"}`,
    status: 413,
    code: 'request_body_too_large',
  },
  {
    name: undecodable,
    method: 'PATCH',
    path: `${list}/%ff`,
    headers: json,
    body: '{"role":"org:admin"}',
    status: 400,
    code: 'request_body_invalid',
  },
  {
    name: 'nobody',
    method: 'DELETE',
    path: `${list}/user_bob`,
    as: 'nobody',
    status: 401,
    code: 'authentication_invalid',
  },
  {
    name: 'somebody who is no member',
    method: 'DELETE',
    path: `${list}/user_eve`,
    status: 404,
    code: 'resource_not_found',
  },
  {
    name: 'a removal with a content type and no body',
    method: 'DELETE',
    path: `${list}/user_dan`,
    headers: json,
    status: 200,
    holds: '"id":"orgmem_',
  },
  {
    name: 'a removal',
    method: 'DELETE',
    path: `${list}/user_bob`,
    status: 200,
    holds: '"user_id":"user_bob"',
  },
]

let emulator: Emulator
let mounted: Mounted | undefined
let token: string
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
beforeEach(async () => {
  await emulator.reset()
  token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin, expiresIn: 600 })
})
afterEach(async () => {
  await mounted?.close()
  mounted = undefined
})
afterAll(() => emulator.close())

async function start(server: Server, parser: Configure | undefined, around: Surrounding[]) {
  mounted = await startMounted(server.adapter, {
    emulator,
    configure: (app) => {
      parser?.(app, server.adapter)
      for (const { configure } of around) configure(app)
    },
    app: { bodyParser: parser === undefined, http2: server.wire.http === 2 },
  })
  return mounted
}

/** What came back, as far as the table says something of it: the same where all is right. */
interface Answered {
  readonly row: string
  readonly status: number
  readonly text: string
  readonly form: 'success' | 'errors' | 'of the framework'
  readonly type: unknown
  readonly cache: unknown
  readonly challenge: unknown
}

async function answersOf(server: Server, url: string, around: readonly Surrounding[]) {
  const prefix = around.map((each) => each.prefix ?? '').join('')
  const extra = Object.assign({}, ...around.map((each) => each.headers ?? {})) as object
  const answers: Answered[] = []
  for (const row of rows) {
    const { status, headers, text } = await exchange(url, server.wire, {
      ...row,
      path: `${prefix}/v1${row.path}`,
      headers: {
        ...(row.as !== 'nobody' && { authorization: `Bearer ${token}` }),
        ...extra,
        ...row.headers,
      },
    })
    const isSuccess = /^\{"(?:object|data)"/.test(text)
    answers.push({
      row: row.name,
      status,
      text,
      form: isSuccess ? 'success' : text.startsWith('{"errors":[') ? 'errors' : 'of the framework',
      type: headers['content-type'],
      cache: headers['cache-control'],
      challenge: headers['www-authenticate'],
    })
  }
  return answers
}

/** Fastify refuses what does not decode before it looks for a route. */
const undecodableOnFastify = {
  text: expect.stringContaining('FST_ERR_BAD_URL') as unknown,
  form: 'of the framework',
  type: 'application/json; charset=utf-8',
  cache: undefined,
}

function expectedOf({ adapter }: Server): unknown[] {
  // oxlint-disable-next-line oxc/no-map-spread -- A small table, made once for each test.
  return rows.map((row) => ({
    row: row.name,
    status: row.status,
    text: expect.stringContaining(row.holds ?? `"code":"${row.code}"`),
    form: row.status === 200 ? 'success' : 'errors',
    type: 'application/json',
    cache: 'no-store',
    challenge: row.status === 401 ? 'Bearer' : undefined,
    ...(row.name === undecodable && adapter === 'fastify' && undecodableOnFastify),
  }))
}

describe.each(servers)('the mounted routes on $name', (server) => {
  it.each(Object.keys(parsers))('with %s', async (parser) => {
    const { url } = await start(server, parsers[parser], [])
    expect(await answersOf(server, url, [])).toEqual(expectedOf(server))
  })

  it.each(Object.keys(surroundings))('inside of an app that has %s', async (name) => {
    const around = [surroundings[name] as Surrounding]
    const { url } = await start(server, undefined, around)
    expect(await answersOf(server, url, around)).toEqual(expectedOf(server))
  })

  it('inside of an app that has everything, and parses nothing', async () => {
    const around = Object.values(surroundings).filter(({ headers }) => headers === undefined)
    const { url } = await start(server, parsers['no parser'], around)
    expect(await answersOf(server, url, around)).toEqual(expectedOf(server))
  })
})
