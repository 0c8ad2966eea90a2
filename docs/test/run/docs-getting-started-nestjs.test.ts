import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { readSamples } from '../markdown-samples.js'
import { runCommand, startCommand } from './shell.js'

const page = await Page.open('docs/getting-started/nestjs.md')
const { folder } = page

it('leads from the emulator to an app that answers as a browser asks', async () => {
  const port = String(await freePort())
  await page.writeNamed((code) => code.replace('3000', port))
  const seed = (await readSamples('docs/getting-started/core.md')).find(
    ({ fileName }) => fileName === 'seed.json',
  )
  await writeFile(new URL('seed.json', folder), seed?.code ?? '')
  await writeFile(new URL('package.json', folder), '{ "type": "module" }')

  const { code } = page.sample('## 2. Start a stand-in for Clerk', 'npx')
  await using emulator = startCommand({ code: `${code.trim()} --port 0`, folder })
  const [, origin = ''] = await emulator.line(/^Organization memberships at (http:\S+)\/v1$/)
  const [token] = await emulator.line(/^eyJ\S+$/)

  const start = page.sample('## 3. The app', 'npx tsc')
  await using app = startCommand({
    code: start.code.replaceAll('http://127.0.0.1:9899', origin),
    folder,
  })
  await app.line(/Nest application successfully started/)

  const calls = page.sample('## 4. Call it as the browser does', 'curl')
  const { output } = await runCommand({
    code: calls.code
      .replace(/TOKEN=\S+/, `TOKEN=${token}`)
      .replaceAll('3000', port)
      .replaceAll(/^curl (.*)$/gm, 'curl --silent $1; echo'),
    folder,
  })
  const [list, size, refusal] = output.trim().split('\n')
  expect(list).toMatch(/^\{"data":\[\{"object":"organization_membership",.*\],"total_count":1\}$/)
  expect(list).not.toContain('private_metadata')
  expect(size).toBe('{"size":1}')
  expect(refusal).toMatch(
    /^\{"errors":\[\{"message":"Invalid authentication",.*"code":"authentication_invalid"\}\]\}$/,
  )
  const shown = page.outputs('## 4. Call it as the browser does').join('')
  expect(shown.split('\n')[1]).toBe(size)

  // Nobody has set the log's levels, and it tells what the page says that it tells.
  await runCommand({
    code: `curl -H "Authorization: Bearer ${token}x" http://localhost:${port}/organizations/org_acme/team/size`,
    folder,
  })
  await app.line(/DEBUG.*ClerkSessionAccess.*token/i)
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

page.notRun('## 1. Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
