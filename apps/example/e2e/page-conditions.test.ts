import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Example } from '../api/start-example.js'
import { launchBrowser } from './browser.js'
import { type OpenedPage, openPage } from './open-page.js'
import { demo, emulatorOf, startOnFreePort, truthOf } from './running-example.js'

let example: Example
let browser: Browser
let opened: OpenedPage

beforeAll(async () => {
  ;[example, browser] = await Promise.all([startOnFreePort(), launchBrowser()])
  // The failures that the backend logs here are ordered.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockReturnValue(true)
  }
})
afterAll(async () => {
  vi.restoreAllMocks()
  await browser.close()
  await example.close()
})
afterEach(async () => {
  await setCondition('fair')
  await opened.close()
  await emulatorOf(example).reset()
})

function setCondition(condition: string): Promise<Response> {
  return fetch(`${example.url}/api/demo/condition`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ condition }),
  })
}

const [someone] = demo.memberships.toReversed()
if (someone === undefined) throw new Error('The demo is too small.')
const name = `${someone.person.firstName} ${someone.person.lastName}`
const truth = () =>
  truthOf(emulatorOf(example)).get({ organizationId: demo.id, userId: someone.person.userId })

test('while the emulator is slow a change shows at once, and its row says that it is under way', async () => {
  opened = await openPage(browser, example.url)
  const { page, screen } = opened
  await page.getByText('is slow', { exact: true }).click()
  await expect.poll(() => emulatorOf(example).latency).toBeGreaterThan(0)

  await screen.roleOf(name).selectOption('org:admin')
  await screen.row(someone.person.userId).getByText('Saving').waitFor()
  expect(await screen.roleOf(name).inputValue()).toBe('org:admin')
  expect(await screen.page.getByText('Saving').count()).toBe(1)

  await screen.said(`${name} has the role Admin now`).waitFor()
  await screen.row(someone.person.userId).getByText('Saving').waitFor({ state: 'detached' })
  expect(await truth()).toMatchObject({ role: 'org:admin' })
})

test('when the emulator fails, the change is taken back, and trying again works once it is well', async () => {
  opened = await openPage(browser, example.url)
  const { page, screen } = opened
  await page.getByText('fails changes', { exact: true }).click()
  await expect
    .poll(() => fetch(`${example.url}/api/demo`).then((r) => r.json()))
    .toMatchObject({
      condition: 'failing',
    })

  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said('The server has trouble').waitFor()
  await screen.row(someone.person.userId).waitFor()
  expect(await truth()).not.toBeNull()

  await page.getByText('answers at once', { exact: true }).click()
  await expect
    .poll(() => fetch(`${example.url}/api/demo`).then((r) => r.json()))
    .toMatchObject({
      condition: 'fair',
    })
  await screen.button('Try again').click()
  await screen.said(`${name} is no longer a member`).waitFor()
  expect(await truth()).toBeNull()
})

test('a page that cannot be loaded says so, and no rows of another page pass for its own', async () => {
  opened = await openPage(browser, example.url)
  const { page, screen } = opened
  await page.getByText('1–25 of 250').waitFor()
  const fault = emulatorOf(example).failNext({ route: 'list', status: 500, times: Infinity })

  await screen.button('Next page').click()
  await screen.alert.getByText('The server has trouble').waitFor()
  await page.getByText('Page 2 of 10').waitFor()
  expect(await page.getByText('26–50 of 250').count()).toBe(0)

  fault.cancel()
  await screen.button('Load again').click()
  await page.getByText('26–50 of 250').waitFor()
  expect(await screen.alert.count()).toBe(0)
})
