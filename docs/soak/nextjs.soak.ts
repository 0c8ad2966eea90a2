import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator, type Seed } from '@org-memberships/emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../../apps/example/e2e/browser.js'
import { type GuideApp, makeGuideApp, nextCommand, nextEnvironment } from './nextjs/guide-app.js'
import { type RunningNext, startNext } from './nextjs/running-next.js'
import { type Browser, type Page, visit } from './nextjs/visit.js'
import { run } from './packed/commands.js'

// The Next.js guide, followed from an empty folder: its commands, its files as they stand, our packages as they would
// be published. Only the emulator is started by us, on a free port, since its journal is what tells who asked for what.
let parent: string
let app: GuideApp
let built: string
let emulator: Emulator
let next: RunningNext
let browser: Browser

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'nextjs-guide-'))
  app = await makeGuideApp(parent)
  // As where an image is built: without a secret key.
  built = await run([process.execPath, nextCommand(app.folder), 'build'], {
    cwd: app.folder,
    env: nextEnvironment,
  })
  await writeFile(join(app.folder, '.env.local'), app.textOf('.env.local'))
  emulator = await createEmulator({
    seed: JSON.parse(app.textOf('seed.json')) as Seed,
    secretKey: 'sk_test_local',
  })
  ;[next, browser] = await Promise.all([
    startNext(app.folder, { CLERK_API_URL: emulator.origin }),
    launchBrowser(),
  ])
  // On a fresh machine Next is to be downloaded first, all 400 MB of it.
}, 480_000)

afterAll(async () => {
  await Promise.allSettled([browser?.close(), next?.close(), emulator?.close()])
  if (parent !== undefined) await rm(parent, { recursive: true, force: true })
})

beforeEach(() => emulator.reset())

const everybody = [
  'cleo@example.com: org:member',
  'bob@example.com: org:member',
  'ada@example.com: org:admin',
]
/** What the seed says and no browser may hear, and the key. */
const secrets = /4711|until 2030|private_?metadata|sk_test_local/i

it('builds without a secret key, and what goes to browsers holds none', async () => {
  expect(built).toMatch(/[◐ƒ] \/members$/m)
  const folder = join(app.folder, '.next/static')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(3)
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  )
  // The second is read in lib/memberships.ts, which is for the server.
  expect(texts.filter((text) => /sk_test|CLERK_API_URL/.test(text))).toEqual([])
})

it('sends the rows with the HTML, to those who may see them', async () => {
  const html = async (cookie: string) => {
    const response = await fetch(`${next.origin}/members`, { headers: { cookie } })
    expect(response.status).toBe(200)
    return response.text()
  }
  const rows = await html(await cookieOf('user_bob'))
  for (const row of everybody) expect(rows).toContain(`<li>${row}`)
  expect(rows).not.toMatch(secrets)
  const nobody = await html('')
  expect(nobody).toContain('Sign in first.')
  expect(nobody).not.toContain('@example.com')
  expect(await html('__session=forged')).toContain('Sign in first.')
})

it('takes no token for a session that is none, though the same key has signed it', async () => {
  const azp = 'http://localhost:3000'
  const others = await Promise.all([
    emulator.createTemplateToken({ userId: 'user_ada', azp, expiresIn: 315_360_000 }),
    emulator.createTemplateToken({ userId: 'user_ada', azp, claims: { sid: 'sess_1', v: 2 } }),
    emulator.createMachineToken({ claims: { azp } }),
  ])
  for (const token of others) {
    const headers = { cookie: `__session=${token}` }
    const page = await fetch(`${next.origin}/members`, { headers })
    expect(await page.text()).toContain('Sign in first.')
    const list = `${next.origin}/api/v1/organizations/org_acme/memberships`
    expect((await fetch(list, { headers })).status).toBe(401)
    const change = { method: 'PATCH', body: '{"role":"org:admin"}' }
    const type = { 'content-type': 'application/json' }
    const changed = await fetch(`${list}/user_bob`, { ...change, headers: { ...headers, ...type } })
    expect(changed.status).toBe(401)
  }
})

it('hydrates without a complaint or a request', async () => {
  await using visited = await visit(browser, next.origin, await tokenOf('user_ada'))
  await hydrated(visited.page)
  expect(await visited.rows()).toEqual(everybody)
  // SWR's own delays are over.
  await visited.page.waitForTimeout(1000)
  expect(visited.complaints).toEqual([])
  expect(visited.calls).toEqual([])
  expect(upstream()).toEqual([
    'GET limit=1&user_id=user_ada 200', // may she see them
    'GET limit=25 200',
  ])
  expect(await visited.received()).not.toMatch(secrets)
})

it('changes a role through the hooks, a route handler and the API', async () => {
  await using visited = await visit(browser, next.origin, await tokenOf('user_ada'))
  const { page } = visited
  await hydrated(page)
  const bob = page.locator('li', { hasText: 'bob@' })
  await bob.getByText('Make admin').click()
  await expect.poll(visited.rows).toContain('bob@example.com: org:admin')
  await expect
    .poll(() => visited.calls)
    .toEqual([
      'PATCH /organizations/org_acme/memberships/user_bob',
      'GET /organizations/org_acme/memberships?limit=25&offset=0',
    ])
  await expect.poll(upstream).toContain('PATCH user_bob 200')
  await page.waitForLoadState('networkidle')
  expect(await visited.rows()).toContain('bob@example.com: org:admin')
  expect(visited.complaints).toEqual([])
  expect(await visited.received()).not.toMatch(secrets)
})

it('tells of a change that was refused', async () => {
  await using visited = await visit(browser, next.origin, await tokenOf('user_bob'))
  await hydrated(visited.page)
  const cleo = visited.page.locator('li', { hasText: 'cleo@' })
  await cleo.getByText('Make admin').click()
  await visited.page.getByText('The role was not changed.').waitFor()
  expect(await visited.rows()).toEqual(everybody)
  await cleo.getByText('Remove').click()
  await visited.page.getByText('You may not remove members.').waitFor()
  expect(await visited.rows()).toEqual(everybody)
})

it('removes a member by a server action, and the list on the screen follows', async () => {
  await using visited = await visit(browser, next.origin, await tokenOf('user_ada'))
  await hydrated(visited.page)
  await visited.page.locator('li', { hasText: 'cleo@' }).getByText('Remove').click()
  await expect.poll(visited.rows).toEqual(everybody.slice(1))
  expect(upstream()).toContain('DELETE user_cleo 200')
  expect(visited.complaints).toEqual([])
  expect(await visited.received()).not.toMatch(secrets)
})

it('serves the five routes of the hooks, to those who may', async () => {
  const ada = clientOf(await cookieOf('user_ada'))
  const cleo = { organizationId: 'org_acme', userId: 'user_cleo' }
  const answers = [
    await ada.list({ organizationId: 'org_acme' }),
    await ada.delete(cleo),
    await ada.create({ ...cleo, role: 'org:member', publicMetadata: { desk: 1 } }),
    await ada.update({ organizationId: 'org_acme', userId: 'user_bob', role: 'org:admin' }),
    await ada.updateMetadata({ ...cleo, publicMetadata: { desk: null, floor: 2 } }),
  ]
  expect(JSON.stringify(answers)).not.toMatch(secrets)
  expect(answers.at(-1)).toMatchObject({ publicMetadata: { floor: 2 } })
  expect(answers.at(-1)).not.toHaveProperty('publicMetadata.desk')
  expect((await ada.get({ organizationId: 'org_acme', userId: 'user_bob' }))?.role).toBe(
    'org:admin',
  )
})

interface Refused {
  what: string
  expected: string
  as?: 'user_bob' | null
  method?: string
  path?: string
  type?: string
  body?: string
}

const promotion = { method: 'PATCH', body: '{"role":"org:admin"}' }

it.each<Refused>([
  { what: 'nobody', as: null, expected: '401 authentication_invalid' },
  { what: 'a stranger', path: 'org_other/memberships', expected: '403 authorization_invalid' },
  { what: 'a member', as: 'user_bob', ...promotion, expected: '403 authorization_invalid' },
  {
    what: 'a limit too high',
    path: 'org_acme/memberships?limit=9999',
    expected: '422 form_param_value_invalid',
  },
  { what: 'no role', ...promotion, body: '{}', expected: '422 form_param_missing' },
  { what: 'half a body', ...promotion, body: '{', expected: '400 request_body_invalid' },
  {
    what: "another page's form",
    ...promotion,
    type: 'text/plain',
    expected: '415 unsupported_content_type',
  },
  {
    what: 'a member who has left',
    method: 'DELETE',
    path: 'org_acme/memberships/user_dora',
    expected: '404 resource_not_found',
  },
])('refuses $what with $expected', async (refused) => {
  const { as = 'user_ada', method = 'GET', body = null, type = 'application/json' } = refused
  const { path = `org_acme/memberships${method === 'GET' ? '' : '/user_bob'}` } = refused
  const response = await fetch(`${next.origin}/api/v1/organizations/${path}`, {
    method,
    body,
    headers: { cookie: as === null ? '' : await cookieOf(as), 'content-type': type },
  })
  const { errors } = (await response.json()) as { errors: { code: string }[] }
  expect(`${response.status} ${errors[0]?.code}`).toBe(refused.expected)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

it('answers 502 where the API is down or does not take our key', async () => {
  const ada = clientOf(await cookieOf('user_ada'))
  for (const status of [503, 401]) {
    emulator.failNext({ route: 'list', times: 9, status, retryAfter: 0 })
    await expect(ada.list({ organizationId: 'org_acme' })).rejects.toMatchObject({
      status: 502,
      code: 'upstream_failed',
    })
    await emulator.reset()
  }
})

// Last, since it is about all of the above.
it('had nothing to say to the outside, and no error of its own', () => {
  expect(`${built}${next.log()}`).not.toMatch(/OUTSIDE|warn/i)
  expect(next.log()).not.toMatch(/^\s*(Error|⨯)/m)
})

async function tokenOf(userId: string): Promise<string> {
  const azp = 'http://localhost:3000'
  return emulator.createSessionToken({ userId, organizationId: 'org_acme', azp })
}

async function cookieOf(userId: string): Promise<string> {
  return `__session=${await tokenOf(userId)}`
}

/** The client of a page, without a page. */
function clientOf(cookie: string): OrganizationMembershipsClient {
  const baseURL = `${next.origin}/api/v1`
  const headers = { cookie }
  return new OrganizationMembershipsClient({
    baseURL,
    getToken: () => null,
    headers,
    maxRetries: 0,
  })
}

/** What the emulator was asked for, such as `GET limit=25 200` or `PATCH user_bob 200`; keys left out. */
function upstream(): string[] {
  return emulator.requests
    .filter(({ path }) => !path.endsWith('/jwks'))
    .map(({ method, path, search, status }) => {
      const what = method === 'GET' ? search.toString() : path.split('/').at(-1)
      return `${method} ${what} ${status}`
    })
}

/** React has taken over: it leaves its mark on what it hydrates. */
async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(
    "Object.keys(document.querySelector('li') ?? {}).some((key) => key.startsWith('__reactProps'))",
  )
}
