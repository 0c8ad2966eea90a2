import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Example } from '../api/start-example.js'
import { launchBrowser } from './browser.js'
import { type OpenedPage, openPage } from './open-page.js'
import { demo, emulatorOf, startOnFreePort, truthOf } from './running-example.js'

let example: Example
let browser: Browser
let opened: OpenedPage

beforeAll(async () => {
  ;[example, browser] = await Promise.all([startOnFreePort(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await example.close()
})
afterEach(async () => {
  await opened.close()
  await emulatorOf(example).reset()
})

// What is in sight, what is kept ready around it, and no more.
const mostRows = 60

const scrollToEnd = (page: Page) => page.evaluate('scrollTo(0, document.body.scrollHeight)')

describe.each([
  ['a wide', { width: 1280, height: 900 }],
  ['a narrow', { width: 390, height: 844 }],
])('one list in %s window', (_name, viewport) => {
  test('loads the members as they are scrolled to, and holds only the rows in sight', async () => {
    opened = await openPage(browser, `${example.url}/?view=scroll`, { viewport })
    const { page, screen, requests } = opened
    await page.getByText('50 of 250 loaded').waitFor()

    await scrollToEnd(page)
    await page.getByText(/^(?:100|150|200) of 250 loaded$/).waitFor()
    await screen.button('Load all').click()
    await page.getByText('All 250 loaded').waitFor()
    const offsets = requests.flatMap((request) => /limit=50&offset=(\d+)/.exec(request)?.[1] ?? [])
    expect(new Set(offsets)).toEqual(new Set(['0', '50', '100', '150', '200']))

    // The founder, who joined first. Rows are measured as they come, so the end moves a little.
    const { userId } = demo.admin.person
    await expect
      .poll(async () => {
        await scrollToEnd(page)
        return screen.row(userId).count()
      })
      .toBe(1)
    expect(await screen.rows().count()).toBeLessThan(mostRows)

    const name = `${demo.member.person.firstName} ${demo.member.person.lastName}`
    await screen.roleOf(name).selectOption('org:admin')
    await screen.said(`${name} has the role Admin now`).waitFor()
    expect(
      await truthOf(emulatorOf(example)).get({
        organizationId: demo.id,
        userId: demo.member.person.userId,
      }),
    ).toMatchObject({ role: 'org:admin' })
  })
})
