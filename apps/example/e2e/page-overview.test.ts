import type { Page, Route } from 'playwright-core'
import { describe, expect } from 'vitest'
import { overflowOf, violations } from './axe.js'
import { nameOf, newestFirst } from './demo-members.js'
import type { OpenedPage } from './open-page.js'
import { test } from './page-test.js'
import { demo, truthOf } from './running-example.js'

const [newest] = newestFirst
const [candidate] = demo.candidates
if (newest === undefined || candidate === undefined) throw new Error('The demo is too small.')
const admins = demo.memberships.filter(({ role }) => role === 'org:admin').length
const thisMonth = new Date().toISOString().slice(0, 7)

const panel = (page: Page) => page.getByRole('region', { name: 'The organization in figures' })

/** What the picture says, read as a screen reader does. */
async function figuresOf(page: Page) {
  const role = (key: string) => panel(page).locator(`[data-role="${key}"]`).textContent()
  const cells = await panel(page).locator('[data-month] td').allTextContents()
  const current = panel(page).locator(`[data-month="${thisMonth}"] td`)
  return {
    admins: await role('org:admin'),
    members: await role('org:member'),
    joined: cells.reduce((sum, cell) => sum + Number(cell.replace(',', '')), 0),
    thisMonth: (await current.count()) === 0 ? 0 : Number(await current.textContent()),
  }
}

/** The picture with so many more than there were at first. */
const expected = (before: { thisMonth: number }, more: { admins?: number; members?: number }) => ({
  admins: `Admin${admins + (more.admins ?? 0)}`,
  members: `Member${250 - admins + (more.members ?? 0)}`,
  joined: 250 + (more.admins ?? 0) + (more.members ?? 0),
  thisMonth: before.thisMonth,
})

const drawn = (page: Page) => page.locator('.recharts-bar-rectangle').first().waitFor()

/** Drops what the console said of a failure that the test itself has made. */
const forgive = ({ complaints }: OpenedPage) => complaints.splice(0)

describe('the picture', () => {
  test('follows an addition, a change of role and a removal, without a reload', async ({
    open,
  }) => {
    const { page, screen } = await open()
    await drawn(page)
    const before = await figuresOf(page)
    expect(before).toEqual(expected(before, {}))
    const name = nameOf({ person: candidate })

    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill(candidate.emailAddress)
    await screen.dialog.getByRole('radio', { name }).click()
    await screen.button(`Add ${name}`).click()
    await screen.said(`${name} is now a member`).waitFor()
    const withOneMore = { thisMonth: before.thisMonth + 1 }
    await expect.poll(() => figuresOf(page)).toEqual(expected(withOneMore, { members: 1 }))

    await screen.roleOf(name).selectOption('org:admin')
    await expect.poll(() => figuresOf(page)).toEqual(expected(withOneMore, { admins: 1 }))

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => figuresOf(page)).toEqual(expected(before, {}))
  })

  test('is the same for a plain member, and for whom a change was refused', async ({ open }) => {
    const opened = await open('?as=member')
    const { page, screen } = opened
    await drawn(page)
    const before = await figuresOf(page)
    expect(before).toEqual(expected(before, {}))

    await screen.roleOf(nameOf(newest)).selectOption('org:admin')
    await screen.said('Only admins may change roles').waitFor()
    expect(await figuresOf(page)).toEqual(before)
    forgive(opened)
  })

  test('shows what somebody else did when the reader comes back', async ({ emulator, open }) => {
    const { page } = await open()
    await drawn(page)
    const { userId } = newest.person
    await truthOf(emulator).update({ organizationId: demo.id, userId, role: 'org:admin' })

    await expect
      .poll(async () => {
        await page.evaluate("dispatchEvent(new Event('focus'))")
        return (await figuresOf(page)).admins
      })
      .toBe(`Admin${admins + 1}`)
  })

  test('says in words that there is none, leaves the list alone, and is there once it can', async ({
    open,
  }) => {
    const opened = await open()
    const { page, screen } = opened
    const refuse = (route: Route) =>
      route.fulfill({ status: 502, json: { errors: [{ long_message: 'Nobody counts today.' }] } })
    await page.route('**/api/overview', refuse)
    await page.reload()

    await panel(page).getByText('Nobody counts today.').waitFor()
    await page.getByText('1–25 of 250').waitFor()
    expect(await screen.rows().count()).toBe(25)
    expect(await violations(page, 'section')).toEqual([])

    await page.unroute('**/api/overview')
    await panel(page).getByRole('button', { name: 'Count again' }).click()
    await drawn(page)
    expect(await panel(page).getByRole('alert').count()).toBe(0)

    // From then on what is there stays, and is said to be old.
    await page.route('**/api/overview', (route) => route.abort())
    await screen.roleOf(nameOf(newest)).selectOption('org:admin')
    await panel(page).getByText('May be out of date').waitFor()
    expect((await figuresOf(page)).admins).toBe(`Admin${admins}`)
    forgive(opened)
  })

  test('says so where its script cannot be loaded, and shows what needs none', async ({ open }) => {
    const opened = await open()
    const { page, screen } = opened
    await page.route('**/joins-chart-*.js', (route) => route.abort())
    await page.reload()

    await panel(page).getByText('The picture cannot be loaded').waitFor()
    expect(await panel(page).locator('[data-role="org:admin"]').textContent()).toBe(
      `Admin${admins}`,
    )
    expect(await screen.rows().count()).toBe(25)
    await page.unroute('**/joins-chart-*.js')
    await panel(page).getByRole('button', { name: 'Reload' }).click()
    await drawn(page)
    forgive(opened)
  })
})

describe.each([
  ['wide and light', { width: 1280, height: 900 }, 'light'],
  ['narrow and dark', { width: 390, height: 844 }, 'dark'],
] as const)('%s', (_name, viewport, colorScheme) => {
  test('the picture takes its room from the beginning, passes axe, and fits', async ({ open }) => {
    const { page, screen } = await open('', { viewport, colorScheme })
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/api/overview', async (route) => {
      await held
      await route.continue()
    })
    await page.reload()
    await panel(page).getByText('Loading the figures').waitFor()
    await screen.rows().first().waitFor()
    const before = await screen.list.boundingBox()

    answer()
    await drawn(page)
    expect((await screen.list.boundingBox())?.y).toBe(before?.y)
    expect(await violations(page, 'section')).toEqual([])
    expect(await overflowOf(page)).toBe(0)
  })
})
