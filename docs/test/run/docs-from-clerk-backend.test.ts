import { expect, it } from 'vitest'
import { Page } from './page.js'
import { standInForClerk } from './stand-in.js'

const page = await Page.open('docs/from-clerk-backend.md')
const here = standInForClerk()

it('tells what is missing', async () => {
  const { promote } = await page.import<{
    promote: (organizationId: string, userId: string) => Promise<string>
  }>('## What you meet on the way')
  expect(await promote('org_acme', 'user_ada')).toBe('org:admin')
  expect(await promote('org_acme', 'user_bob')).toBe('no such member, or no such organization')
  expect(await promote('org_gone', 'user_ada')).toBe('no such member, or no such organization')
  await here.emulator.seed({
    users: [{ id: 'user_ada' }],
    organizations: [
      {
        id: 'org_acme',
        roles: ['org:member'],
        memberships: [{ user_id: 'user_ada', role: 'org:member' }],
      },
    ],
  })
  expect(await promote('org_acme', 'user_ada')).toBe('no such role')
})

page.itLeavesNothingOut()
