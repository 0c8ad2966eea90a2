import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ClientEvent, isTimeoutError, OrganizationMembershipsClient } from '../src/index.js'
import { membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import {
  apiError,
  json,
  reset,
  resetInBody,
  ScriptableServer,
  stall,
  stallInBody,
  text,
} from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL, maxRetries: 0 })
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const organization = { organizationId: 'org_1' }

describe('abort', () => {
  const reason = new Error('The user left.')

  it('before the call sends nothing and rejects with the reason', async () => {
    const call = client.list(organization, { signal: AbortSignal.abort(reason) })
    expect(await rejectionOf(call)).toBe(reason)
    expect(server.requests).toHaveLength(0)
  })

  it.each([
    ['before the headers', stall],
    ['in the body', stallInBody],
  ])('while waiting, %s, rejects with the reason and hangs up', async (_, answer) => {
    const controller = new AbortController()
    const hungUp = new Promise<void>((resolve) => {
      server.script(async (response, request) => {
        response.on('close', resolve)
        await answer(response, request)
        setTimeout(() => controller.abort(reason), 20)
      })
    })
    const call = client.list(organization, { signal: controller.signal })
    expect(await rejectionOf(call)).toBe(reason)
    await hungUp
    expect(server.requests).toHaveLength(1)
  })

  it('without a reason rejects with an AbortError, as fetch does', async () => {
    const controller = new AbortController()
    server.otherwise(() => controller.abort())
    const call = client.list(organization, { signal: controller.signal })
    expect(await rejectionOf(call)).toMatchObject({ name: 'AbortError' })
  })

  it('while getToken is waited for', async () => {
    const own = new OrganizationMembershipsClient({
      baseURL: server.baseURL,
      getToken: () => new Promise<string>(() => {}),
    })
    const controller = new AbortController()
    const call = own.list(organization, { signal: controller.signal })
    controller.abort(reason)
    expect(await rejectionOf(call)).toBe(reason)
  })

  it('after the call changes nothing, and no listener stays behind', async () => {
    server.otherwise(json(membershipsJSON()))
    const controller = new AbortController()
    await client.list(organization, { signal: controller.signal })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    controller.abort(reason)
  })
})

describe('timeout of an attempt', () => {
  it.each([
    ['before the headers', stall],
    ['in the body', stallInBody],
  ])('%s', async (_, answer) => {
    server.otherwise(answer)
    const call = client.list(organization, { timeout: 60 })
    const error = await rejectionOf(call)
    expect(isTimeoutError(error) && error.timeout).toBe(60)
    expect(String(error)).toBe(
      'TimeoutError: GET /organizations/org_1/memberships was not answered within 60 ms.',
    )
  })

  it('holds for a fetch and a getToken that do not heed the signal', async () => {
    const deaf = [
      { secretKey, fetch: () => new Promise<Response>(() => {}) },
      { getToken: () => new Promise<string>(() => {}) },
    ]
    for (const options of deaf) {
      const own = new OrganizationMembershipsClient({
        ...options,
        baseURL: server.baseURL,
        timeout: 30,
        maxRetries: 0,
      })
      expect(isTimeoutError(await rejectionOf(own.list(organization)))).toBe(true)
    }
  })
})

describe('time of the whole call', () => {
  it('ends an attempt that has more time of its own', async () => {
    server.otherwise(stall)
    const error = await rejectionOf(
      client.list(organization, { timeout: 20_000, totalTimeout: 60 }),
    )
    expect(error).toMatchObject({ name: 'TimeoutError', timeout: 60, attempts: 1 })
    expect((error as Error).cause).toBeUndefined()
  })

  it('runs over all attempts, and the failure before the last is the cause', async () => {
    server.script(text('', { status: 503 }))
    server.otherwise(stall)
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: server.baseURL,
      maxRetryDelay: 1,
      totalTimeout: 2_500,
    })
    const error = await rejectionOf(own.list(organization))
    expect(error).toMatchObject({ name: 'TimeoutError', timeout: 2_500, attempts: 2 })
    expect((error as Error).cause).toMatchObject({ name: 'InternalServerError', status: 503 })
  })

  it('is not spent on a pause that it does not outlast', async () => {
    server.otherwise(apiError(429, 'too_many_requests', { 'Retry-After': '20' }))
    const call = client.list(organization, { maxRetries: 5, totalTimeout: 15_000 })
    expect(await rejectionOf(call)).toMatchObject({ name: 'RateLimitError', attempts: 1 })
    expect(server.requests).toHaveLength(1)
  })

  it('waits out Retry-After to the full', async () => {
    server.script(apiError(429, 'too_many_requests', { 'Retry-After': '1' }))
    server.otherwise(json(membershipsJSON()))
    await client.list(organization, { maxRetries: 1 })
    const [first, second] = server.requests
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(999)
  })

  it('is left at once by an abort during a pause', async () => {
    server.otherwise(apiError(429, 'too_many_requests', { 'Retry-After': '20' }))
    const controller = new AbortController()
    const reason = new Error('left')
    const own = new OrganizationMembershipsClient({
      secretKey,
      baseURL: server.baseURL,
      onEvent: (event: ClientEvent) => event.type === 'retry' && controller.abort(reason),
    })
    const call = own.list(organization, { signal: controller.signal })
    expect(await rejectionOf(call)).toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(server.requests).toHaveLength(1)
  })
})

const originalSetTimeout = setTimeout
const originalClearTimeout = clearTimeout

describe('after each call', () => {
  it('no timer is left, however the call ended', async () => {
    // Only this client asks for times like these.
    const timeout = 3_000_000
    const running = new Set<unknown>()
    const set = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      run: () => void,
      ms: number,
    ) => {
      const timer = originalSetTimeout(run, ms)
      if (ms > timeout / 2) running.add(timer)
      return timer
    }) as typeof setTimeout)
    const clear = vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      running.delete(timer)
      originalClearTimeout(timer as NodeJS.Timeout)
    })
    const most: number[] = []
    const ends = {
      answered: json(membershipsJSON()),
      refused: text('no', { status: 404 }),
      unusable: text('<html>'),
      reset,
      'reset in the body': resetInBody(),
      aborted: stall,
    }
    for (const [how, answer] of Object.entries(ends)) {
      server.script(answer)
      const controller = new AbortController()
      const call = client.list(organization, {
        timeout,
        totalTimeout: timeout,
        maxRetries: 0,
        signal: controller.signal,
      })
      most.push(running.size)
      if (how === 'aborted') setImmediate(() => controller.abort())
      await call.catch(() => {})
      expect({ how, running: running.size }).toEqual({ how, running: 0 })
    }
    expect(Math.min(...most)).toBe(1)
    set.mockRestore()
    clear.mockRestore()
  })

  it('no listener is left on a signal that lives through 10,000 calls', async () => {
    // A fetch without network: this is about what the client leaves behind, ten thousand times.
    const answer = JSON.stringify(membershipsJSON())
    const own = new OrganizationMembershipsClient({
      secretKey,
      fetch: async () => new Response(answer),
    })
    const controller = new AbortController()
    let most = 0
    for (let call = 0; call < 10_000; call += 50) {
      const batch = Array.from({ length: 50 }, () =>
        own.list(organization, { signal: controller.signal }),
      )
      most = Math.max(most, getEventListeners(controller.signal, 'abort').length)
      await Promise.all(batch)
    }
    expect(most).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })
})
