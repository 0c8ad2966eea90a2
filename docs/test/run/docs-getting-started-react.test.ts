import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { startCommand } from './shell.js'

const page = await Page.open('docs/getting-started/react.md')
const { folder } = page

it('serves the page, and leads its requests to the backend', async () => {
  const backend = createServer((request, response) => {
    response.end(`${request.url} ${request.headers.authorization}`)
  })
  await new Promise<void>((resolve) => backend.listen(0, resolve))
  const { port } = backend.address() as AddressInfo
  await page.writeNamed((code) => code.replace('3000', String(port)))

  const { code } = page.sample('## 3. The page', 'npx vite')
  await using vite = startCommand({ code: `${code.trim()} --port 0`, folder })
  const [, url = ''] = await vite.line(/Local: +(http:\S+)\//)
  expect(await (await fetch(url)).text()).toContain('<div id="root"></div>')
  const main = await (await fetch(`${url}/src/main.tsx`)).text()
  expect(main).toContain('"VITE_SESSION_TOKEN": "eyJ')
  const list = await fetch(`${url}/api/v1/organizations/org_acme/memberships`, {
    headers: { Authorization: 'Bearer token' },
  })
  expect(await list.text()).toBe('/api/v1/organizations/org_acme/memberships Bearer token')
  backend.close()
})

page.notRun('## 1. Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
