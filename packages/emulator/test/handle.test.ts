import { describe, expect, it } from 'vitest'
import { createEmulator } from '../src/index.js'
import { acme } from './acme.js'
import { call, userIds } from './call.js'

const members = '/organizations/org_acme/memberships'

describe('the handle', () => {
  it('goes back to the seed: the same rows, no requests, no limits', async () => {
    await using emulator = await createEmulator({ seed: acme, rateLimit: { requests: 3 } })
    const before = await call(emulator, 'GET', members)
    await call(emulator, 'DELETE', `${members}/user_bob`)
    await call(emulator, 'PATCH', `${members}/user_ada/metadata`, {
      body: { public_metadata: { a: 1 } },
    })
    await emulator.reset()
    expect(emulator.requests).toEqual([])
    expect((await call(emulator, 'GET', members)).text).toBe(before.text)
  })

  it('takes another seed', async () => {
    await using emulator = await createEmulator()
    expect((await call(emulator, 'GET', members)).status).toBe(404)
    await emulator.seed(acme)
    expect(userIds(await call(emulator, 'GET', members))).toEqual(['user_bob', 'user_ada'])
  })

  it('keeps its own copy of the seed', async () => {
    const seed = structuredClone(acme)
    await using emulator = await createEmulator({ seed })
    Object.assign(seed.organizations?.[0] ?? {}, { memberships: [] })
    await emulator.reset()
    expect((await call(emulator, 'GET', members)).json.total_count).toBe(2)
  })

  it('logs requests with their bodies and without the key', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const body = { public_metadata: { a: null } }
    await call(emulator, 'PATCH', `${members}/user_bob/metadata?x=1`, { body })
    await call(emulator, 'POST', '/elsewhere', { body: '{broken' })
    expect(emulator.requests).toMatchObject([
      { method: 'PATCH', path: `/v1${members}/user_bob/metadata`, route: 'updateMetadata', body },
      { method: 'POST', path: '/v1/elsewhere', route: null, body: '{broken', status: 404 },
    ])
    expect(emulator.requests[0]?.search.get('x')).toBe('1')
    expect(JSON.stringify(emulator.requests)).not.toContain(emulator.secretKey)
  })

  it('keeps the last requests only', async () => {
    await using emulator = await createEmulator({ keptRequests: 10 })
    for (let index = 0; index < 25; index += 1) {
      await call(emulator, 'GET', `/users?offset=${index}`)
      expect(emulator.requests.length).toBeLessThanOrEqual(11)
    }
    expect(emulator.requests.at(-1)?.search.get('offset')).toBe('24')
    expect(emulator.requests.length).toBeGreaterThanOrEqual(10)
  })

  it('answers 500 and warns where a function of the test throws', async () => {
    const fail = () => {
      throw new Error('thrown by a test')
    }
    await using emulator = await createEmulator({ fallback: fail })
    const warnings: string[] = []
    const onWarning = (warning: Error) => warnings.push(warning.message)
    process.on('warning', onWarning)
    expect((await call(emulator, 'GET', '/elsewhere')).status).toBe(500)
    emulator.latency = fail
    expect((await call(emulator, 'GET', '/users')).json.errors[0]?.code).toBe(
      'internal_clerk_error',
    )
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual(['thrown by a test', 'thrown by a test'])
  })

  it('keeps two emulators apart', async () => {
    await using one = await createEmulator({ seed: acme })
    await using other = await createEmulator({ seed: acme })
    one.failNext({ status: 500 })
    one.clock.set(1_800_000_000_000)
    await call(other, 'DELETE', `${members}/user_bob`)
    expect((await call(one, 'GET', members)).status).toBe(500)
    expect((await call(one, 'GET', members)).json.total_count).toBe(2)
    expect(other.requests).toHaveLength(1)
    expect(other.clock.now()).not.toBe(one.clock.now())
    const stolen = await call(one, 'GET', members, {
      headers: { Authorization: `Bearer ${other.secretKey}` },
    })
    expect(stolen.status).toBe(401)
  })

  it('says that a port is in use', async () => {
    await using emulator = await createEmulator()
    const port = Number(new URL(emulator.url).port)
    await expect(createEmulator({ port })).rejects.toThrow(`Port ${port} is in use`)
  })

  it('leaves other paths to the app, with their bodies', async () => {
    await using emulator = await createEmulator({
      seed: acme,
      fallback: async (request) => {
        const { pathname } = new URL(request.url)
        if (pathname !== '/v1/invitations') return undefined
        return Response.json({ got: await request.json() }, { status: 201 })
      },
    })
    const answered = await call(emulator, 'POST', '/invitations', { body: { a: 1 } })
    expect([answered.status, answered.text]).toEqual([201, '{"got":{"a":1}}'])
    expect((await call(emulator, 'GET', '/elsewhere')).status).toBe(404)
    expect((await call(emulator, 'GET', members)).status).toBe(200)
  })

  it('runs on a clock that a test sets', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.clock.set(1_800_000_000_000)
    const body = { user_id: 'user_cleo', role: 'org:member' }
    const created = await call(emulator, 'POST', members, { body })
    expect(created.json.created_at).toBe(1_800_000_000_000)
    const update = () =>
      call(emulator, 'PATCH', `${members}/user_cleo`, { body: { role: 'org:member' } })
    expect((await update()).json.updated_at).toBe(1_800_000_000_001)
    emulator.clock.advance(5000)
    expect((await update()).json.updated_at).toBe(1_800_000_005_000)
    emulator.clock.reset()
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1000)
  })
})
