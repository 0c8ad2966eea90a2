import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { acme } from './acme.js'
import { call } from './call.js'

const members = '/organizations/org_acme/memberships'
let emulator: Emulator

beforeEach(async () => {
  emulator = await createEmulator({ seed: acme })
})
afterEach(() => emulator.close())

const list = () => call(emulator, 'GET', members)
const create = () =>
  call(emulator, 'POST', members, { body: { user_id: 'user_cleo', role: 'org:member' } })

describe('failNext', () => {
  it('answers the next request with a status, in the envelope', async () => {
    emulator.failNext({ status: 503 })
    const failed = await list()
    expect(failed.status).toBe(503)
    expect(failed.json.errors[0]?.code).toBe('service_unavailable')
    expect(failed.json.clerk_trace_id).toMatch(/^[0-9a-f]{32}$/)
    expect((await list()).status).toBe(200)
  })

  it('fails as many requests as asked, of the routes asked, in the order of the calls', async () => {
    emulator.failNext({ route: 'create', status: 429, retryAfter: 7, times: 2 })
    const second = emulator.failNext({ route: ['create', 'update'], status: 409 })
    expect((await list()).status).toBe(200)
    const first = await create()
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7'])
    expect([(await create()).status, (await create()).status]).toEqual([429, 409])
    expect(second.remaining).toBe(0)
    expect((await create()).status).toBe(200)
  })

  it('carries nothing out unless told to', async () => {
    emulator.failNext({ status: 500 })
    await create()
    expect((await list()).json.total_count).toBe(2)
    emulator.failNext({ status: 500, applied: true })
    expect((await create()).status).toBe(500)
    expect((await list()).json.total_count).toBe(3)
  })

  it('sends a body of the test’s own, with its headers', async () => {
    emulator.failNext({ status: 502, body: '<html>', headers: { 'Content-Type': 'text/html' } })
    const failed = await list()
    expect([failed.text, failed.headers.get('content-type')]).toEqual(['<html>', 'text/html'])
  })

  it('breaks the connection without an answer', async () => {
    emulator.failNext({ fault: 'reset' })
    await expect(list()).rejects.toThrow('fetch failed')
    expect(emulator.requests.map(({ status }) => status)).toEqual([null])
  })

  it('loses the answer of a request that was carried out', async () => {
    emulator.failNext({ fault: 'reset', applied: true })
    await expect(create()).rejects.toThrow('fetch failed')
    expect((await list()).json.total_count).toBe(3)
  })

  it('breaks off in the middle of an answer', async () => {
    emulator.failNext({ fault: 'truncate' })
    await expect(list()).rejects.toThrow('terminated')
  })

  it('stalls until the client gives up or the emulator closes', async () => {
    const fault = emulator.failNext({ fault: 'stall', times: 2 })
    const giveUp = new AbortController()
    const settled: string[] = []
    const first = call(emulator, 'GET', members, { signal: giveUp.signal }).then(
      ({ status }) => settled.push(`first was answered ${status}`),
      ({ name }: Error) => settled.push(`first: ${name}`),
    )
    const second = list().then(
      ({ status }) => settled.push(`second was answered ${status}`),
      ({ name }: Error) => settled.push(`second: ${name}`),
    )
    // Both are through with the emulator, and a request that came later is answered: theirs never will be.
    await expect
      .poll(() => emulator.requests.map(({ duration }) => duration !== null))
      .toEqual([true, true])
    expect(fault.remaining).toBe(0)
    expect((await list()).status).toBe(200)
    expect(settled).toEqual([])
    giveUp.abort()
    await first
    expect(settled).toEqual(['first: AbortError'])
    await emulator.close()
    await second
    expect(settled).toEqual(['first: AbortError', 'second: TypeError'])
  })

  it('is cancelled by its handle, by reset, and picks requests by a function', async () => {
    emulator.failNext({ status: 500 }).cancel()
    emulator.failNext({ status: 500, match: ({ search }) => search.get('limit') === '1' })
    expect((await list()).status).toBe(200)
    expect((await call(emulator, 'GET', `${members}?limit=1`)).status).toBe(500)
    emulator.failNext({ status: 500, times: Infinity })
    await emulator.reset()
    expect((await list()).status).toBe(200)
  })

  it.each([
    [{}],
    [{ status: 99 }],
    [{ fault: 'explode' }],
    [{ status: 500, fault: 'reset' }],
    [{ status: 500, times: 0 }],
  ])('refuses %j', (options) => {
    expect(() => emulator.failNext(options as never)).toThrow(RangeError)
  })
})

describe('hold', () => {
  it('lets a request wait before it is carried out', async () => {
    const hold = emulator.hold({ route: 'create' })
    const created = create()
    await hold.arrived()
    expect(hold.waiting).toBe(1)
    expect((await list()).json.total_count).toBe(2)
    hold.release()
    expect((await created).status).toBe(200)
    expect((await list()).json.total_count).toBe(3)
  })

  it('lets an answer grow old', async () => {
    const hold = emulator.hold({ route: 'list', when: 'after', times: 1 })
    const old = list()
    await hold.arrived()
    await create()
    expect((await list()).json.total_count).toBe(3)
    hold.release()
    expect((await old).json.total_count).toBe(2)
  })

  it('is for requests that come after it, not for those that wait already', async () => {
    const first = emulator.hold({ route: 'list', times: 1 })
    const waits = list()
    await first.arrived()
    const second = emulator.hold({ route: 'list', times: 1 })
    first.release()
    expect((await waits).status).toBe(200)
    expect(second.waiting).toBe(0)
    const later = list()
    await second.arrived()
    second.release()
    expect((await later).status).toBe(200)
  })

  it('lets go when the emulator closes', async () => {
    const hold = emulator.hold()
    const held = list()
    await hold.arrived()
    await emulator.close()
    expect((await held).status).toBe(200)
  })
})

describe('latency', () => {
  it('takes its time, and can change', async () => {
    emulator.latency = 60
    await list()
    expect(emulator.requests[0]?.duration).toBeGreaterThanOrEqual(55)
    const asked: unknown[] = []
    emulator.latency = ({ route }) => {
      asked.push(route)
      return route === 'create' ? 60 : 0
    }
    await list()
    await create()
    expect(asked).toEqual(['list', 'create'])
    expect(emulator.requests[2]?.duration).toBeGreaterThanOrEqual(55)
    emulator.latency = { min: 20, max: 30 }
    await list()
    expect(emulator.requests[3]?.duration).toBeGreaterThanOrEqual(15)
    await emulator.reset()
    expect(emulator.latency).toBe(0)
  })

  it.each([-1, Number.NaN, { min: 5, max: 1 }])('refuses %j', async (latency) => {
    await expect(createEmulator({ latency })).rejects.toThrow(RangeError)
  })
})
