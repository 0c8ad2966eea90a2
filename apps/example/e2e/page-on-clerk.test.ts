import { expect } from 'vitest'
import { test } from './clerk-page-test.js'
import { contentSecurityPolicyOf, everywhere } from './content-security-policy.js'
import { demo, truthOf } from './running-example.js'

const [someone] = demo.memberships.toReversed()
if (someone === undefined) throw new Error('The demo is too small.')
const name = `${someone.person.firstName} ${someone.person.lastName}`

test('the page may reach what Clerk’s documentation names, and no more', async ({
  frontendApi: { origin },
  url,
}) => {
  const challenges = 'https://challenges.cloudflare.com'
  expect(await contentSecurityPolicyOf(url)).toEqual({
    ...everywhere,
    'script-src': ["'self'", origin, challenges, 'https://*.protect.clerk.com'],
    'connect-src': ["'self'", origin, 'https://*.protect.clerk.com:*'],
    'img-src': ["'self'", 'data:', 'https://img.clerk.com'],
    'frame-src': [challenges, 'https://*.protect.clerk.com'],
    'worker-src': ["'self'", 'blob:'],
  })
})

test('who signs in sees the members where the address says, and a change reaches the instance', async ({
  clerk,
  open,
  url,
}) => {
  const { page, screen, signIn } = await open(`${url}/?search=${someone.person.lastName}`)
  await signIn(demo.admin.person)
  await screen.row(someone.person.userId).waitFor()

  expect(new URL(page.url()).searchParams.get('search')).toBe(someone.person.lastName)
  // Nothing there can be ordered to be slow.
  expect(await page.getByText('Try it on a bad day').count()).toBe(0)
  await screen.roleOf(name).selectOption('org:admin')
  await screen.said(`${name} has the role Admin now.`).waitFor()
  const { userId } = someone.person
  expect(await truthOf(clerk).get({ organizationId: demo.id, userId })).toMatchObject({
    role: 'org:admin',
  })
})

test('after sign-out nothing of the members is left, and the next to sign in is somebody else', async ({
  clerk,
  open,
}) => {
  const { page, screen, signIn, signOut } = await open()
  await signIn(demo.admin.person)
  await screen.row(someone.person.userId).waitFor()
  await screen.roleOf(name).selectOption('org:admin')
  await screen.said(name).waitFor()
  await signOut()

  expect(await screen.rows().count()).toBe(0)
  expect(await page.locator('main').textContent()).not.toContain(name)

  const askedBefore = clerk.requests.length
  const held = clerk.hold({ route: 'list' })
  await signIn(demo.member.person)
  await held.arrived()
  // What the first had loaded is not shown to the second, not even while their own list is under way.
  expect(await screen.rows().count()).toBe(0)
  held.release()
  await screen.row(someone.person.userId).waitFor()
  expect(clerk.requests.length).toBeGreaterThan(askedBefore)
})
