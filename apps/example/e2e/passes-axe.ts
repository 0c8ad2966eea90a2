import type { BrowserContextOptions } from 'playwright-core'
import { expect } from 'vitest'
import { overflowOf, violations } from './axe.js'
import { nameOf, newestFirst } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { drawn } from './picture.js'

const test = pageTest.extend('refusals', () => [403])

const [someone] = newestFirst
if (someone === undefined) throw new Error('The demo is too small.')
const name = nameOf(someone)
const { lastName } = someone.person

/** The walk of axe through the page in one kind of window. */
export function passesAxe(options: BrowserContextOptions): void {
  test('the list, each dialog and a refusal pass axe, and nothing is wider than the window', async ({
    open,
  }) => {
    // A few rows are like the rest, and take axe a tenth of the time.
    const { page, screen } = await open(`?as=member&anyway=1&search=${lastName}`, options)
    const look = async (what: string, part = 'body') => {
      expect({ what, violations: await violations(page, part) }).toEqual({ what, violations: [] })
      expect({ what, overflow: await overflowOf(page) }).toEqual({ what, overflow: 0 })
    }

    await drawn(page)
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

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByText('loses access').waitFor()
    await look('the question before a removal', '[role=dialog]')
    await screen.button('Keep').click()

    await screen.roleOf(name).selectOption('org:admin')
    await screen.said('Only admins may change roles').waitFor()
    await look('a refusal in the corner', '[role=alert]')
  })
}
