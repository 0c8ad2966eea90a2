import { Page } from './page.js'

const page = await Page.open('docs/getting-started/nextjs.md')

page.noneRun({
  because: 'a real Next.js app is made of them, built and clicked through',
  by: 'docs/soak/nextjs.soak.ts',
})
page.itLeavesNothingOut()
