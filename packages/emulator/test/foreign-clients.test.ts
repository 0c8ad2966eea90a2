import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClerkClient, verifyToken } from '@clerk/backend'
import { describe, expect, it } from 'vitest'
import { createEmulator, type EmulatorOptions, type FaultOptions } from '../src/index.js'
import { acme } from './acme.js'
import { call } from './call.js'

const members = '/organizations/org_acme/memberships'

interface RawRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

/** A request with exactly these headers, which `fetch` would add to. */
function send(origin: string, { method = 'GET', path, headers = {}, body }: RawRequest) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const outgoing = request({ hostname, port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode, text: Buffer.concat(chunks).toString() }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('what clients of other languages send', () => {
  it('a JSON body without a type', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const { status } = await send(emulator.origin, {
      method: 'POST',
      path: `/v1${members}`,
      headers: { Authorization: `Bearer ${emulator.secretKey}` },
      body: '{"user_id":"user_cleo","role":"org:member"}',
    })
    expect(status).toBe(200)
  })

  it.each([
    ['/organizations/org_acme/memberships', 'is /v1 missing from the base URL?'],
    ['/v1/v1/organizations/org_acme/memberships', 'is /v1 there twice'],
    ['/v1/nothing', 'There is no GET /v1/nothing here.'],
  ])('a base URL that is not quite right: %s', async (path, hint) => {
    await using emulator = await createEmulator({ seed: acme })
    const { status, text } = await send(emulator.origin, { path })
    expect([status, text]).toEqual([404, expect.stringContaining(hint)])
  })

  it.each(['//[', '*', '/v1/%', 'http://[', '//example.com/x'])(
    'a target that is none, with a fallback: %s',
    async (path) => {
      await using emulator = await createEmulator({ fallback: () => undefined })
      expect((await send(emulator.origin, { path })).status).toBe(404)
    },
  )

  it('a method that fetch does not know, with a fallback', async () => {
    await using emulator = await createEmulator({ fallback: () => undefined })
    expect((await send(emulator.origin, { method: 'TRACE', path: '/x' })).status).toBe(404)
  })
})

describe('the environment of Clerk’s packages', () => {
  it('is on the handle', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const environment = await emulator.environment()
    expect(environment).toEqual({
      CLERK_SECRET_KEY: emulator.secretKey,
      CLERK_PUBLISHABLE_KEY: emulator.publishableKey,
      CLERK_API_URL: emulator.origin,
      CLERK_JWT_KEY: await emulator.jwtKey(),
    })
    const [, encoded = ''] = /^pk_test_(.+)$/.exec(emulator.publishableKey) ?? []
    expect(Buffer.from(encoded, 'base64').toString()).toBe(`${new URL(emulator.origin).host}$`)

    const clerk = createClerkClient({
      secretKey: environment.CLERK_SECRET_KEY,
      publishableKey: environment.CLERK_PUBLISHABLE_KEY,
      apiUrl: environment.CLERK_API_URL,
    })
    expect((await clerk.users.getUserList({ userId: ['user_ada'] })).totalCount).toBe(1)
    const token = await emulator.createSessionToken({ userId: 'user_ada' })
    // Networkless: with the key alone.
    const claims = await verifyToken(token, { jwtKey: environment.CLERK_JWT_KEY })
    expect(claims.sub).toBe('user_ada')
  })
})

describe('the name of the server', () => {
  it.each([
    ['evil.example', 403],
    ['evil.example:9899', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost', 200],
    ['LOCALHOST:9899', 200],
    ['app.localhost:9899', 200],
    ['127.0.0.1', 200],
    ['[::1]:9899', 200],
    ['emulator:9899', 200],
  ])('%s under a well-known key: %i', async (host, expected) => {
    await using emulator = await createEmulator({ seed: acme, allowedHosts: ['Emulator'] })
    const { status } = await send(emulator.origin, {
      path: `/v1${members}`,
      headers: { Host: host, Authorization: `Bearer ${emulator.secretKey}` },
    })
    expect(status).toBe(expected)
  })

  it('does not matter under a key of one’s own', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const { status } = await send(emulator.origin, {
      path: `/v1${members}`,
      headers: { Host: 'emulator.example', Authorization: `Bearer ${emulator.secretKey}` },
    })
    expect(status).toBe(200)
  })
})

it('fetch rejects after close, and nothing is written', async () => {
  const emulator = await createEmulator({ seed: acme })
  await emulator.close()
  const answered = emulator.fetch(`${emulator.url}${members}/user_bob`, { method: 'DELETE' })
  await expect(answered).rejects.toThrow('fetch failed')
  expect(emulator.requests).toEqual([])
})

it('fetch reads header names in any case, as the DOMs of tests write them', async () => {
  await using emulator = await createEmulator({ seed: acme, port: false })
  const NodeRequest = globalThis.Request
  class DOMRequest extends NodeRequest {}
  Object.defineProperty(DOMRequest.prototype, 'headers', {
    value: new Map([
      ['Authorization', `Bearer ${emulator.secretKey}`],
      ['CLERK-API-VERSION', '2026-05-12'],
    ]),
  })
  globalThis.Request = DOMRequest
  try {
    expect((await emulator.fetch(`${emulator.url}${members}`)).status).toBe(200)
  } finally {
    globalThis.Request = NodeRequest
  }
})

it('reads a JSON seed that begins with a byte order mark', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const seed = join(folder, 'seed.json')
  await writeFile(seed, `\uFEFF${JSON.stringify(acme)}`)
  await using emulator = await createEmulator({ seed })
  expect((await call(emulator, 'GET', members)).json.total_count).toBe(2)
  await rm(folder, { recursive: true })
})

describe('slugs', () => {
  it('are made from names, each its own, and stay null where they are', async () => {
    await using emulator = await createEmulator({
      seed: {
        organizations: [
          { id: 'org_1', name: 'Zoë & Söhne, GmbH' },
          { id: 'org_2', name: 'Zoe Sohne GmbH' },
          { id: 'org_3', name: '東京' },
          { id: 'org_4', name: 'Acme', slug: null },
          { id: 'org_5', name: 'Acme' },
          { id: 'org_6', slug: 'acme' },
        ],
      },
    })
    const slugs = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (number) => {
        const { text } = await call(emulator, 'GET', `/organizations/org_${number}`)
        return (JSON.parse(text) as { slug: string | null }).slug
      }),
    )
    expect(slugs).toEqual([
      'zoe-sohne-gmbh',
      'zoe-sohne-gmbh-2',
      'organization',
      null,
      'acme-2',
      'acme',
    ])
  })
})

describe('the request log', () => {
  it('keeps no cookie and no credential, and bodies within bounds', async () => {
    await using emulator = await createEmulator({ seed: acme })
    await call(emulator, 'GET', members, {
      headers: { Cookie: '__session=secret', 'Proxy-Authorization': 'Basic c2VjcmV0' },
    })
    expect(JSON.stringify(emulator.requests)).not.toMatch(/secret|c2VjcmV0/)
    expect(JSON.stringify(emulator.requests)).not.toContain(emulator.secretKey)

    // Without a key: anybody could fill the memory otherwise.
    const body = `[${'{},'.repeat(300_000)}{}]`
    for (let count = 0; count < 25; count += 1) {
      await send(emulator.origin, { method: 'POST', path: `/v1${members}`, body })
    }
    const { requests } = emulator
    expect(requests.length).toBeLessThan(20)
    expect(requests.length).toBeGreaterThan(10)
    expect(requests.at(-1)?.body).toHaveLength(300_001)
    expect(requests.at(-1)?.code).toBe('authorization_header_format_invalid')
  })

  it('keeps none where none are to be kept', async () => {
    await using emulator = await createEmulator({ seed: acme, keptRequests: 0 })
    await call(emulator, 'GET', members)
    expect(emulator.requests).toEqual([])
  })

  it.each<EmulatorOptions>([
    { keptRequests: Number.NaN },
    { keptRequests: -1 },
    { maximumBodyBytes: Number.NaN },
    { requestTimeout: 1.5 },
    { port: -1 },
    { lag: Number.NaN },
  ])('refuses %j', async (options) => {
    await expect(createEmulator(options)).rejects.toThrow(RangeError)
  })
})

it('refuses a fault that cannot be written, at the call', async () => {
  await using emulator = await createEmulator({ seed: acme })
  const faults: FaultOptions[] = [
    { status: 200 },
    { status: 204, body: 'text' },
    { status: 500, headers: { 'X-Bad\n': 'x' } },
    { status: 500, headers: { 'X-Bad': 'a\r\nb' } },
    { status: 500, headers: { 'X-Bad': 'snowman ☃' } },
    { status: 500, headers: { 'Transfer-Encoding': 'chunked' } },
    { status: 429, retryAfter: Number.NaN },
  ]
  for (const fault of faults) expect(() => emulator.failNext(fault)).toThrow(RangeError)
  expect(() => emulator.hold({ times: Number.NaN })).toThrow(RangeError)
  emulator.failNext({ status: 200, body: '' })
  expect((await call(emulator, 'GET', members)).text).toBe('')
  emulator.failNext({ status: 302, headers: { Location: '/elsewhere' } })
  const response = await fetch(`${emulator.url}${members}`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
    302,
    '/elsewhere',
    '',
  ])
})
