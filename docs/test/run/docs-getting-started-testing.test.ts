import { expect, it } from 'vitest'
import { Page } from './page.js'
import { runCommand } from './shell.js'

const page = await Page.open('docs/getting-started/testing.md')
const { folder } = page

it('leads to tests that pass', async () => {
  const { code } = page.sample('## 3. The test', 'npx vitest run')
  await page.writeNamed()
  const { output, status } = await runCommand({ code, folder })
  expect(output).toContain('Test Files  1 passed (1)')
  expect(output).toContain('Tests  4 passed (4)')
  expect(status).toBe(0)
})

page.notRun('## 1. Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
