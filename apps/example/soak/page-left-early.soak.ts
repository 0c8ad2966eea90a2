import { expect } from 'vitest'
import { stored, writesOf } from '../e2e/demo-members.js'
import { expectTruth, name, userId } from '../e2e/left-early.js'
import { test } from '../e2e/page-test.js'

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
