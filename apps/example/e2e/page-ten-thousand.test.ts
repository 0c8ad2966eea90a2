import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { nameOf, stored } from './demo-members.js'
import { scrollThrough } from './scroll-through.js'
import {
  large,
  mostRows,
  newestFirst,
  placeOfFirstRow,
  scrollTo,
  test,
  users,
} from './ten-thousand.js'

const elements = (page: Page) => page.evaluate<number>(`document.querySelectorAll('*').length`)

test('10,000 members: each is drawn once and in order, few at a time, while a change lands', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('100 of 10,000 loaded').waitFor()
  const atFirst = await elements(page)
  const [first] = newestFirst
  if (first === undefined) throw new Error('The demo is too small.')
  const hold = emulator.hold({ route: 'update' })
  await screen.roleOf(nameOf(first)).selectOption('org:admin')
  await hold.arrived()

  const before = await scrollThrough(page, 60)
  hold.release()
  const after = await scrollThrough(page, 160)
  const met = [...new Set([...before.users, ...after.users])]
  expect(met).toEqual(users.slice(0, met.length))
  await screen.said(`${nameOf(first)} has the role Admin now`).waitFor()

  // Far down, and over the edge from one page of 100 to the next.
  await scrollTo(page, 0.498)
  await page.locator('[data-empty]').first().waitFor({ state: 'detached' })
  await expect.poll(() => placeOfFirstRow(page)).toBeGreaterThan(4_900)
  const place = await placeOfFirstRow(page)
  const middle = await scrollThrough(page, 5_030)
  expect(middle.users).toEqual(users.slice(place, place + middle.users.length))
  expect(place).toBeLessThan(5_000)

  // Rows are measured as they come, so the end moves a little.
  await expect
    .poll(async () => {
      await scrollTo(page, 1)
      return screen.row(large.admin.person.userId).count()
    })
    .toBe(1)
  await page.getByText('All 10,000 loaded').waitFor({ timeout: 60_000 })
  const walks = [before, after, middle]
  expect(walks.some(({ hasDoubles }) => hasDoubles)).toBe(false)
  expect(Math.max(...walks.map((walk) => walk.mostRows))).toBeLessThan(mostRows)
  expect(await elements(page)).toBeLessThan(2 * atFirst)

  await scrollTo(page, 0)
  await screen.row(first.person.userId).waitFor()
  expect(await screen.roleOf(nameOf(first)).inputValue()).toBe('org:admin')
  expect(await stored(emulator, first.person.userId)).toMatchObject({ role: 'org:admin' })
})
