import { describe, expect } from 'vitest'
import { overflowOf, violations } from '../e2e/axe.js'
import { guest, stranger, test } from '../e2e/clerk-page-test.js'
import { demo, truthOf } from '../e2e/running-example.js'

const [someone] = demo.memberships.toReversed()
if (someone === undefined) throw new Error('The demo is too small.')
const name = `${someone.person.firstName} ${someone.person.lastName}`

describe.each([
  ['wide and light', { width: 1280, height: 900 }, 'light'],
  ['narrow and dark', { width: 390, height: 844 }, 'dark'],
] as const)('%s', (_name, viewport, colorScheme) => {
  test('who is signed out sees Clerk’s sign-in and nobody’s data', async ({ clerk, open }) => {
    const { page, screen } = await open(undefined, { viewport, colorScheme })
    await page.getByLabel('Email address').waitFor()

    expect(await page.getByRole('banner').textContent()).toContain(demo.name)
    const notice = await page.getByLabel('About this instance').textContent()
    expect(notice).toContain('What you change here is changed there.')
    expect(notice).toContain('caps at 100 users')
    expect(await screen.rows().count()).toBe(0)
    // One by the backend itself, for the name of the organization.
    expect(clerk.requests.length).toBe(1)

    // Clerk's own markup is Clerk's.
    const own = { include: ['body'], exclude: ['.cl-rootBox'] }
    expect(await violations(page, own)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
  })
})

test('a change that was under way at sign-out is not told to whoever comes next', async ({
  clerk,
  open,
}) => {
  const { page, screen, signIn, signOut } = await open()
  await signIn(demo.admin.person)
  await screen.row(someone.person.userId).waitFor()
  const held = clerk.hold({ route: 'update' })
  await screen.roleOf(name).selectOption('org:admin')
  await held.arrived()
  await signOut()
  held.release()

  await signIn(demo.member.person)
  await screen.row(someone.person.userId).waitFor()
  expect(await page.locator('.mantine-Notification-root').count()).toBe(0)
})

test('signed out in one tab, the members are gone in the other', async ({ open, url }) => {
  const { context, page, screen, signIn, signOut } = await open()
  await signIn(demo.admin.person)
  await screen.rows().first().waitFor()
  const other = await context.newPage()
  await other.goto(url)
  await other.locator('[data-user-id]').first().waitFor()

  await page.bringToFront()
  await signOut()
  await other.getByLabel('Email address').waitFor()
  expect(await other.locator('[data-user-id]').count()).toBe(0)
})

describe('refused', () => {
  test.override('refusals', [403])

  test('a plain member sees the members, and why a change is refused, until they sign out', async ({
    open,
    url,
  }) => {
    const { page, screen, signIn, signOut } = await open(`${url}?anyway=1`)
    await signIn(demo.member.person)
    await screen.row(someone.person.userId).waitFor()
    await screen.roleOf(name).selectOption('org:admin')
    await screen.said('Only admins may change roles').waitFor()

    await signOut()
    // Long before it would go by itself.
    await expect
      .poll(() => page.locator('.mantine-Notification-root').count(), { timeout: 3000 })
      .toBe(0)
  })

  test('who is signed in but no member is told so, and can leave', async ({ open }) => {
    const { page, screen, signIn } = await open()
    await signIn(stranger)
    await screen.alert.filter({ hasText: `You cannot see the members of ${demo.name}` }).waitFor()

    const said = await screen.alert.textContent()
    expect(said).toContain(`You are signed in as ${stranger.emailAddress}.`)
    expect(said).toContain('You are not a member of this organization')
    expect(await violations(page, 'main')).toEqual([])
    expect(await screen.rows().count()).toBe(0)

    await screen.button('Sign out').click()
    await page.getByLabel('Email address').waitFor()
  })

  test('a member whose role may not see the others is told that, and not to be added', async ({
    clerk,
    open,
  }) => {
    const { userId } = demo.member.person
    await truthOf(clerk).update({ organizationId: demo.id, userId, role: guest.key })
    const { complaints, screen, signIn } = await open()
    await signIn(demo.member.person)
    await screen.alert.filter({ hasText: `You cannot see the members of ${demo.name}` }).waitFor()

    const said = await screen.alert.textContent()
    expect(said).toContain('give you a role that may see them')
    expect(said).not.toContain('add you')
    // Nothing else was asked for, which would have been refused as well.
    expect(complaints).toHaveLength(1)
  })
})

describe('at another address', () => {
  test.override('refusals', [401])

  test('a session that was made for it is refused, in words that say what to do', async ({
    open,
    url,
  }) => {
    const { port } = new URL(url)
    const { screen, signIn } = await open(`http://127.0.0.1:${port}`)
    await signIn(demo.admin.person)
    await screen.alert.filter({ hasText: 'The backend does not accept your session' }).waitFor()

    const said = await screen.alert.textContent()
    expect(said).toContain(`Clerk made it for http://127.0.0.1:${port}.`)
    expect(said).toContain('CLERK_AUTHORIZED_PARTIES')
    expect(await screen.rows().count()).toBe(0)
  })
})

test('while Clerk cannot be reached the page says so, and works once it can', async ({
  frontendApi,
  open,
  url,
}) => {
  frontendApi.isDown = true
  const { complaints, page, screen } = await open('about:blank')
  await page.clock.install()
  await page.goto(url)
  await expect.poll(() => complaints.join('\n')).toContain('failed to load script')
  // Clerk gives its script as long as this to arrive.
  await page.clock.fastForward(15_000)
  await screen.alert.filter({ hasText: 'Clerk cannot be reached' }).waitFor()
  // Clerk tells the console as well.
  complaints.length = 0

  frontendApi.isDown = false
  await screen.button('Try again').click()
  await page.getByLabel('Email address').waitFor()
})
