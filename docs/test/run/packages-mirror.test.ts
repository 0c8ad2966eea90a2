import { Page } from './page.js'

const page = await Page.open('packages/mirror/README.md')

page.notRun('## Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
const files = {
  because:
    'each is a file that the tests of the mirror run on a real PostgreSQL, held to be the same',
  by: 'packages/mirror/test/readme.test.ts',
}
page.notRun('## Use', '', files)
page.notRun('## The last admin', '', files)
page.notRun('## Changes', '', files)
page.itLeavesNothingOut()
