import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { nameOf, stored } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { demo, startOnFreePort, truthOf } from './running-example.js'
import { scrollThrough } from './scroll-through.js'

// The walk past all of the rows is in soak: drawing 10,000 of them takes a while.
const large = createDemoOrganization({ members: 10_000 })
const newestFirst = large.memberships.toReversed()
const users = newestFirst.map(({ person }) => person.userId)

const test = pageTest.extend('example', { scope: 'file' }, async ({}, { onCleanup }) => {
  const example = await startOnFreePort(null, large)
  onCleanup(() => example.close())
  return example
})

// What is in sight, what is kept ready around it, and no more.
const mostRows = 60

const scrollTo = (page: Page, share: number) =>
  page.evaluate(`scrollTo(0, ${share} * document.body.scrollHeight)`)
const placeOfFirstRow = (page: Page) =>
  page.evaluate<number>(`Number(document.querySelector('[data-user-id]').dataset.index)`)
const elements = (page: Page) => page.evaluate<number>(`document.querySelectorAll('*').length`)

test('10,000 members: each is drawn once and in order, few at a time, while a change lands', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('500 of 10,000 loaded').waitFor()
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

  // Far down, and over the edge from one page of 500 to the next.
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

test('10,000 members, of whom others add and remove some meanwhile: nobody is drawn twice, and the next change shows the truth', async ({
  emulator,
  open,
}) => {
  const { screen, page } = await open('?view=scroll')
  const before = await scrollThrough(page, 60)
  const [passed, ahead] = [users[20] ?? '', users[530] ?? '']
  const [newcomer, another] = large.candidates
  if (newcomer === undefined || another === undefined) throw new Error('The demo is too small.')
  const organizationId = demo.id
  const truth = truthOf(emulator)
  // One more than goes, so the rows that follow move down, and one is on two pages.
  await truth.create({ organizationId, userId: another.userId, role: 'org:member' })
  await truth.create({ organizationId, userId: newcomer.userId, role: 'org:member' })
  await truth.delete({ organizationId, userId: passed })
  await truth.delete({ organizationId, userId: ahead })

  await scrollTo(page, 0.0485)
  await expect.poll(() => placeOfFirstRow(page)).toBeGreaterThan(440)
  // Into the page that was read after their changes.
  const after = await scrollThrough(page, 560)
  expect(before.hasDoubles || after.hasDoubles).toBe(false)
  expect(after.users).not.toContain(ahead)
  // In order: those who are left of the seed, in the same order as there.
  expect(after.users).toEqual(users.filter((userId) => after.users.includes(userId)))

  // A removal of one's own moves all rows that follow, so the list is loaded anew.
  await scrollTo(page, 0)
  const [first, second] = newestFirst
  if (first === undefined || second === undefined) throw new Error('The demo is too small.')
  await screen.button(`Remove ${nameOf(first)}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.row(newcomer.userId).waitFor()
  await screen.row(passed).waitFor({ state: 'detached' })
  const again = await scrollThrough(page, 60)
  const { data } = await truth.list({ organizationId, limit: 500 })
  const held = data.map(({ publicUserData }) => publicUserData?.userId)
  expect(again.users).toEqual(held.slice(0, again.users.length))
})
