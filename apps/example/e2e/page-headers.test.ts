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
