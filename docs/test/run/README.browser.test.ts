// @vitest-environment happy-dom
import type { ComponentType } from 'react'
import { expect, it } from 'vitest'
import { click, show, text } from './browser.js'
import { Page } from './page.js'
import { standInForBackend } from './stand-in.js'

const page = await Page.openInBrowser('README.md')
const here = standInForBackend()

it('the React sample lists the members, and changes a role', async () => {
  const { Members } = await page.import<{
    Members: ComponentType<{ organizationId: string }>
  }>('## React')
  await here.emulator.seed({
    users: [{ id: 'user_ada', email_address: 'ada@example.com' }],
    organizations: [{ id: 'org_1', memberships: [{ user_id: 'user_ada', role: 'org:member' }] }],
  })
  show(Members, { organizationId: 'org_1' })
  await expect.poll(text).toBe('ada@example.com is org:member')
  await click('ada@example.com')
  await expect.poll(text).toBe('ada@example.com is org:admin')
  const methods = () => here.emulator.requests.map(({ method }) => method)
  await expect.poll(methods).toEqual(['GET', 'PATCH', 'GET'])
})

page.itLeavesNothingOut()
