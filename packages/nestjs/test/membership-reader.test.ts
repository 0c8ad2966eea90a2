import { Logger } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { Keyv } from 'keyv'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryMembershipCache } from '../src/access/membership-cache.js'
import { MembershipReader, type MembershipReaderOptions } from '../src/access/membership-reader.js'
import { planted, seed } from './support/seed.js'

// What the stores do wrong is logged.
Logger.overrideLogger(false)

describe('MembershipReader', () => {
  let emulator: Emulator
  let client: OrganizationMembershipsClient

  beforeAll(async () => {
    emulator = await createEmulator({ seed })
    client = new OrganizationMembershipsClient({
      baseURL: emulator.url,
      secretKey: emulator.secretKey,
      maxRetries: 0,
    })
  })
  beforeEach(() => emulator.reset())
  afterEach(() => {
    vi.useRealTimers()
  })
  afterAll(() => emulator.close())

  const create = (options: MembershipReaderOptions = {}) => new MembershipReader(client, options)
  const reads = () => emulator.requests.filter(({ route }) => route === 'list').length
  /** Only the clock of entries: sockets and pauses need the real timers. */
  const setAge = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })

  it('reads once for many who ask at the same time, and once for a while', async () => {
    const reader = create()
    const all = await Promise.all(
      Array.from({ length: 500 }, () => reader.get('org_acme', 'user_ada')),
    )
    expect(new Set(all.map((membership) => membership?.role))).toEqual(new Set(['org:admin']))
    await reader.get('org_acme', 'user_ada')
    expect(reads()).toBe(1)
    await reader.get('org_acme', 'user_bob')
    expect(reads()).toBe(2)
  })

  it('keeps no private metadata', async () => {
    const store = new Map<string, unknown>()
    const reader = create({ store: mapStore(store) })
    const membership = await reader.get('org_acme', 'user_ada')
    expect(membership?.publicMetadata).toEqual({ title: 'Engineer' })
    expect(store.size).toBe(2)
    for (const kept of [membership, [...store]]) {
      expect(JSON.stringify(kept)).not.toContain(planted.membership)
      expect(JSON.stringify(kept)).not.toContain(planted.organization)
    }
  })

  it('reads again when an entry is no longer fresh', async () => {
    const reader = create({ freshFor: 30_000 })
    await reader.get('org_acme', 'user_ada')
    await client.update({ organizationId: 'org_acme', userId: 'user_ada', role: 'org:member' })
    setAge(29_000)
    expect((await reader.get('org_acme', 'user_ada'))?.role).toBe('org:admin')
    setAge(2_000)
    expect((await reader.get('org_acme', 'user_ada'))?.role).toBe('org:member')
  })

  it('keeps "not a member" for a shorter time', async () => {
    const reader = create({ negativeFor: 5_000 })
    expect(await reader.get('org_acme', 'user_eve')).toBeNull()
    expect(await reader.get('org_nowhere', 'user_eve')).toBeNull()
    await client.create({ organizationId: 'org_acme', userId: 'user_eve', role: 'org:member' })
    setAge(4_000)
    expect(await reader.get('org_acme', 'user_eve')).toBeNull()
    setAge(2_000)
    expect((await reader.get('org_acme', 'user_eve'))?.role).toBe('org:member')
  })

  it.each(['.', '..', '', 'x'.repeat(300), '\ud800'])('finds nobody in %j', async (id) => {
    expect(await create().get(id, 'user_ada')).toBeNull()
    expect(await create().get('org_acme', id)).toBeNull()
  })

  it('does not ask upstream about ids that are too long to be one', async () => {
    await create().get('x'.repeat(10_000), 'user_ada')
    expect(emulator.requests).toEqual([])
  })

  describe('when upstream is in trouble', () => {
    it.each([
      ['limits the rate', { status: 429, retryAfter: 1 }],
      ['fails', { status: 503 }],
      ['breaks the connection', { fault: 'reset' }],
      ['answers HTML', { status: 200, body: '<html>' }],
    ] as const)('and %s, it goes by what it knew, up to a bound', async (_, fault) => {
      const reader = create({ freshFor: 1_000, staleFor: 60_000 })
      await reader.get('org_acme', 'user_ada')
      emulator.failNext({ ...fault, times: Infinity })
      setAge(2_000)
      expect((await reader.get('org_acme', 'user_ada'))?.role).toBe('org:admin')
      setAge(59_000)
      await expect(reader.get('org_acme', 'user_ada')).rejects.toMatchObject({ status: 503 })
    })

    it('holds to the bound also with a store that keeps entries for longer', async () => {
      const reader = create({ freshFor: 1_000, staleFor: 60_000, store: mapStore(new Map()) })
      await reader.get('org_acme', 'user_ada')
      emulator.failNext({ status: 503, times: Infinity })
      setAge(59_000)
      expect((await reader.get('org_acme', 'user_ada'))?.role).toBe('org:admin')
      setAge(2_000)
      await expect(reader.get('org_acme', 'user_ada')).rejects.toMatchObject({ status: 503 })
    })

    it('turns a caller away of whom it knows nothing, and says when to try again', async () => {
      emulator.failNext({ status: 429, retryAfter: 60, times: Infinity })
      await expect(create().get('org_acme', 'user_ada')).rejects.toMatchObject({
        status: 503,
        retryAfter: 60_000,
      })
    })

    it('does not let "not a member" become old', async () => {
      const reader = create({ negativeFor: 1_000 })
      expect(await reader.get('org_acme', 'user_eve')).toBeNull()
      emulator.failNext({ status: 503, times: Infinity })
      setAge(2_000)
      await expect(reader.get('org_acme', 'user_eve')).rejects.toMatchObject({ status: 503 })
    })

    it('asks nothing while upstream wants to be left alone', async () => {
      const reader = create({ freshFor: 0, staleFor: 60_000 })
      await reader.get('org_acme', 'user_ada')
      emulator.failNext({ status: 429, retryAfter: 60 })
      await reader.get('org_acme', 'user_ada')
      const before = reads()
      await reader.get('org_acme', 'user_ada')
      await expect(reader.get('org_acme', 'user_bob')).rejects.toMatchObject({ status: 503 })
      expect(reads()).toBe(before)
    })

    it('does not hide that our own key is refused', async () => {
      const reader = create({ freshFor: 1_000 })
      await reader.get('org_acme', 'user_ada')
      emulator.failNext({ status: 401, times: Infinity })
      setAge(2_000)
      await expect(reader.get('org_acme', 'user_ada')).rejects.toMatchObject({
        name: 'AuthenticationError',
      })
    })
  })

  describe('invalidate', () => {
    it('forgets what is kept', async () => {
      const reader = create()
      await reader.get('org_acme', 'user_bob')
      await client.delete({ organizationId: 'org_acme', userId: 'user_bob' })
      await reader.invalidate('org_acme', 'user_bob')
      expect(await reader.get('org_acme', 'user_bob')).toBeNull()
    })

    it('outruns a read that began before it', async () => {
      const reader = create()
      // The answer is made, and then takes its time: it tells of a member who is removed meanwhile.
      const hold = emulator.hold({ route: 'list', when: 'after', times: 1 })
      const before = reader.get('org_acme', 'user_bob')
      await hold.arrived()
      await client.delete({ organizationId: 'org_acme', userId: 'user_bob' })
      await reader.invalidate('org_acme', 'user_bob')
      const after = reader.get('org_acme', 'user_bob')
      expect(await after).toBeNull()
      hold.release()
      expect((await before)?.role).toBe('org:member')
      expect(await reader.get('org_acme', 'user_bob')).toBeNull()
    })
  })

  describe('stores', () => {
    it('takes a Keyv', async () => {
      const keyv = new Keyv()
      const first = create({ store: keyv })
      const second = create({ store: keyv })
      await first.get('org_acme', 'user_ada')
      expect((await second.get('org_acme', 'user_ada'))?.role).toBe('org:admin')
      expect(reads()).toBe(1)
      await second.invalidate('org_acme', 'user_ada')
      await first.get('org_acme', 'user_ada')
      expect(reads()).toBe(2)
    })

    it.each([
      ['garbage', 'text'],
      [
        'another shape',
        { membership: { role: 'org:admin' }, readAt: Date.now(), generation: 'none' },
      ],
      ['a time to come', { membership: null, readAt: Date.now() + 60_000, generation: 'none' }],
      ['another generation', { membership: null, readAt: Date.now(), generation: 'older' }],
      ['no time', { membership: null, generation: 'none' }],
    ])('passes over %s', async (_, value) => {
      const reader = create({
        store: { get: () => value, set: () => undefined },
      })
      expect((await reader.get('org_acme', 'user_bob'))?.role).toBe('org:member')
    })

    it.each([
      ['throws', () => new Error('down')],
      ['rejects', () => Promise.reject(new Error('down'))],
      ['never answers', () => new Promise(() => {})],
    ])('passes over a store that %s', async (_, use) => {
      const fail = () => {
        const result = use()
        if (result instanceof Error) throw result
        return result
      }
      const reader = create({ store: { get: fail, set: fail } })
      expect((await reader.get('org_acme', 'user_bob'))?.role).toBe('org:member')
      // The other processes may believe what they have: whoever revokes has to know.
      await expect(reader.invalidate('org_acme', 'user_bob')).rejects.toThrow(/did not confirm/)
      expect((await reader.get('org_acme', 'user_bob'))?.role).toBe('org:member')
    })
  })
})

describe('MemoryMembershipCache', () => {
  it('holds no more than its maximum, the ones used last', () => {
    const cache = new MemoryMembershipCache(2)
    const value = { membership: null, readAt: 0 }
    cache.set('a', value, 1_000)
    cache.set('b', value, 1_000)
    cache.get('a')
    cache.set('c', value, 1_000)
    expect(['a', 'b', 'c'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c'])
    expect(cache.size).toBe(2)
  })
})

function mapStore(map: Map<string, unknown>) {
  return {
    get: (key: string) => map.get(key),
    set: (key: string, value: unknown) => map.set(key, value),
  }
}
