import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { overflowOf, violations } from './axe.js'
import type { OpenedPage } from './open-page.js'
import { test } from './page-test.js'
import { demo } from './running-example.js'

export const admins = demo.memberships.filter(({ role }) => role === 'org:admin').length
const thisMonth = new Date().toISOString().slice(0, 7)

export const panel = (page: Page) =>
  page.getByRole('region', { name: 'The organization in figures' })

/** What the picture says, read as a screen reader does. */
export async function figuresOf(page: Page) {
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
export const expected = (
  before: { thisMonth: number },
  more: { admins?: number; members?: number },
) => ({
  admins: `Admin${admins + (more.admins ?? 0)}`,
  members: `Member${250 - admins + (more.members ?? 0)}`,
  joined: 250 + (more.admins ?? 0) + (more.members ?? 0),
  thisMonth: before.thisMonth,
})

export const drawn = (page: Page) =>
  panel(page).locator('[data-month]').first().waitFor({ state: 'attached' })

/** Drops what the console said of a failure that the test itself has made. */
export const forgive = ({ complaints }: OpenedPage) => complaints.splice(0)

/** The picture in one kind of window. */
export function pictureFits(options: BrowserContextOptions): void {
  test('the picture takes its room from the beginning, passes axe, and fits', async ({ open }) => {
    const { page, screen } = await open('', options)
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/api/overview', async (route) => {
      await held
      await route.continue()
    })
    await page.reload()
    await panel(page).getByText('Loading the figures').waitFor({ state: 'attached' })
    await screen.rows().first().waitFor()
    const before = await screen.list.boundingBox()

    answer()
    await drawn(page)
    expect((await screen.list.boundingBox())?.y).toBe(before?.y)
    await screen.disclose('The organization in figures')
    expect(await violations(page, 'section')).toEqual([])
    expect(await overflowOf(page)).toBe(0)
  })
}
