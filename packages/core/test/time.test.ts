import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isTimeoutError, OrganizationMembershipsClient } from '../src/index.js'
import { membershipsJSON, rejectionOf, secretKey } from './fixtures.js'
import { json, ScriptableServer, stall, stallInBody } from './scriptable-server.js'

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
      // oxlint-disable-next-line no-await-in-loop -- two cases, one after the other
      expect(isTimeoutError(await rejectionOf(own.list(organization)))).toBe(true)
    }
  })
})
