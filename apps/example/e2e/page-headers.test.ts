import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { contentSecurityPolicyOf, everywhere } from './content-security-policy.js'
import { test } from './page-test.js'
import { webDirectory } from './running-example.js'

test('on the emulator the page may reach its own origin only', async ({ example }) => {
  expect(await contentSecurityPolicyOf(example.url)).toEqual({
    ...everywhere,
    'img-src': ["'self'", 'data:'],
  })
})

test('on the emulator the page loads nothing of Clerk, from anywhere', async ({
  example,
  open,
}) => {
  const { requests } = await open()
  const html = await (await fetch(example.url)).text()
  const [, script = ''] = /<script[^>]+src="([^"]+)"/.exec(html) ?? []
  const scripts = requests.filter((request) => request.endsWith('.js'))

  // Requests to other origins are complaints, and a test fails by them.
  expect(scripts).toContain(`GET ${script}`)
  expect(scripts.filter((request) => request.includes('clerk'))).toEqual([])
  expect(readFileSync(join(webDirectory, script), 'utf8')).not.toContain('clerk.browser.js')
})

test('scripts and styles come compressed and are kept, the page itself is asked for each time', async ({
  example,
}) => {
  const page = await fetch(example.url)
  const html = await page.text()
  expect(page.headers.get('Cache-Control')).toBe('public, max-age=0')
  for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const asset = await fetch(new URL(path, example.url))
    const size = (await asset.text()).length
    expect(size).toBeGreaterThan(50_000)
    expect(asset.headers.get('Content-Encoding')).toMatch(/^(br|gzip)$/)
    expect(asset.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
  }
})

test('on a phone the first member is in sight without scrolling', async ({ open }) => {
  const { page, screen } = await open('', { viewport: { width: 390, height: 844 } })
  await screen.rows().first().waitFor()
  const row = await screen.rows().first().boundingBox()
  expect((row?.y ?? 0) + (row?.height ?? Infinity)).toBeLessThan(844)
  // What is behind its title can be reached.
  await page.getByText('Roles, and when members joined').click()
  await page.getByText('When today’s members joined').waitFor()
})
