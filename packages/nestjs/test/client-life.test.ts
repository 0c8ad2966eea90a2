import { ConsoleLogger, Logger } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { type Span, type SpanOptions, trace, type Tracer } from '@opentelemetry/api'
import {
  isOrganizationMembershipsError,
  OrganizationMembershipsClient,
} from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ClientShutdownError,
  getOrganizationMembershipsHealthToken,
  getOrganizationMembershipsToken,
  type OrganizationMembershipsHealth,
  OrganizationMembershipsModule,
  type OrganizationMembershipsModuleOptions,
} from '../src/index.js'
import { adapters } from './support/app.js'
import { call, origin, startMounted } from './support/mounted.js'

const ada = { organizationId: 'org_acme', userId: 'user_ada' }
const seed = {
  users: [{ id: 'user_ada' }, { id: 'user_bob' }],
  organizations: [{ id: 'org_acme', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] }],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
beforeEach(() => emulator.reset())
afterEach(() => {
  Logger.overrideLogger(false)
  vi.useRealTimers()
})
afterAll(() => emulator.close())

async function start(options: OrganizationMembershipsModuleOptions = {}, name?: string) {
  const module = await Test.createTestingModule({
    imports: [
      OrganizationMembershipsModule.forRoot({
        baseURL: emulator.url,
        secretKey: emulator.secretKey,
        maxRetries: 0,
        ...options,
        ...(name !== undefined && { name }),
      }),
    ],
  }).compile()
  return {
    module,
    client: module.get<OrganizationMembershipsClient>(getOrganizationMembershipsToken(name), {
      strict: false,
    }),
    health: module.get<OrganizationMembershipsHealth>(getOrganizationMembershipsHealthToken(name), {
      strict: false,
    }),
  }
}

async function failTwice(client: OrganizationMembershipsClient): Promise<void> {
  await expect(client.get(ada)).rejects.toThrow(/500/)
  await expect(client.get(ada)).rejects.toThrow(/500/)
}

describe('log lines', () => {
  const lines: string[] = []
  class Recorder extends ConsoleLogger {
    protected override printMessages(messages: unknown[], name = '', level = 'log'): void {
      lines.push(`${level} [${name}] ${messages.join(' ')}`)
    }
  }
  beforeEach(() => {
    lines.length = 0
    // After the module under test has started, so that only its calls are seen.
    Logger.overrideLogger(new Recorder())
  })

  it('tell of answers, retries and refused keys, by the name of the client', async () => {
    const { client } = await start({ maxRetries: 1 }, 'eu')
    lines.length = 0
    Logger.overrideLogger(new Recorder())
    await client.get(ada)
    emulator.failNext({ status: 503 })
    await client.get(ada)
    emulator.failNext({ status: 401 })
    await client.get(ada).catch(() => undefined)
    const route = 'GET /organizations/\\{organization_id\\}/memberships'
    const expected = [
      `debug .OrganizationMemberships:eu. list #\\d+: ${route} 200 in \\d+ ms$`,
      `warn .* 503 in \\d+ ms, InternalServerError, service_unavailable, trace \\w+$`,
      `warn .* again in \\d+ ms, because of server_error$`,
      `debug .* 200 in \\d+ ms, attempt 2$`,
      `error .* 401 in \\d+ ms, AuthenticationError, \\w+, trace \\w+$`,
    ]
    expect(lines).toHaveLength(expected.length)
    for (const [index, line] of lines.entries()) {
      expect(line).toMatch(new RegExp(expected[index]!))
      expect(line).not.toMatch(/org_acme|user_ada|sk_test/)
    }
  })

  it("leave the app's own listener its events", async () => {
    const seen: string[] = []
    const { client } = await start({ onEvent: ({ type }) => seen.push(type) })
    await client.get(ada)
    expect(seen).toEqual(['request', 'response'])
  })
})

describe('health', () => {
  it('follows the calls and makes none', async () => {
    const { client, health } = await start()
    const key = 'organization_memberships'
    expect(health.isHealthy()).toEqual({ [key]: { status: 'up', consecutiveFailures: 0 } })
    emulator.failNext({ status: 500, times: 3 })
    await failTwice(client)
    expect(health.isHealthy()[key]?.status).toBe('up')
    await expect(client.get(ada)).rejects.toThrow(/500/)
    expect(health.isHealthy('memberships')).toEqual({
      memberships: {
        status: 'down',
        lastFailure: 'InternalServerError 500',
        lastFailureAt: expect.any(Number),
        consecutiveFailures: 3,
      },
    })
    expect(emulator.requests).toHaveLength(3)
    await client.get(ada)
    expect(health.isHealthy()[key]?.status).toBe('up')
  })

  it('does not count refusals, aborts and wrong arguments as failures', async () => {
    const { client, health } = await start()
    const gone = { ...ada, organizationId: 'org_gone' }
    const aborted = { signal: AbortSignal.abort(new Error('gone')) }
    const outcomes = await Promise.allSettled([
      client.delete(gone),
      client.get({ ...ada, userId: '' }),
      client.get(ada, aborted),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(health.isHealthy()).toMatchObject({
      organization_memberships: { status: 'up', consecutiveFailures: 0 },
    })
  })

  it('counts failures in a row, however far apart, until a minute after the last', async () => {
    const { client, health } = await start()
    emulator.failNext({ status: 500, times: 6 })
    await failTwice(client)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 })
    await failTwice(client)
    expect(health.isHealthy()['organization_memberships']?.status).toBe('down')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 59_000 })
    expect(health.isHealthy()['organization_memberships']?.status).toBe('down')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 })
    expect(health.isHealthy()['organization_memberships']?.status).toBe('up')
  })

  it('forgets an old outage that nobody has followed up', async () => {
    const { client, health } = await start()
    emulator.failNext({ status: 500, times: 4 })
    await failTwice(client)
    await failTwice(client)
    expect(health.isHealthy()['organization_memberships']?.status).toBe('down')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    expect(health.isHealthy()['organization_memberships']?.status).toBe('up')
  })
})

describe('shutdown', () => {
  it('waits for calls under way', async () => {
    const { module, client } = await start()
    const hold = emulator.hold()
    const running = client.get(ada)
    await hold.arrived()
    const closed = module.close()
    await new Promise((resolve) => setTimeout(resolve, 20))
    hold.release()
    expect((await running)?.role).toBe('org:admin')
    await closed
  })

  it('aborts what takes longer, and refuses what comes after', async () => {
    const { module, client } = await start({ shutdownTimeout: 30 })
    emulator.failNext({ fault: 'stall', times: 2 })
    const [outcome] = await Promise.allSettled([client.get(ada), module.close()])
    expect(outcome).toEqual({ status: 'rejected', reason: expect.any(ClientShutdownError) })
    const error: unknown = await client.get(ada).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ClientShutdownError)
    expect(isOrganizationMembershipsError(error)).toBe(true)
    expect(error).toMatchObject({ name: 'ClientShutdownError' })
  })

  it.each(adapters)('answers requests that it ends with 503 (%s)', async (adapter) => {
    const mounted = await startMounted(adapter, { client: { shutdownTimeout: 30 } })
    const token = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
    const hold = mounted.emulator.hold({ route: 'list' })
    const list = `${mounted.url}/v1/organizations/org_acme/memberships`
    const answer = call('GET', list, { token })
    await hold.arrived()
    const closed = mounted.close()
    expect(await answer).toMatchObject({
      status: 503,
      json: { errors: [{ code: 'service_unavailable' }] },
    })
    // Of a client that keeps its connection open.
    mounted.app.getHttpServer().closeAllConnections()
    await closed
  })

  it('is not held up by a loop over all members that nobody goes on with', async () => {
    const { module, client } = await start({ shutdownTimeout: 30 })
    const rows = client.listAll({ organizationId: 'org_acme' })[Symbol.asyncIterator]()
    expect((await rows.next()).value).toMatchObject({ role: 'org:admin' })
    await module.close()
    const after = client.listAll({ organizationId: 'org_acme' })[Symbol.asyncIterator]()
    await expect(after.next()).rejects.toThrow(ClientShutdownError)
  })
})

describe('the client that is injected', () => {
  it('is followed in every method that the core client has', async () => {
    const { client } = await start()
    const methods = Object.getOwnPropertyNames(OrganizationMembershipsClient.prototype)
    expect(methods).toContain('listAllForUser')
    expect(new Set(Object.getOwnPropertyNames(Object.getPrototypeOf(client)))).toEqual(
      new Set(methods),
    )
  })

  it('counts a method that is built on another as one call', async () => {
    const { client, health } = await start()
    const record = vi.spyOn(health, 'recordSuccess')
    expect(await client.count({ organizationId: 'org_acme' })).toBe(1)
    expect(record).toHaveBeenCalledOnce()
  })
})

describe('listAll', () => {
  it('refuses wrong arguments at once, and ends with its loop', async () => {
    const { module, client } = await start({ shutdownTimeout: 60_000 })
    expect(() => client.listAll({ organizationId: '' })).toThrow(/organizationId/)
    for await (const row of client.listAll({ organizationId: 'org_acme' })) {
      expect(row.role).toBe('org:admin')
      break
    }
    const all: string[] = []
    for await (const { role } of client.listAllForUser({ userId: 'user_ada' })) all.push(role)
    expect(all).toEqual(['org:admin'])
    const nowhere = client.listAll({ organizationId: 'org_nowhere' })[Symbol.asyncIterator]()
    await expect(nowhere.next()).rejects.toMatchObject({ status: 404 })
    // Nothing is under way any more, so this does not wait for the time-out.
    await module.close()
  })
})

describe('spans', () => {
  interface Recorded {
    name: string
    options: SpanOptions | undefined
    attributes: { [key: string]: unknown }
    exceptions: unknown[]
    status: unknown
    ended: number
    wasActive: boolean
  }
  const spans: Recorded[] = []

  beforeEach(() => {
    spans.length = 0
    const tracer = {
      startSpan(name: string, options?: SpanOptions) {
        const record: Recorded = {
          name,
          options,
          attributes: {},
          exceptions: [],
          status: undefined,
          ended: 0,
          wasActive: false,
        }
        spans.push(record)
        const span = {
          record,
          setAttribute: (key: string, value: unknown) => {
            record.attributes[key] = value
            return span
          },
          recordException: (exception: unknown) => record.exceptions.push(exception),
          setStatus: (status: unknown) => {
            record.status = status
            return span
          },
          end: () => {
            record.ended += 1
          },
        }
        return span as unknown as Span
      },
    } as unknown as Tracer
    trace.setGlobalTracerProvider({ getTracer: () => tracer })
  })
  afterEach(() => trace.disable())

  it('surround each call, with its outcome', async () => {
    const { client } = await start()
    await client.get(ada)
    await client.delete({ ...ada, userId: 'user_bob' }).catch(() => undefined)
    expect(spans).toMatchObject([
      {
        name: 'organization_memberships list',
        options: {
          kind: 2,
          attributes: {
            'organization_memberships.operation': 'list',
            'organization_memberships.organization_id': 'org_acme',
          },
        },
        ended: 1,
        status: undefined,
      },
      {
        name: 'organization_memberships delete',
        attributes: { 'error.type': '404' },
        exceptions: [{ name: 'NotFoundError' }],
        status: { code: 2 },
        ended: 1,
      },
    ])
  })
})
