import { Logger } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MembershipCache } from '../src/access/membership-cache.js'
import { MembershipReader, type MembershipReaderOptions } from '../src/access/membership-reader.js'
import { RateLimitedLogger } from '../src/logging/rate-limited-logger.js'
import { membershipsJSON } from './support/memberships-json.js'

Logger.overrideLogger(false)

interface Request {
  readonly signal: AbortSignal
  /** With one member, or with none. */
  readonly answer: (isMember: boolean) => void
}

/** An API whose requests are answered by the test, or at once. */
class Upstream {
  readonly requests: Request[] = []
  answersAtOnce: boolean | undefined

  readonly client = new OrganizationMembershipsClient({
    baseURL: 'http://127.0.0.1:9',
    secretKey: 'sk_test_model',
    maxRetries: 0,
    fetch: (_url, init) =>
      new Promise<Response>((resolve, reject) => {
        const signal = init?.signal ?? new AbortController().signal
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        const answer = (isMember: boolean) =>
          resolve(Response.json(membershipsJSON(isMember ? [{}] : [])))
        this.requests.push({ signal, answer })
        if (this.answersAtOnce !== undefined) answer(this.answersAtOnce)
      }),
  })
}

/** Until everything has gone as far as it can without time and without an answer. */
async function turn(): Promise<void> {
  for (let count = 0; count < 5; count++) await new Promise((resolve) => setImmediate(resolve))
}

describe('the shared cache', () => {
  let upstream: Upstream
  beforeEach(() => {
    upstream = new Upstream()
    upstream.answersAtOnce = true
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const create = (options: MembershipReaderOptions) =>
    new MembershipReader(upstream.client, options)
  const ask = (reader: MembershipReader) => reader.get('org_1', 'user_1')

  describe('that hangs', () => {
    const hanging: MembershipCache = { get: () => new Promise(() => {}), set: () => undefined }

    it('costs one request 500 ms, and those after it nothing', async () => {
      const reader = create({ store: hanging })
      const first = ask(reader)
      await vi.advanceTimersByTimeAsync(499)
      expect(upstream.requests).toHaveLength(0)
      await vi.advanceTimersByTimeAsync(1)
      expect((await first)?.role).toBe('org:member')
      // With no time at all.
      for (let count = 0; count < 20; count++) expect((await ask(reader))?.role).toBe('org:member')
      // Nor when the pause is over: what tries the store then is not waited for.
      await vi.advanceTimersByTimeAsync(6_000)
      expect((await ask(reader))?.role).toBe('org:member')
    })

    it('lets all who wait go when the first has waited in vain', async () => {
      const reader = create({ store: hanging })
      const first = ask(reader)
      await vi.advanceTimersByTimeAsync(400)
      const second = ask(reader)
      await vi.advanceTimersByTimeAsync(100)
      expect((await first)?.role).toBe('org:member')
      expect((await second)?.role).toBe('org:member')
    })

    it('is used again once it answers', async () => {
      const values = new Map<string, unknown>()
      let isHanging = true
      const reader = create({
        store: {
          get: (key) => (isHanging ? new Promise(() => {}) : Promise.resolve(values.get(key))),
          set: (key, value) => Promise.resolve(values.set(key, value)),
        },
      })
      const first = ask(reader)
      await vi.advanceTimersByTimeAsync(500)
      await first
      isHanging = false
      await vi.advanceTimersByTimeAsync(5_000)
      await ask(reader)
      await turn()
      await ask(reader)
      await turn()
      const before = upstream.requests.length
      await ask(reader)
      expect(upstream.requests.length).toBe(before)
    })
  })

  it('that hangs when it is written to costs one request 500 ms, and those after it nothing', async () => {
    const reader = create({
      store: { get: () => Promise.resolve(undefined), set: () => new Promise(() => {}) },
    })
    const first = ask(reader)
    await vi.advanceTimersByTimeAsync(500)
    expect((await first)?.role).toBe('org:member')
    for (let count = 0; count < 20; count++) expect((await ask(reader))?.role).toBe('org:member')
  })

  it('that does not confirm a revocation is not asked about that member any more', async () => {
    const values = new Map<string, unknown>()
    let refuses = false
    const reader = create({
      store: {
        get: (key) => Promise.resolve(values.get(key)),
        set: (key, value) =>
          refuses
            ? Promise.reject(new Error('read only'))
            : Promise.resolve(values.set(key, value)),
      },
    })
    await ask(reader)
    await turn()
    refuses = true
    upstream.answersAtOnce = false
    await expect(reader.invalidate('org_1', 'user_1')).rejects.toThrow(/did not confirm/)
    expect(await ask(reader)).toBeNull()
    // Nor once the store takes everything again: what it has of the member is older.
    refuses = false
    await vi.advanceTimersByTimeAsync(6_000)
    await reader.get('org_2', 'user_1')
    await turn()
    expect(await ask(reader)).toBeNull()
  })

  it('that says it has not taken a revocation, as a Keyv does, has not confirmed it', async () => {
    const reader = create({ store: { get: () => undefined, set: () => Promise.resolve(false) } })
    await expect(reader.invalidate('org_1', 'user_1')).rejects.toThrow(/did not confirm/)
  })

  it.each([
    ['hides that it has failed', () => undefined],
    ['answers before it has kept a value', (keep: () => void) => void setTimeout(keep, 3_000)],
  ])('that %s has not confirmed a revocation, and is told again', async (_, fault) => {
    const values = new Map<string, unknown>()
    let isFaulty = false
    const store: MembershipCache = {
      get: (key) => Promise.resolve(values.get(key)),
      set: (key, value) => {
        const keep = () => void values.set(key, value)
        if (isFaulty) fault(keep)
        else keep()
        return Promise.resolve()
      },
    }
    const [revoking, other] = [create({ store }), create({ store })]
    await ask(revoking)
    await turn()
    isFaulty = true
    upstream.answersAtOnce = false
    await expect(revoking.invalidate('org_1', 'user_1')).rejects.toThrow(/did not confirm/)
    expect(await ask(revoking)).toBeNull()
    expect((await ask(other))?.role).toBe('org:member')
    isFaulty = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await ask(other)).toBeNull()
  })

  it('that keeps a generation later than it says has nothing looked up under it', async () => {
    const values = new Map<string, unknown>()
    const get = (key: string) => Promise.resolve(values.get(key))
    let late: (() => void) | undefined
    const looking = create({
      store: {
        get,
        set: (key, value) => {
          const keep = () => void values.set(key, value)
          // The first is the generation that the look-up begins under.
          if (late === undefined) late = keep
          else keep()
          return Promise.resolve()
        },
      },
    })
    const revoking = create({
      store: { get, set: (key, value) => Promise.resolve(values.set(key, value)) },
    })
    expect((await ask(looking))?.role).toBe('org:member')
    await turn()
    upstream.answersAtOnce = false
    await revoking.invalidate('org_1', 'user_1')
    late?.()
    expect(await ask(revoking)).toBeNull()
    expect(await ask(looking)).toBeNull()
  })

  it('that hangs costs one change 500 ms, and those after it nothing', async () => {
    const reader = create({
      store: { get: () => Promise.resolve(undefined), set: () => new Promise(() => {}) },
    })
    const revoke = () =>
      expect(reader.invalidate('org_1', 'user_1')).rejects.toThrow(/did not confirm/)
    const first = revoke()
    await vi.advanceTimersByTimeAsync(500)
    await first
    for (let count = 0; count < 20; count++) await revoke()
  })

  it('that takes a first revocation late does not bring back what the second has ended', async () => {
    const values = new Map<string, unknown>()
    let late: (() => void) | undefined
    const revoking = create({
      store: {
        get: (key) => Promise.resolve(values.get(key)),
        set: (key, value) => {
          if (late !== undefined) return Promise.resolve(values.set(key, value))
          return new Promise<void>((resolve) => {
            late = () => {
              values.set(key, value)
              resolve()
            }
          })
        },
      },
    })
    const other = create({
      store: {
        get: (key) => Promise.resolve(values.get(key)),
        set: (key, value) => Promise.resolve(values.set(key, value)),
      },
    })
    const revoked = revoking.invalidate('org_1', 'user_1').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(500)
    expect(String(await revoked)).toContain('did not confirm')
    // The second attempt comes by itself.
    await vi.advanceTimersByTimeAsync(2_000)
    expect(values.size).toBe(1)
    await ask(other)
    await turn()
    // The attempt that was given up arrives: at most it makes everybody look again.
    late?.()
    upstream.answersAtOnce = false
    expect(await ask(other)).toBeNull()
  })

  it('believes nothing longer because a clock was set back', async () => {
    const reader = create({ freshFor: 30_000 })
    await ask(reader)
    await vi.advanceTimersByTimeAsync(29_000)
    vi.setSystemTime(Date.now() - 20_000)
    await ask(reader)
    expect(upstream.requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2_000)
    await ask(reader)
    expect(upstream.requests).toHaveLength(2)
  })
})

describe('look-ups', () => {
  it('are aborted with the last who waits, and not before', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client)
    const first = new AbortController()
    const second = new AbortController()
    const results = [first, second].map(({ signal }) =>
      reader.get('org_1', 'user_1', { signal }).catch((error: unknown) => error),
    )
    await turn()
    expect(upstream.requests).toHaveLength(1)
    first.abort(new Error('gone'))
    expect(await results[0]).toMatchObject({ message: 'gone' })
    expect(upstream.requests[0]?.signal.aborted).toBe(false)
    second.abort(new Error('gone too'))
    expect(await results[1]).toMatchObject({ message: 'gone too' })
    await turn()
    expect(upstream.requests[0]?.signal.aborted).toBe(true)
    // Whoever comes then has one of their own.
    const third = reader.get('org_1', 'user_1')
    await turn()
    upstream.requests[1]?.answer(true)
    expect((await third)?.role).toBe('org:member')
  })

  it('that must be fresh begin at once, beside what has begun', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client)
    const before = reader.get('org_1', 'user_1')
    await turn()
    const fresh = reader.get('org_1', 'user_1', { fresh: true })
    await turn()
    expect(upstream.requests).toHaveLength(2)
    upstream.requests[1]?.answer(false)
    expect(await fresh).toBeNull()
    upstream.requests[0]?.answer(true)
    expect((await before)?.role).toBe('org:member')
  })

  it('without a generation share the next, and never what has begun', async () => {
    const upstream = new Upstream()
    const down = { get: () => Promise.reject(new Error('down')), set: () => undefined }
    const reader = new MembershipReader(upstream.client, { store: down })
    const before = reader.get('org_1', 'user_1')
    await turn()
    const after = Array.from({ length: 10 }, () => reader.get('org_1', 'user_1'))
    await turn()
    upstream.requests[0]?.answer(true)
    expect((await before)?.role).toBe('org:member')
    await turn()
    upstream.requests[1]?.answer(false)
    expect(await Promise.all(after)).toEqual(after.map(() => null))
    expect(upstream.requests).toHaveLength(2)
  })
})

describe('the budget of missed look-ups', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('lets one user ask about so many organizations of others, and says when to go on', async () => {
    const upstream = new Upstream()
    upstream.answersAtOnce = false
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 3 })
    const guess = (id: string) => reader.get(id, 'user_1')
    const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(guess))
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 3 }, () => 'fulfilled'),
      ...Array.from({ length: 2 }, () => 'rejected'),
    ])
    expect(upstream.requests).toHaveLength(3)
    await expect(guess('f')).rejects.toMatchObject({ status: 429, retryAfter: 20_000 })
    // What is known costs nothing, and others are not concerned.
    expect(await guess('a')).toBeNull()
    expect(await reader.get('f', 'user_2')).toBeNull()
    vi.advanceTimersByTime(20_000)
    expect(await guess('f')).toBeNull()
    await expect(guess('g')).rejects.toMatchObject({ status: 429 })
  })

  it('is spent by whoever hangs up as well', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 3 })
    for (let count = 0; count < 10; count++) {
      const caller = new AbortController()
      const guess = reader.get(`org_${count}`, 'user_1', { signal: caller.signal })
      const settled = guess.catch(() => undefined)
      await turn()
      caller.abort(new Error('gone'))
      await settled
      await turn()
    }
    expect(upstream.requests).toHaveLength(3)
    await expect(reader.get('org_10', 'user_1')).rejects.toMatchObject({ status: 429 })
  })

  it('is not spent by who hangs up before the look-up was sent', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 3 })
    // Three may turn out to be misses, so the rest has to wait.
    const first = Array.from({ length: 3 }, (_, index) => reader.get(`org_${index}`, 'user_1'))
    await turn()
    const caller = new AbortController()
    const waiting = Array.from({ length: 5 }, (_, index) =>
      reader.get(`other_${index}`, 'user_1', { signal: caller.signal }).catch(() => 'gone'),
    )
    await turn()
    caller.abort(new Error('gone'))
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => 'gone'))
    for (const request of upstream.requests) request.answer(true)
    await Promise.all(first)
    await turn()
    upstream.answersAtOnce = false
    expect(await reader.get('org_9', 'user_1')).toBeNull()
    expect(upstream.requests).toHaveLength(4)
  })

  it('keeps what is refused from being written to the store', async () => {
    const upstream = new Upstream()
    upstream.answersAtOnce = false
    const values = new Map<string, unknown>()
    const store = {
      get: (key: string) => values.get(key),
      set: (key: string, value: unknown) => values.set(key, value),
    }
    const reader = new MembershipReader(upstream.client, { store, maxMissesPerMinute: 3 })
    for (let count = 0; count < 50; count++) {
      await reader.get(`org_${count}`, 'user_1').catch(() => undefined)
    }
    // Of each of the three that were looked up, the generation and "not a member".
    expect(values.size).toBe(6)
    for (const key of values.keys())
      expect(key).toMatch(/^org-memberships:2:[\w-]{43}(:generation)?$/)
  })

  it('costs a member nothing, however many organizations that are', async () => {
    const upstream = new Upstream()
    upstream.answersAtOnce = true
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 2 })
    for (let count = 0; count < 20; count++) {
      expect((await reader.get(`org_${count}`, 'user_1'))?.role).toBe('org:member')
    }
  })
})

describe('the look-ups of one user', () => {
  it('are all let through where they are of members, however many at once', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 3 })
    const all = Array.from({ length: 60 }, (_, index) => reader.get(`org_${index}`, 'user_1'))
    for (let count = 0; count < 60; count++) {
      await expect.poll(() => upstream.requests.length).toBeGreaterThan(count)
      // No more than could be paid for, if all of them found nothing.
      expect(upstream.requests.length).toBeLessThanOrEqual(count + 3)
      upstream.requests[count]?.answer(true)
    }
    for (const membership of await Promise.all(all)) expect(membership?.role).toBe('org:member')
  })

  it('run eight at a time, and beside those of others', async () => {
    const upstream = new Upstream()
    const reader = new MembershipReader(upstream.client)
    const all = Array.from({ length: 20 }, (_, index) => reader.get(`org_${index}`, 'user_1'))
    await expect.poll(() => upstream.requests.length).toBe(8)
    all.push(reader.get('org_1', 'user_2'))
    await expect.poll(() => upstream.requests.length).toBe(9)
    upstream.answersAtOnce = false
    for (const { answer } of upstream.requests) answer(false)
    expect(await Promise.all(all)).toHaveLength(21)
  })

  it('renew a membership although the budget is spent', async () => {
    const upstream = new Upstream()
    upstream.answersAtOnce = true
    const reader = new MembershipReader(upstream.client, { maxMissesPerMinute: 1, freshFor: 0 })
    expect((await reader.get('org_1', 'user_1'))?.role).toBe('org:member')
    upstream.answersAtOnce = false
    expect(await reader.get('org_2', 'user_1')).toBeNull()
    await expect(reader.get('org_3', 'user_1')).rejects.toMatchObject({ status: 429 })
    upstream.answersAtOnce = true
    expect((await reader.get('org_1', 'user_1'))?.role).toBe('org:member')
  })
})

describe('RateLimitedLogger', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('writes one line per cause and second, and how many it left out', () => {
    const lines: string[] = []
    const target = {
      warn: (line: string) => lines.push(line),
      error: (line: string) => lines.push(line),
    }
    const logger = new RateLimitedLogger(target)
    for (let count = 0; count < 5; count++) logger.warn('store', `store ${count}`)
    logger.error('keys', 'keys')
    vi.advanceTimersByTime(999)
    logger.warn('store', 'still')
    vi.advanceTimersByTime(1)
    logger.warn('store', 'again')
    expect(lines).toEqual(['store 0', 'keys', 'again (and 5 more like it)'])
  })
})
