import type { Emulator } from '@org-memberships/emulator'
import type { Dialog, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { nameOf, newestFirst, stored, writesOf } from './demo-members.js'
import type { MembersScreen } from './members-screen.js'
import { test } from './page-test.js'

const [one] = newestFirst
if (one === undefined) throw new Error('The demo is too small.')
const { userId } = one.person
const name = nameOf(one)

/** What the page says about the member, and that it says nothing besides. */
async function expectTruth(emulator: Emulator, screen: MembersScreen): Promise<void> {
  await screen.rows().first().waitFor()
  const truth = await stored(emulator, userId)
  expect(await screen.row(userId).count()).toBe(truth === null ? 0 : 1)
  if (truth !== null) expect(await screen.roleOf(name).inputValue()).toBe(truth.role)
  expect(await screen.page.getByText('Saving').count()).toBe(0)
  expect(await screen.said('').count()).toBe(0)
}

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

  test('shows the truth also where another change waited behind it', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const hold = emulator.hold({ route: 'update' })
    await screen.roleOf(name).selectOption('org:admin')
    await hold.arrived()
    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await screen.row(userId).waitFor({ state: 'detached' })
    await page.reload()
    await screen.rows().first().waitFor()
    hold.release()
    await expect.poll(() => emulator.requests.some(({ duration }) => duration === null)).toBe(false)

    // A browser may let a page that it leaves send what comes next, and may not. It is not sent by the new page.
    const sent = writesOf(emulator, userId)
    expect(['PATCH role org:admin', 'DELETE'].slice(0, sent.length)).toEqual(sent)
    await page.reload()
    await expectTruth(emulator, screen)
    expect(writesOf(emulator, userId)).toEqual(sent)
  })
})

test('a tab that is closed while a change is on the way leaves nothing behind for the next one', async ({
  emulator,
  open,
}) => {
  const first = await open()
  const hold = emulator.hold({ route: 'update', when: 'after' })
  await first.screen.roleOf(name).selectOption('org:admin')
  await hold.arrived()
  await first.close()

  const { screen } = await open()
  await expectTruth(emulator, screen)
  expect(await screen.roleOf(name).inputValue()).toBe('org:admin')
})

test('leaving for another site and coming back shows the truth', async ({ emulator, open }) => {
  const { page, screen } = await open()
  const hold = emulator.hold({ route: 'update', when: 'after' })
  await screen.roleOf(name).selectOption('org:admin')
  await hold.arrived()
  await page.goto('about:blank')
  hold.release()
  await page.goBack()

  await expect.poll(() => screen.roleOf(name).inputValue()).toBe('org:admin')
  await expectTruth(emulator, screen)
})

test('going to another page of the list and back keeps the change that is on the way', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open()
  const hold = emulator.hold({ route: 'update' })
  await screen.roleOf(name).selectOption('org:admin')
  await hold.arrived()
  await screen.button('Next page').click()
  await page.getByText('26–50 of 250').waitFor()
  await page.goBack()
  await screen.row(userId).getByText('Saving').waitFor()
  expect(await screen.roleOf(name).inputValue()).toBe('org:admin')

  hold.release()
  await screen.said(`${name} has the role Admin now`).waitFor()
  expect(await stored(emulator, userId)).toMatchObject({ role: 'org:admin' })
})

test('a page that is loaded anew while a dialog is open shows the same list without it', async ({
  open,
}) => {
  const { page, screen } = await open('?page=2')
  await screen.button('Edit metadata of').first().click()
  await screen.dialog.getByLabel('Public metadata').fill('{"title": "Typed')
  await page.reload()

  await page.getByText('26–50 of 250').waitFor()
  expect(await screen.dialog.count()).toBe(0)
  // What is laid over the page while a dialog is open is gone as well: the list can be used.
  await screen.button('Previous page').click()
  await page.getByText('1–25 of 250').waitFor()
})
