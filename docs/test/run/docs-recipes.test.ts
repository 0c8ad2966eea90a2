import type { Type } from '@nestjs/common'
import { context, metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  type MembershipAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Page } from './page.js'
import { runCommand } from './shell.js'
import { seed, standInForClerk } from './stand-in.js'

const page = await Page.open('docs/recipes.md')
const here = standInForClerk()

it('time and retries: gives up when the caller does', async () => {
  const { members } = await page.import<{
    members: (organizationId: string, request: Request) => Promise<{ totalCount: number }>
  }>('## Time and retries')
  here.emulator.failNext({ status: 429, retryAfter: 0 })
  expect(await members('org_acme', new Request('http://localhost'))).toMatchObject({
    totalCount: 1,
  })
  here.emulator.failNext({ status: 429, retryAfter: 11 })
  const refused = members('org_acme', new Request('http://localhost'))
  await expect(refused).rejects.toMatchObject({ name: 'RateLimitError', retryAfter: 11_000 })
  const signal = AbortSignal.abort(new Error('gone'))
  const aborted = members('org_acme', new Request('http://localhost', { signal }))
  await expect(aborted).rejects.toThrow('gone')
})

it('everyone', async () => {
  const { identifiers } = await page.import<{
    identifiers: (organizationId: string) => Promise<string[]>
  }>('## Everyone in an organization')
  expect(await identifiers('org_acme')).toEqual(['ada@example.com'])
})

it('seats', async () => {
  const { seatsLeft } = await page.import<{
    seatsLeft: (organizationId: string) => Promise<number | undefined>
  }>('## Seats')
  await here.emulator.seed({
    users: [{ id: 'user_ada' }],
    organizations: [
      {
        id: 'org_small',
        max_allowed_memberships: 5,
        pending_invitations_count: 1,
        memberships: [{ user_id: 'user_ada', role: 'org:admin' }],
      },
      { id: 'org_large', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] },
      { id: 'org_empty', memberships: [] },
    ],
  })
  expect(await seatsLeft('org_small')).toBe(3)
  expect(await seatsLeft('org_large')).toBe(Number.POSITIVE_INFINITY)
  expect(await seatsLeft('org_empty')).toBeUndefined()
})

it('roles and permissions', async () => {
  const { mayManageMembers } = await page.import<{
    mayManageMembers: (organizationId: string, userId: string) => Promise<boolean>
  }>('## Roles and permissions')
  expect(await mayManageMembers('org_acme', 'user_ada')).toBe(true)
  expect(await mayManageMembers('org_acme', 'user_bob')).toBe(false)
})

it('types for your roles and metadata', async () => {
  const memberships = new OrganizationMembershipsClient()
  const ada = { organizationId: 'org_1', userId: 'user_ada' }
  const publicMetadata = { title: 'Engineer', team: { id: 't1', lead: true } }
  await memberships.updateMetadata({ ...ada, publicMetadata })
  await page.import('## Types for your roles and metadata')
  expect((await memberships.get(ada))?.publicMetadata).toEqual({
    title: 'Engineer',
    team: { id: 't1' },
  })
})

it('errors', async () => {
  const { add } = await page.import<{
    add: (organizationId: string, userId: string) => Promise<string>
  }>('## Errors')
  expect(await add('org_acme', 'user_bob')).toBe('Welcome.')
  expect(await add('org_acme', 'user_bob')).toBe('Already a member.')
  here.emulator.failNext({ status: 429, retryAfter: 90 })
  expect(await add('org_acme', 'user_bob')).toBe('Busy. Try again in 90 s.')
  await here.emulator.seed({
    users: [{ id: 'user_ada' }, { id: 'user_bob' }],
    organizations: [
      {
        id: 'org_acme',
        max_allowed_memberships: 1,
        memberships: [{ user_id: 'user_ada', role: 'org:admin' }],
      },
    ],
  })
  expect(await add('org_acme', 'user_bob')).toBe('No seat is left.')
  await expect(add('org_gone', 'user_bob')).rejects.toThrow('404')
})

it('logs', async () => {
  const { memberships } = await page.import<{ memberships: OrganizationMembershipsClient }>(
    '## Logs',
  )
  here.emulator.failNext({ status: 429, retryAfter: 1 })
  await memberships.list({ organizationId: 'org_acme' })
  const withoutTimes = (lines: string[]) =>
    lines.map((line) => line.replaceAll(/"(ms|againInMs|call)":\d+/g, '"$1":0'))
  const shown = page.outputs('## Logs').join('').trim().split('\n')
  expect(withoutTimes(here.printed)).toEqual(withoutTimes(shown))
})

describe('telemetry', () => {
  afterEach(() => {
    context.disable()
    trace.disable()
    metrics.disable()
  })

  it('has a span for each call below the one that is active, and metrics of attempts', async () => {
    await page.writeNamed()
    const { startTelemetry } = await page.import<{
      startTelemetry: (...parameters: unknown[]) => () => Promise<unknown>
    }>('## Traces')
    const spans = new InMemorySpanExporter()
    const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: measured })
    const stop = startTelemetry(spans, reader)
    // What an in-memory exporter holds does not outlive its shutdown.
    vi.spyOn(spans, 'shutdown').mockResolvedValue()
    vi.spyOn(measured, 'shutdown').mockResolvedValue()

    await page.import('## Metrics', 'src/membership-metrics.ts')
    const { memberships } = await page.import<{ memberships: OrganizationMembershipsClient }>(
      '## Metrics',
      "'./src/membership-metrics.js'",
    )
    here.emulator.failNext({ status: 429, retryAfter: 0 })
    await memberships.list({ organizationId: 'org_acme' })

    const module = await createTestingModule(
      { imports: [OrganizationMembershipsModule.forRoot({})] },
      { seed },
    ).compile()
    const injected = module.get(OrganizationMembershipsClient)
    await trace.getTracer('app').startActiveSpan('GET /team', async (span) => {
      await injected.list({ organizationId: 'org_acme' })
      await injected
        .update({ organizationId: 'org_acme', userId: 'user_gone', role: 'org:member' })
        .catch(() => {})
      span.end()
    })
    await module.close()
    await stop()

    const [list, update, around] = spans.getFinishedSpans()
    expect(around?.name).toBe('GET /team')
    expect(list?.name).toBe('organization_memberships list')
    expect(list?.attributes).toMatchObject({
      'organization_memberships.organization_id': 'org_acme',
    })
    expect(update?.attributes).toMatchObject({
      'organization_memberships.user_id': 'user_gone',
      'error.type': '404',
    })
    expect([list, update].map((span) => span?.parentSpanContext?.spanId)).toEqual([
      around?.spanContext().spanId,
      around?.spanContext().spanId,
    ])

    const points = measured
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics: all }) => all)
      .flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes }) => ({ name: descriptor.name, ...attributes })),
      )
    const labels = {
      'http.request.method': 'GET',
      'url.template': '/organizations/{organization_id}/memberships',
    }
    expect(points).toEqual([
      {
        name: 'http.client.request.duration',
        ...labels,
        'http.response.status_code': 429,
        'error.type': 'RateLimitError',
      },
      { name: 'http.client.request.duration', ...labels, 'http.response.status_code': 200 },
      { name: 'organization_memberships.retries', ...labels, reason: expect.any(String) },
    ])
  })
})

it('look-ups in a Keyv, each for its time', async () => {
  // The sample with Keyv's own memory in the place of a Redis, which a machine may not have.
  const rows = new Map<string, unknown>()
  vi.stubGlobal('rows', rows)
  const { access } = await page.import<{ access: Type<MembershipAccess> }>(
    '## Look-ups shared in Redis',
    'new KeyvRedis(',
    (code) => code.replace('store: redis', 'store: globalThis.rows'),
  )
  const module = await createTestingModule(
    {
      imports: [
        OrganizationMembershipsModule.forRoot({ isGlobal: true }),
        OrganizationMembershipsHttpModule.forRoot({ access }),
      ],
    },
    { seed },
  ).compile()
  const app = module.createNestApplication({ logger: false })
  await app.listen(0)
  const emulator = emulatorOf(app)
  const list = async (userId: string) => {
    const token = await emulator.createSessionToken({ userId, azp: 'https://app.example.com' })
    const url = `${await app.getUrl()}/v1/organizations/org_acme/memberships`
    return (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status
  }
  const lookUps = () => emulator.requests.filter(({ search }) => search.has('user_id')).length

  expect([await list('user_ada'), await list('user_ada')]).toEqual([200, 200])
  expect([await list('user_bob'), await list('user_bob')]).toEqual([403, 403])
  expect(lookUps()).toBe(2)

  const generations = [...rows].filter(([key]) => key.endsWith(':generation'))
  expect(generations).toHaveLength(2)
  const entries = [...rows].filter(([key]) => !key.endsWith(':generation'))
  const kept = entries.map(([key, text]) => {
    const { expires, value } = JSON.parse(String(text)) as {
      expires: number
      value: { readAt: number }
    }
    return { key, seconds: Math.round((expires - value.readAt) / 1000), value }
  })
  expect(kept).toEqual([
    {
      key: expect.stringMatching(/^memberships:org-memberships:2:[\w-]{43}$/),
      seconds: 120,
      value: {
        membership: expect.objectContaining({ role: 'org:admin' }),
        readAt: expect.any(Number),
        generation: expect.any(String),
      },
    },
    {
      key: expect.stringMatching(/^memberships:org-memberships:2:[\w-]{43}$/),
      seconds: 5,
      value: { membership: null, readAt: expect.any(Number), generation: expect.any(String) },
    },
  ])
  expect(JSON.stringify(kept)).not.toContain('privateMetadata')
  await app.close()
})

it('server rendering', async () => {
  const { html } = await page.import<{ html: (organizationId: string) => Promise<string> }>(
    '## Server rendering',
  )
  expect(await html('org_acme')).toBe('<p>ada@example.com</p>')
})

it('tests of a component', async () => {
  await page.write(page.sample('## Tests'))
  const { output } = await runCommand({
    code: 'npx vitest run src/members.test.tsx',
    folder: page.folder,
  })
  expect(output).toContain('Tests  2 passed (2)')
})

page.notRun('## Look-ups shared in Redis', 'npm install', {
  because: 'these tests use the same versions',
  by: 'docs/package.json',
})
page.itLeavesNothingOut()
