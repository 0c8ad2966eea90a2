import { expect } from 'vitest'
import { nameOf, newestFirst } from '../e2e/demo-members.js'
import { test } from '../e2e/page-test.js'
import { admins, drawn, expected, figuresOf, forgive, panel, pictureFits } from '../e2e/picture.js'
import { demo, truthOf } from '../e2e/running-example.js'

const [newest] = newestFirst
if (newest === undefined) throw new Error('The demo is too small.')

test('is the same for a plain member, and for whom a change was refused', async ({ open }) => {
  const opened = await open('?as=member&anyway=1')
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

test('says since when nobody could count, where the API cannot, and counts again once it can', async ({
  emulator,
  open,
}) => {
  const opened = await open()
  const { page } = opened
  await drawn(page)
  // The backend may hold for a moment what it counted in the test before.
  await expect
    .poll(async () => {
      await page.evaluate("dispatchEvent(new Event('focus'))")
      return (await figuresOf(page)).admins
    })
    .toBe(`Admin${admins}`)
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
