import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { membershipsJSON, secretKey } from './fixtures.js'
import { Members } from './members-server.js'
import { apiError, json, reset, ScriptableServer, stall } from './scriptable-server.js'

let server: ScriptableServer
let bundle: string
let imports: string[]
beforeAll(async () => {
  server = await ScriptableServer.start()
  const build = await rolldown({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    // What is not in the package itself would have to come from the runtime.
    external: [],
    platform: 'neutral',
  })
  const { output } = await build.generate({ format: 'iife', name: 'core', minify: true })
  imports = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : [chunk.fileName]))
  bundle = output[0].code
})
afterAll(() => server.close())

// What every runtime with fetch has (https://min-common-api.proposal.wintertc.org/), and nothing of Node.
const webGlobals = {
  AbortController,
  AbortSignal,
  clearTimeout,
  DOMException,
  fetch,
  Headers,
  performance,
  Request,
  Response,
  setTimeout,
  URL,
  URLSearchParams,
}

describe('a runtime with only web globals', () => {
  it('gets everything in one file that imports nothing', () => {
    expect(imports).toEqual([])
    expect(bundle).not.toMatch(/node:|require\(/)
  })

  it('runs every operation, retries, timeouts and listAll, from a minified bundle', async () => {
    const members = new Members()
    members.add('user_1', 'org:member')
    server.otherwise((response, request) => members.handle(request)(response, request))
    server.script(apiError(429, 'too_many_requests'), reset)

    const context = createContext({ ...webGlobals, baseURL: server.baseURL, secretKey })
    runInContext(bundle.replace(/^var core/, 'globalThis.core'), context)
    const result = await runInContext(
      `(async () => {
        const client = new core.OrganizationMembershipsClient({ secretKey, baseURL, maxRetryDelay: 1 })
        const ids = { organizationId: 'org_1', userId: 'user_2' }
        const created = await client.create({ ...ids, role: 'org:member' })
        await client.update({ ...ids, role: 'org:admin' })
        await client.updateMetadata({ ...ids, publicMetadata: { a: { b: 1 } } })
        const all = []
        for await (const row of client.listAll({ organizationId: 'org_1' })) all.push(row.role)
        const gone = await client.delete(ids)
        const error = await client.delete(ids).catch((error) => error)
        return {
          created: created.role,
          all,
          gone: gone.publicMetadata,
          count: await client.count({ organizationId: 'org_1' }),
          error: [error.name, core.isNotFoundError(error), error instanceof core.APIError],
        }
      })()`,
      context,
    )
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      created: 'org:member',
      all: ['org:member', 'org:admin'],
      gone: { a: { b: 1 } },
      count: 1,
      error: ['NotFoundError', true, true],
    })
  })

  it('keeps the names of errors and their guards through minification', () => {
    const context = createContext({ ...webGlobals })
    runInContext(bundle.replace(/^var core/, 'globalThis.core'), context)
    expect(
      runInContext(
        `(() => {
          try { new core.OrganizationMembershipsClient({ secretKey: '' }) } catch (error) {
            return [error.name, core.isInvalidArgumentError(error), String(error).split(':')[0]].join()
          }
        })()`,
        context,
      ),
    ).toBe('InvalidArgumentError,true,InvalidArgumentError')
  })
})

// React Native 0.79: https://github.com/facebook/react-native/tree/0.79-stable/packages/react-native/Libraries
describe('React Native', () => {
  /** Neither `reason` nor `throwIfAborted`, nor the static methods. */
  class Signal {
    aborted = false
    readonly #listeners = new Set<(this: Signal) => void>()
    addEventListener(_: 'abort', listener: (this: Signal) => void) {
      this.#listeners.add(listener)
    }
    removeEventListener(_: 'abort', listener: (this: Signal) => void) {
      this.#listeners.delete(listener)
    }
    end() {
      if (this.aborted) return
      this.aborted = true
      for (const listener of this.#listeners) listener.call(this)
    }
  }
  class Controller {
    readonly signal = new Signal()
    abort() {
      this.signal.end()
    }
  }
  class IncompleteURL {
    readonly href: string
    constructor(url: string) {
      this.href = url
    }
    get username() {
      throw new Error('not implemented')
    }
    get password() {
      throw new Error('not implemented')
    }
  }
  const reactNative = () => {
    const context = createContext({
      AbortController: Controller,
      AbortSignal: Signal,
      clearTimeout,
      fetch: async (url: string, init: Omit<RequestInit, 'signal'> & { signal: Signal }) => {
        const controller = new AbortController()
        init.signal.addEventListener('abort', () => controller.abort())
        const response = await fetch(url, { ...init, signal: controller.signal })
        const { ok, status, headers, type } = response
        // No stream.
        return { ok, status, headers, type, text: () => response.text() }
      },
      Headers,
      navigator: { product: 'ReactNative' },
      performance,
      Request,
      Response,
      setTimeout,
      URL: IncompleteURL,
      baseURL: server.baseURL,
    })
    runInContext('globalThis.window = globalThis', context)
    runInContext(bundle.replace(/^var core/, 'globalThis.core'), context)
    return context
  }

  it('runs every operation, retries, timeouts, aborts and listAll', async () => {
    const members = new Members()
    members.add('user_1', 'org:member')
    server.reset()
    server.otherwise((response, request) => members.handle(request)(response, request))
    server.script(apiError(429, 'too_many_requests'), reset)
    const run = runInContext(
      `(async () => {
        const client = new core.OrganizationMembershipsClient({ getToken: async () => 'token', baseURL, maxRetryDelay: 1 })
        const ids = { organizationId: 'org_1', userId: 'user_2' }
        await client.create({ ...ids, role: 'org:member' })
        await client.update({ ...ids, role: 'org:admin' })
        const changed = await client.updateMetadata({ ...ids, publicMetadata: { at: new Date(0) } })
        const all = []
        for await (const row of client.listAll({ organizationId: 'org_1', role: ['org:member', 'org:admin'] })) all.push(row.role)
        const controller = new AbortController()
        const aborted = client.list({ organizationId: 'org_1' }, { signal: controller.signal })
        controller.abort()
        const before = await client.list({ organizationId: 'org_1' }, { signal: controller.signal }).catch((error) => error.name)
        return [changed.publicMetadata.at, all, await aborted.catch((error) => error.name), before]
      })()`,
      reactNative(),
    ) as Promise<unknown>
    expect(JSON.parse(JSON.stringify(await run))).toEqual([
      '1970-01-01T00:00:00.000Z',
      ['org:member', 'org:admin'],
      'AbortError',
      'AbortError',
    ])
    server.otherwise(stall)
    const late = runInContext(
      `new core.OrganizationMembershipsClient({ getToken: () => 'token', baseURL, timeout: 20, maxRetries: 0 })
        .count({ organizationId: 'org_1' }).catch((error) => error.name)`,
      reactNative(),
    ) as Promise<unknown>
    expect(await late).toBe('TimeoutError')
  })

  it('is refused a secret key, which anyone could read out of the app', () => {
    expect(() =>
      runInContext(
        "new core.OrganizationMembershipsClient({ secretKey: 'sk_test_x' })",
        reactNative(),
      ),
    ).toThrow(/so it is refused/)
  })
})

describe('a worker', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0'
  const importScripts = () => {}
  const WorkerGlobalScope = function () {}
  const newClientWith = (globals: object) => {
    const context = createContext({ ...webGlobals, ...globals, secretKey })
    runInContext('globalThis.self = globalThis', context)
    runInContext(bundle.replace(/^var core/, 'globalThis.core'), context)
    return runInContext('new core.OrganizationMembershipsClient({ secretKey })', context) as object
  }

  it('of a page is refused a secret key as the page is', () => {
    const globals = { importScripts, WorkerGlobalScope, navigator: { userAgent: firefox } }
    expect(() => newClientWith(globals)).toThrow(/readable by everyone/)
  })

  it.each([
    ['Cloudflare', { WorkerGlobalScope, navigator: { userAgent: 'Cloudflare-Workers' } }],
    ['Cloudflare, before it had a name', { WorkerGlobalScope }],
    ['Vercel Edge', { EdgeRuntime: 'edge-runtime', importScripts }],
    ['Deno', { WorkerGlobalScope, Deno: {}, navigator: { userAgent: 'Deno/2.5.6' } }],
    ['Bun', { Bun: {}, importScripts, navigator: { userAgent: 'Bun/1.3.2' } }],
    ['Node', { process: {}, importScripts, navigator: { userAgent: 'Node.js/22' } }],
    ['a server that names a browser', { process: {}, navigator: { userAgent: firefox } }],
  ])('on a server may have one: %s', (_, globals) => {
    expect(newClientWith(globals)).toBeDefined()
  })
})

describe('a browser', () => {
  it('gets the same bundle, talks to its own origin, and is refused a secret key', async () => {
    server.otherwise(json(membershipsJSON()))
    const page = new URL(server.baseURL)
    const context = createContext({
      ...webGlobals,
      // A page resolves a path against its own address; Node's fetch has none.
      fetch: (input: string, init: RequestInit) => fetch(new URL(input, page), init),
      document: {},
      location: { href: page.href },
      secretKey,
    })
    runInContext('globalThis.window = globalThis', context)
    runInContext(bundle.replace(/^var core/, 'globalThis.core'), context)
    const total: unknown = await runInContext(
      `new core.OrganizationMembershipsClient({ baseURL: '/v1', getToken: async () => 'token' })
        .count({ organizationId: 'org_1' })`,
      context,
    )
    expect(total).toBe(1)
    expect(server.last.headers.authorization).toBe('Bearer token')
    expect(() =>
      runInContext('new core.OrganizationMembershipsClient({ secretKey })', context),
    ).toThrow(/readable by everyone/)
  })
})
