import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Example } from '../api/start-example.js'
import { overflowOf, violations } from './axe.js'
import { launchBrowser } from './browser.js'
import { type OpenedPage, openPage } from './open-page.js'
import { demo, startOnFreePort } from './running-example.js'

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
afterEach(() => opened.close())

const [someone] = demo.memberships.toReversed()
if (someone === undefined) throw new Error('The demo is too small.')
const name = `${someone.person.firstName} ${someone.person.lastName}`

describe.each([
  ['wide and light', { width: 1280, height: 900 }, 'light'],
  ['narrow and dark', { width: 390, height: 844 }, 'dark'],
] as const)('%s', (_name, viewport, colorScheme) => {
  test('the list, each dialog and a refusal pass axe, and nothing is wider than the window', async () => {
    // A few rows are like the rest, and take axe a tenth of the time.
    const address = `${example.url}/?as=member&search=${someone.person.lastName}`
    opened = await openPage(browser, address, { viewport, colorScheme })
    const { page, screen } = opened
    const look = async (what: string, part = 'body') => {
      expect({ what, violations: await violations(page, part) }).toEqual({ what, violations: [] })
      expect({ what, overflow: await overflowOf(page) }).toEqual({ what, overflow: 0 })
    }

    await page.locator('.recharts-surface').waitFor()
    await look('the list')
    await screen.button(`Edit metadata of ${name}`).click()
    await screen.dialog.getByLabel('Public metadata').fill('{"title": "No end')
    await screen.dialog.getByText('This is not JSON yet').waitFor()
    await look('a dialog with an error', '[role=dialog]')
    await screen.button('Cancel').click()

    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill('kowalczyk')
    await screen.dialog.getByText('Only admins may add members').waitFor()
    await look('a dialog that was refused', '[role=dialog]')
    await screen.button('Cancel').click()

    await screen.roleOf(name).selectOption('org:admin')
    await screen.said('Only admins may change roles').waitFor()
    await look('a refusal in the corner', '[role=alert]')
  })
})

test('everything works by keyboard: into a dialog, out of it, and back to where one was', async () => {
  opened = await openPage(browser, example.url)
  const { page, screen } = opened
  const remove = screen.button(`Remove ${name}`)

  await remove.focus()
  await page.keyboard.press('Enter')
  await screen.dialog.waitFor()
  // The harmless answer has the focus.
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Keep')
  await page.keyboard.press('Escape')
  await screen.dialog.waitFor({ state: 'detached' })
  await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe(`Remove ${name}`)
})
