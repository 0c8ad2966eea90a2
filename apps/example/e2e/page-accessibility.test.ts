import { expect } from 'vitest'
import { nameOf, newestFirst } from './demo-members.js'
import { passesAxe } from './passes-axe.js'
import { test } from './page-test.js'

const [someone] = newestFirst
if (someone === undefined) throw new Error('The demo is too small.')
const name = nameOf(someone)

passesAxe({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })

test('everything works by keyboard: into a dialog, out of it, and back to where one was', async ({
  open,
}) => {
  const { page, screen } = await open()
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
