// @vitest-environment happy-dom
import type { Root } from 'react-dom/client'
import { expect, it, onTestFinished, vi } from 'vitest'
import { click, text } from './browser.js'
import { Page } from './page.js'
import { standInForBackend } from './stand-in.js'

const page = await Page.openInBrowser('docs/getting-started/react.md')
const here = standInForBackend()

it('shows Ada, adds Bob at once, refuses to add him twice, and removes him', async () => {
  vi.stubEnv('VITE_SESSION_TOKEN', 'token')
  document.body.innerHTML = '<div id="root"></div>'
  vi.stubGlobal('keep', (root: Root) => {
    onTestFinished(() => {
      root.unmount()
      document.body.replaceChildren()
    })
    return root
  })
  await page.writeNamed()
  const made = "createRoot(document.getElementById('root')!)"
  await page.import('## 2. The client and its provider', '', (code) =>
    code.replace(made, `keep(${made})`),
  )
  await expect.poll(text).toBe('Members: 1ada@example.com (org:admin)RemoveAdd Bob')
  await click('Add Bob')
  await expect.poll(text).toMatch(/^Members: 2bob@example.com \(org:member\)/)
  await click('Add Bob')
  await expect.poll(text).toMatch(/^Members: 2That was not saved\.bob@example\.com/)
  await click('Remove')
  // What was not saved is over once the next thing is.
  await expect.poll(text).toMatch(/^Members: 1ada@example\.com/)
  // Nothing is under way when the test ends.
  const lastTwo = () => here.emulator.requests.slice(-2).map(({ method }) => method)
  await expect.poll(lastTwo).toEqual(['DELETE', 'GET'])
})

page.itLeavesNothingOut()
