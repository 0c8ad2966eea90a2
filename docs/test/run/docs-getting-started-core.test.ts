import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { runCommand, startCommand } from './shell.js'

const page = await Page.open('docs/getting-started/core.md')
const { folder } = page

it('leads from the emulator to five operations and an error', async () => {
  const { code } = page.sample('## 2. Start a stand-in for Clerk', 'npx')
  await page.writeNamed()
  await writeFile(new URL('package.json', folder), '{ "type": "module" }')
  await using emulator = startCommand({ code: `${code.trim()} --port 0`, folder })
  const [, url = ''] = await emulator.line(/^Organization memberships at (http:\S+)/)
  expect(await emulator.line(/^ {2}secret key {6}sk_test_local$/)).toBeTruthy()
  await page.writeNamed((text) => text.replace('http://127.0.0.1:9899/v1', url))

  const first = await runCommand({ code: page.sample('## 3. The first call', 'npx').code, folder })
  expect(first.output).toBe(page.outputs('## 3. The first call')[0])

  const all = await runCommand({
    code: page.sample('## 4. All five operations', 'npx').code,
    folder,
  })
  expect(all.status).toBe(1)
  const [printed = '', error = ''] = page.outputs('## 4. All five operations')
  expect(all.output).toContain(printed)
  expect(all.output).toContain(error)
})

page.notRun('## 1. Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
