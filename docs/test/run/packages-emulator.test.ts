import { expect, it } from 'vitest'
import { Page } from './page.js'
import { runCommand, startCommand } from './shell.js'

const page = await Page.open('packages/emulator/README.md')
const { folder } = page

it('starts as a command, prints a token and answers curl', async () => {
  const { code } = page.sample('## As a command', '--token')
  await page.write({ ...page.sample('## The seed', '"users"'), fileName: 'seed.json' })
  await using emulator = startCommand({ code: code.replace('9899', '0'), folder })
  const [, origin = ''] = await emulator.line(/^Organization memberships at (http:\S+)\/v1$/)
  await emulator.line(/^ {2}session token {3}user_ada, active in org_acme, until .+ UTC:$/)
  await emulator.line(/^eyJ/)
  const curl = page.sample('## As a command', 'curl')
  const { output } = await runCommand({
    code: curl.code.replace('http://127.0.0.1:9899', origin),
    folder,
  })
  expect(output).toContain('"total_count":1')
  await emulator.line(/GET \/v1\/organizations\/org_acme\/memberships\?limit=1 200 \d+ ms$/)
})

page.notRun('## Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
const files = {
  because: "each is a file that the emulator's tests run, held to be the same",
  by: 'packages/emulator/test/readme.test.ts',
}
page.notRun('## In a Vitest test', 'adds a member', files)
page.notRun('## In a Vitest test', 'createClerkClient', files)
page.notRun('### Failures, lost answers, races and time', '', files)
page.notRun('### Session tokens', '', files)
page.notRun('### Webhooks', '', files)
page.notRun('### Users, organizations and invitations that change', '', files)
page.notRun('### An app that calls other Clerk routes too', '', files)
const soak = {
  because: 'each is a file that a soak test runs with Jest or Playwright',
  by: 'packages/emulator/soak/recipes.soak.ts',
}
page.notRun('### Jest', 'transform', soak)
page.notRun('### Jest', '@jest/globals', soak)
page.notRun('### Playwright', 'webServer', soak)
page.notRun('### Playwright', 'Bob is added', soak)
page.itLeavesNothingOut()
