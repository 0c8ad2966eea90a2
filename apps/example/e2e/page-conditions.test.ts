import { afterAll, beforeAll, expect, vi } from 'vitest'
import { nameOf, newestFirst, stored } from './demo-members.js'
import { test as pageTest } from './page-test.js'

const test = pageTest.extend('refusals', () => [500, 502])

// The failures that the backend logs here are ordered.
beforeAll(() => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockReturnValue(true)
  }
})
afterAll(() => {
  vi.restoreAllMocks()
})
const [someone] = newestFirst
if (someone === undefined) throw new Error('The demo is too small.')
const name = nameOf(someone)
const { userId } = someone.person

test('while the emulator is slow a change shows at once, and its row says that it is under way', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open()
  await page.getByText('is slow', { exact: true }).click()
  await expect.poll(() => emulator.latency).toBeGreaterThan(0)

  await screen.roleOf(name).selectOption('org:admin')
  await screen.row(userId).getByText('Saving').waitFor()
  expect(await screen.roleOf(name).inputValue()).toBe('org:admin')
  expect(await screen.page.getByText('Saving').count()).toBe(1)

  await screen.said(`${name} has the role Admin now`).waitFor()
  await screen.row(userId).getByText('Saving').waitFor({ state: 'detached' })
  expect(await stored(emulator, userId)).toMatchObject({ role: 'org:admin' })
})

test('when the emulator fails, the change is taken back, and trying again works once it is well', async ({
  emulator,
  example,
  open,
}) => {
  const { page, screen } = await open()
  await page.getByText('fails changes', { exact: true }).click()
  await expect
    .poll(() => fetch(`${example.url}/api/demo`).then((r) => r.json()))
    .toMatchObject({
      condition: 'failing',
    })

  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said('The server has trouble').waitFor()
  await screen.row(userId).waitFor()
  expect(await stored(emulator, userId)).not.toBeNull()

  await page.getByText('answers at once', { exact: true }).click()
  await expect
    .poll(() => fetch(`${example.url}/api/demo`).then((r) => r.json()))
    .toMatchObject({
      condition: 'fair',
    })
  await screen.button('Try again').click()
  await screen.said(`${name} is no longer a member`).waitFor()
  expect(await stored(emulator, userId)).toBeNull()
})

test('a page that cannot be loaded says so, and no rows of another page pass for its own', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open()
  await page.getByText('1–25 of 250').waitFor()
  const fault = emulator.failNext({ route: 'list', status: 500, times: Infinity })

  await screen.button('Next page').click()
  await screen.alert.getByText('The server has trouble').waitFor()
  await page.getByText('Page 2 of 10').waitFor()
  expect(await page.getByText('26–50 of 250').count()).toBe(0)

  fault.cancel()
  await screen.button('Load again').click()
  await page.getByText('26–50 of 250').waitFor()
  expect(await screen.alert.count()).toBe(0)
})
