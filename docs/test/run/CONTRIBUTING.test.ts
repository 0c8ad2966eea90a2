import { Page } from './page.js'

const page = await Page.open('CONTRIBUTING.md')

page.notRun('# Contributing', '.ci/run', { because: 'these are the gates', by: '.ci/run' })
page.notRun('## To release', '', {
  because: 'it publishes; its parts are rehearsed',
  by: '.ci/release-dry-run.js',
})
page.itLeavesNothingOut()
