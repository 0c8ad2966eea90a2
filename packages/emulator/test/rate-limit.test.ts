import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { acme } from './acme.js'
import { call } from './call.js'

// Contract, section 9.
const members = '/organizations/org_acme/memberships'

async function statuses(count: number, send: () => ReturnType<typeof call>): Promise<number[]> {
  const all = await Promise.all(Array.from({ length: count }, send))
  return all.map(({ status }) => status)
}

function patch(emulator: Emulator, userId: string) {
  return () => call(emulator, 'PATCH', `${members}/${userId}/metadata`, { body: {} })
}

describe('rate limits', () => {
  it.each([
    ['development', 100],
    ['production', 1000],
  ] as const)('of a %s instance: %i requests of one endpoint in 10 s', async (rateLimit, most) => {
    await using emulator = await createEmulator({ seed: acme, rateLimit })
    emulator.clock.set(1_800_000_000_000)
    const list = () => call(emulator, 'GET', members)
    // A thousand requests without a thousand connections.
    const url = `${emulator.url}${members}`
    const headers = { Authorization: `Bearer ${emulator.secretKey}` }
    const sent = Array.from({ length: most }, () => emulator.fetch(url, { headers }))
    const answered = await Promise.all(sent)
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]))
    emulator.clock.advance(2500)
    const refused = await list()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('8')
    expect(refused.json.errors[0]?.code).toBe('too_many_requests')
    expect((await call(emulator, 'GET', '/organization_memberships')).status).toBe(200)
    emulator.clock.advance(7499)
    expect((await list()).status).toBe(429)
    emulator.clock.advance(1)
    expect((await list()).status).toBe(200)
  })

  it('of one membership: 10 updates in 10 s, role and metadata together', async () => {
    await using emulator = await createEmulator({ seed: acme, rateLimit: 'production' })
    emulator.clock.set(1_800_000_000_000)
    const role = () =>
      call(emulator, 'PATCH', `${members}/user_bob`, { body: { role: 'org:member' } })
    await statuses(4, role)
    expect((await statuses(7, patch(emulator, 'user_bob'))).toSorted()).toEqual([
      ...Array.from({ length: 6 }, () => 200),
      429,
    ])
    expect((await role()).status).toBe(429)
    expect((await patch(emulator, 'user_ada')()).status).toBe(200)
    emulator.clock.advance(10_000)
    expect((await role()).status).toBe(200)
  })

  it('are off by default, and may be numbers', async () => {
    await using free = await createEmulator({ seed: acme })
    expect(new Set(await statuses(30, patch(free, 'user_bob')))).toEqual(new Set([200]))
    await using tight = await createEmulator({
      seed: acme,
      rateLimit: { requests: 2, window: 500 },
    })
    tight.clock.set(1_800_000_000_000)
    expect((await statuses(3, patch(tight, 'user_bob'))).toSorted()).toEqual([200, 200, 429])
    tight.clock.advance(500)
    expect((await patch(tight, 'user_bob')()).status).toBe(200)
  })

  it('come after the key and the version, and before the rest', async () => {
    await using emulator = await createEmulator({ seed: acme, rateLimit: { requests: 1 } })
    await call(emulator, 'GET', members, { headers: { Authorization: 'Bearer wrong' } })
    await call(emulator, 'GET', members, { headers: { 'Clerk-API-Version': 'wrong' } })
    expect((await call(emulator, 'GET', `${members}?limit=x`)).status).toBe(422)
    expect((await call(emulator, 'GET', `${members}?limit=x`)).status).toBe(429)
  })

  it('refuses numbers that are none', async () => {
    await expect(createEmulator({ rateLimit: { requests: 0 } })).rejects.toThrow(RangeError)
  })
})
