import { describe, expect } from 'vitest'
import { nameOf, newestFirst } from './demo-members.js'
import { feedbackIn } from './feedback-in.js'
import { test } from './page-test.js'
import { demo } from './running-example.js'

const [first, second] = newestFirst
if (first === undefined || second === undefined) throw new Error('The demo is too small.')
const { userId } = first.person
const name = nameOf(first)

feedbackIn('wide', { viewport: { width: 1280, height: 900 } })

describe('what becomes of a change', () => {
  test('after a removal the focus is on the next row', async ({ open }) => {
    const { page, screen } = await open()
    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await screen.said(`${name} is no longer a member`).waitFor()

    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(`Remove ${nameOf(second)}`)
  })
})

describe('while the server is slow', () => {
  test('rows of before are dimmed below a bar until those that were asked for are there', async ({
    emulator,
    open,
  }) => {
    const { page } = await open()
    const hold = emulator.hold({ route: 'list' })
    await page.getByLabel('Sort by').selectOption('+created_at')

    await page.getByLabel('Loading members').waitFor()
    expect(await page.locator('[aria-busy=true]').count()).toBe(1)
    hold.release()
    await page.getByText(nameOf(demo.admin)).nth(1).waitFor()
    await page.getByLabel('Loading members').waitFor({ state: 'detached' })
    expect(await page.locator('[aria-busy=true]').count()).toBe(0)
  })

  test('a reload shows the shape of the page at once', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const hold = emulator.hold({ route: 'list' })
    await page.reload()

    await page.getByRole('heading', { name: 'Members', exact: true }).waitFor()
    await page.getByText('Loading the members').waitFor()
    expect(await screen.rows().count()).toBe(0)
    hold.release()
    await screen.row(userId).waitFor()
  })
})
