import { Page } from './page.js'

const page = await Page.open('apps/example/README.md')

page.notRun('## Run it', 'start', {
  because: 'the example starts itself in a test of its own',
  by: 'apps/example/e2e/start-command.test.ts',
})
page.notRun('### On real Clerk', '--clerk', {
  because: 'it needs an account',
  by: 'apps/example/e2e/start-command.test.ts',
})
page.notRun('## Tests', 'vitest run', { because: 'it runs tests', by: 'apps/example/e2e' })
page.itLeavesNothingOut()
