import { Page } from './page.js'

const page = await Page.open('docs/query-builders.md')

page.noneRun({
  because: 'an app with each of the query builders is made of them, and run on a real PostgreSQL',
  by: 'docs/soak/query-builders.soak.ts',
})
page.itLeavesNothingOut()
