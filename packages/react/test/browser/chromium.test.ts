import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { organizationMembershipsSeed } from '../../src/pages/seed.js'
import { bundlePage, type PageSetup, renderPage } from './serve-page.js'

let browser: Browser
let script: string

beforeAll(async () => {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  ;[browser, script] = await Promise.all([
    chromium.launch({ executablePath: inject('chromiumPath'), args }),
    bundlePage(),
  ])
}, 60_000)

afterAll(() => browser?.close())

interface OpenPage extends AsyncDisposable {
  readonly emulator: Emulator
  readonly page: Page
  /** What the page reported: uncaught errors, and errors on its console. */
  readonly complaints: string[]
  gets(): number
  frames(): Promise<string[]>
}

async function openPage(setup: Pick<PageSetup, 'view'> & Partial<PageSetup>): Promise<OpenPage> {
  const roles = ['org:admin', 'org:member', 'org:member', 'org:member']
  const users = roles.map((_, index) => `user_${index + 1}`)
  const emulator: Emulator = await createEmulator({
    seed: {
      users: users.map((id) => ({ id, first_name: 'First' })),
      organizations: [
        {
          id: 'org_1',
          name: 'Acme',
          memberships: users.map((user_id, index) => ({ user_id, role: roles[index]! })),
        },
      ],
    },
    fallback: (request) => {
      const { pathname } = new URL(request.url)
      const [type, body] =
        pathname === '/main.js' ? ['text/javascript', script] : ['text/html', html]
      return new Response(body, { headers: { 'Content-Type': `${type}; charset=utf-8` } })
    },
  })
  const token = emulator.secretKey
  const client = new OrganizationMembershipsClient({ baseURL: emulator.url, secretKey: token })
  let { seed } = setup
  if (setup.view === 'seeded') {
    const page = await client.list({ organizationId: 'org_1', limit: 1 })
    const entry = { organizationId: 'org_1', query: { limit: 1 } }
    seed = organizationMembershipsSeed([
      { ...entry, page },
      { ...entry, pages: [page] },
    ])
  }
  const html = renderPage({ isStrict: false, token, ...setup, seed }, client)
  const before = emulator.requests.length
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(emulator.origin)
  return {
    emulator,
    page,
    complaints,
    gets: () => emulator.requests.slice(before).filter(({ route }) => route === 'list').length,
    frames: () => page.evaluate(() => window.committed),
    [Symbol.asyncDispose]: async () => {
      await page.close()
      await emulator.close()
    },
  }
}

const seen = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: 5000 })

test('7: in Chromium a role change reaches every kind of list in one commit', async () => {
  await using open = await openPage({ view: 'lists' })
  const { page, emulator } = open
  await seen(page, 'single org:member')
  await seen(page, 'page 4: user_4=member user_3=member user_2=member user_1=admin')
  await seen(page, 'infinite 4: user_4=member user_3=member user_2=member')
  await seen(page, 'org:admin 1')
  const before = (await open.frames()).length
  const held = emulator.hold({ route: 'update' })
  await page.getByText('promote').click()
  await held.arrived()
  const after = (await open.frames()).slice(before)
  expect(after).toEqual([
    'page 4: user_4=member user_3=member user_2=admin user_1=admin refetch' +
      'org:admin 2org:member 2infinite 4: user_4=member user_3=member user_2=adminsingle org:adminpromote',
  ])
  held.release()
  // One each for the page, the two filters and the single; the infinite list needs none for a role.
  await expect.poll(() => open.gets()).toBe(11)
  await page.waitForLoadState('networkidle')
  expect((await open.frames()).slice(before)).toEqual(after)
  expect(open.complaints).toEqual([])
})

test.for([false, true])(
  '9: in Chromium an older answer does not undo a newer write, StrictMode %s',
  async (isStrict) => {
    await using open = await openPage({ view: 'lists', isStrict })
    const { page, emulator } = open
    await seen(page, 'page 4: user_4=member user_3=member user_2=member user_1=admin')
    await page.waitForLoadState('networkidle')
    const before = (await open.frames()).length
    const held = emulator.hold({
      route: 'list',
      when: 'after',
      match: ({ search }) => search.get('limit') === '4',
      times: 1,
    })
    await page.getByText('refetch').click()
    await held.arrived()
    await page.getByText('promote').click()
    await seen(page, 'org:admin 2')
    await expect
      .poll(() => emulator.requests.filter(({ status }) => status === 200).length)
      .toBeGreaterThan(10)
    held.release()
    await page.waitForLoadState('networkidle')
    const after = (await open.frames()).slice(before)
    expect(after.every((frame) => frame.includes('user_2=admin'))).toBe(true)
    expect(after.length).toBeGreaterThan(0)
    expect(open.complaints).toEqual([])
  },
)

test.for([false, true])(
  '18: in Chromium five keystrokes abort four requests and show no error, StrictMode %s',
  async (isStrict) => {
    await using open = await openPage({ view: 'search', isStrict })
    const { page, emulator } = open
    const failures: string[] = []
    page.on('requestfailed', (request) => failures.push(request.failure()?.errorText ?? ''))
    const held = emulator.hold({ route: 'list' })
    for (const [index, letter] of [...'First'].entries()) {
      await page.getByRole('textbox').press(letter)
      await held.arrived(index + 1)
    }
    await expect.poll(() => failures).toEqual(Array(4).fill('net::ERR_ABORTED'))
    held.release()
    await seen(page, '4: user_4=member')
    expect(open.gets()).toBe(5)
    const frames = await open.frames()
    expect(new Set(frames)).toEqual(
      new Set(['', 'unknown ', '4: user_4=member user_3=member user_2=member user_1=admin ']),
    )
    expect(open.complaints).toEqual([])
  },
)

test('24: in Chromium a page that a server rendered hydrates without a warning or a request', async () => {
  await using open = await openPage({ view: 'seeded' })
  const { page } = open
  const html = '4: user_4=member | 4: user_4=member'
  await page.waitForLoadState('networkidle')
  expect((await open.frames())[0]).toBe(`${html}more`)
  expect(new Set(await open.frames())).toEqual(new Set([`${html}more`]))
  expect(open.gets()).toBe(0)
  await page.getByText('more').click()
  await seen(page, '4: user_4=member | 4: user_4=member user_3=member')
  expect(open.gets()).toBe(1)
  expect(open.complaints).toEqual([])
})

test('27: in Chromium a tree that suspends above its provider and is hidden keeps its writes', async () => {
  await using open = await openPage({ view: 'trees' })
  const { page, emulator } = open
  await seen(page, '5 4: user_4=member user_3=member user_2=member user_1=admin')
  const held = emulator.hold({ route: 'update' })
  await page.getByText('promote').click()
  await held.arrived()
  await page.getByText('suspend').click()
  await seen(page, '6 4: user_4=member user_3=member user_2=admin user_1=admin')
  await page.getByText('hide').click()
  held.release()
  await expect.poll(() => emulator.requests.at(-1)?.status).toBe(200)
  await page.getByText('hide').click()
  await page.getByText('suspend').click()
  await seen(page, '7 4: user_4=member user_3=member user_2=admin user_1=admin')
  expect(open.complaints).toEqual([])
})
