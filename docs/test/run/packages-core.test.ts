import { OrganizationMembershipsClient } from '@org-memberships/core'
import { expect, it, vi } from 'vitest'
import { Page } from './page.js'
import { standInForClerk } from './stand-in.js'

const page = await Page.open('packages/core/README.md')
const here = standInForClerk({
  users: [
    { id: 'user_ada', email_address: 'ada@example.com' },
    { id: 'user_bob', email_address: 'bob@example.com' },
  ],
  organizations: [{ id: 'org_1', memberships: [{ user_id: 'user_bob', role: 'org:member' }] }],
})

it('uses every method', async () => {
  await page.import('## Use')
  expect(here.printed).toEqual(['1 ada@example.com', 'org:admin 1', 'org:member', 'org:admin'])
})

it('connects a browser with its session token', async () => {
  // Outside of a browser an address has to be whole.
  const { connect } = await page.import<{ connect: () => OrganizationMembershipsClient }>(
    '### From a browser',
    '',
    (code) => code.replace("'/api/v1'", `'${here.emulator.url}'`),
  )
  vi.stubGlobal('session', { getToken: async () => here.emulator.secretKey })
  expect(await connect().count({ organizationId: 'org_1' })).toBe(1)
})

it('gives up when its own caller does', async () => {
  const { handler } = await page.import<{ handler: (request: Request) => Promise<Response> }>(
    '## Options',
  )
  const response = await handler(new Request('http://localhost'))
  expect(await response.json()).toBe(1)
  const signal = AbortSignal.abort(new Error('gone'))
  await expect(handler(new Request('http://localhost', { signal }))).rejects.toThrow('gone')
})

it('explains errors', async () => {
  const { explain } = await page.import<{ explain: (error: unknown) => string }>('## Errors')
  const failure = (timeout = 10_000) =>
    new OrganizationMembershipsClient({ maxRetries: 0, timeout })
      .list({ organizationId: 'org_1' })
      .then(String, explain)
  here.emulator.failNext({ status: 429, retryAfter: 7 })
  expect(await failure()).toBe('Busy, try again in 7 s.')
  here.emulator.failNext({ status: 503 })
  expect(await failure()).toMatch(/^\w+ \(trace \w+\)$/)
  here.emulator.failNext({ fault: 'stall' })
  expect(await failure(50)).toBe('No answer within 50 ms.')
})

it('warns of retries', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { memberships } = await page.import<{ memberships: OrganizationMembershipsClient }>(
    '## Seeing in',
    "event.type === 'retry'",
  )
  here.emulator.failNext({ status: 429, retryAfter: 0 })
  await memberships.list({ organizationId: 'org_1' })
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^list: .+, again in [\d.]+ ms$/)]])
})

it('merges metadata', async () => {
  await page.import('## Metadata')
  expect(here.printed).toEqual(['{"team":{"id":"t1","lead":false}}'])
})

page.notRun('# @org-memberships/core', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.notRun('## Seeing in', '@opentelemetry/api', {
  because: "core's own test runs it",
  by: 'packages/core/test/readme.test.ts',
})
page.notRun('## Types', 'interface Register', {
  because: 'it has types only, and is compiled',
  by: 'docs/test/samples.test.ts',
})
page.itLeavesNothingOut()
