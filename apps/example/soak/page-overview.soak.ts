import { expect } from 'vitest'
import { nameOf, newestFirst } from '../e2e/demo-members.js'
import { test } from '../e2e/page-test.js'
import { admins, drawn, expected, figuresOf, forgive, panel, pictureFits } from '../e2e/picture.js'
import { demo, truthOf } from '../e2e/running-example.js'

const [newest] = newestFirst
if (newest === undefined) throw new Error('The demo is too small.')

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

test('says so where its script cannot be loaded, and shows what needs none', async ({ open }) => {
  const opened = await open()
  const { page, screen } = opened
  await page.route('**/joins-chart-*.js', (route) => route.abort())
  await page.reload()

  await panel(page).getByText('The picture cannot be loaded').waitFor()
  // The backend may hold for a moment what it counted in the test before.
  await expect
    .poll(async () => {
      await page.evaluate("dispatchEvent(new Event('focus'))")
      return panel(page).locator('[data-role="org:admin"]').textContent()
    })
    .toBe(`Admin${admins}`)
  expect(await screen.rows().count()).toBe(25)
  await page.unroute('**/joins-chart-*.js')
  await panel(page).getByRole('button', { name: 'Reload' }).click()
  await drawn(page)
  forgive(opened)
})

test('says since when nobody could count, where the API cannot, and counts again once it can', async ({
  emulator,
  open,
}) => {
  const opened = await open()
  const { page } = opened
  await drawn(page)
  // Longer than a comparison is trusted.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const match = ({ search }: { search: URLSearchParams }) => search.get('limit') === '1'
  const fault = emulator.failNext({ route: 'list', match, status: 403, times: Infinity })
  await expect
    .poll(async () => {
      await page.evaluate("dispatchEvent(new Event('focus'))")
      return panel(page).textContent()
    })
    .toMatch(/May be out of date. Nobody could count since \d\d:\d\d:\d\d\./)
  expect((await figuresOf(page)).admins).toBe(`Admin${admins}`)

  fault.cancel()
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await panel(page).getByRole('button', { name: 'Count again' }).click()
  await panel(page).getByText('May be out of date').waitFor({ state: 'detached' })
  forgive(opened)
})

pictureFits({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
