import type { Dialog, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { stored } from './demo-members.js'
import { expectTruth, name, userId } from './left-early.js'
import { test } from './page-test.js'

/** Reloads as a person does, who is asked in between. */
async function askToReload(page: Page): Promise<Dialog> {
  const asked = page.waitForEvent('dialog')
  await page.evaluate('void setTimeout(() => location.reload())')
  return asked
}

describe('a page that is loaded anew while a change is on the way', () => {
  test('asks first, and who stays loses nothing', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const hold = emulator.hold({ route: 'update' })
    await screen.roleOf(name).selectOption('org:admin')
    await hold.arrived()
    const question = await askToReload(page)
    expect(question.type()).toBe('beforeunload')
    await question.dismiss()
    hold.release()
    await screen.said(`${name} has the role Admin now`).waitFor()
    expect(await stored(emulator, userId)).toMatchObject({ role: 'org:admin' })

    // There is nothing to lose any more, and so nothing to ask.
    await screen.row(userId).getByText('Saving').waitFor({ state: 'detached' })
    const dialogs: Dialog[] = []
    page.on('dialog', (dialog) => dialogs.push(dialog))
    await page.reload()
    await expectTruth(emulator, screen)
    expect(dialogs).toEqual([])
  })

  for (const [when, role] of [
    ['before', 'org:member'],
    ['after', 'org:admin'],
  ] as const) {
    test(`shows what the server holds, ${when} the server has done it`, async ({
      emulator,
      open,
    }) => {
      const { page, screen } = await open()
      const hold = emulator.hold({ route: 'update', when })
      await screen.roleOf(name).selectOption('org:admin')
      await hold.arrived()
      await page.reload()
      await expectTruth(emulator, screen)
      expect(await screen.roleOf(name).inputValue()).toBe(role)

      // The server carries out what it has received; the next look shows it.
      hold.release()
      await expect.poll(() => stored(emulator, userId)).toMatchObject({ role: 'org:admin' })
      await page.reload()
      await expectTruth(emulator, screen)
    })
  }
})
