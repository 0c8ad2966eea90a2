import { expect } from 'vitest'
import { nameOf, newestFirst } from '../e2e/demo-members.js'
import { feedbackIn, placeOf } from '../e2e/feedback-in.js'
import { test as pageTest } from '../e2e/page-test.js'

const test = pageTest.extend('refusals', () => [403, 422])

const [first, second] = newestFirst
if (first === undefined || second === undefined) throw new Error('The demo is too small.')
const { userId } = first.person
const name = nameOf(first)

feedbackIn('narrow', { viewport: { width: 390, height: 700 } })

test('after the only row in sight is removed the focus is on the heading', async ({ open }) => {
  const { page, screen } = await open(`?search=${first.person.emailAddress}`)
  expect(await screen.rows().count()).toBe(1)
  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Nobody matches').waitFor()

  expect(await page.locator(':focus').textContent()).toBe('Members')
})

test('says what the two icons of a row do, to the pointer and to the keyboard', async ({
  open,
}) => {
  const { page, screen } = await open()
  await screen.button(`Edit metadata of ${name}`).hover()
  await expect.poll(() => page.getByRole('tooltip').allTextContents()).toEqual(['Edit metadata'])
  await page.mouse.move(0, 0)
  await screen.button(`Remove ${name}`).focus()
  await expect.poll(() => page.getByRole('tooltip').allTextContents()).toEqual(['Remove member'])
})

test('says that its count is of all members, and Escape ends a search', async ({ open }) => {
  const { page, screen } = await open()
  await screen.search(first.person.emailAddress)
  await page.getByText('1–1 of 1').waitFor()
  await page.getByText('250 in all').waitFor()

  await page.keyboard.press('Escape')
  await page.getByText('1–25 of 250').waitFor()
  expect(await page.getByLabel('Search members').inputValue()).toBe('')
})

test('a refused edit of the metadata blames the metadata, and goes with its dialog', async ({
  open,
}) => {
  const { page, screen } = await open()
  await screen.roleOf(name).selectOption('org:admin')
  await screen.said(`${name} has the role Admin now`).waitFor()
  await screen.button(`Edit metadata of ${name}`).click()
  await screen.dialog.getByLabel('Public metadata').fill(`{"long":"${'x'.repeat(9_000)}"}`)
  await screen.button('Save').click()
  await screen.dialog.getByText('Too much metadata').waitFor()

  const row = screen.row(userId)
  await row.getByText('Metadata not saved').waitFor()
  expect(await screen.roleOf(name).getAttribute('aria-invalid')).not.toBe('true')
  await page.keyboard.press('Escape')
  await screen.dialog.waitFor({ state: 'detached' })
  await row.getByText('Metadata not saved').waitFor({ state: 'detached' })
  expect(await row.getByText(/not (?:changed|saved|removed)/i).count()).toBe(0)
})

test('shows another page from its top', async ({ open }) => {
  const { page, screen } = await open()
  await screen.button('Next page').scrollIntoViewIfNeeded()
  expect((await placeOf(screen.list)).y).toBeLessThan(0)
  await screen.button('Next page').click()
  await page.getByText('26–50 of 250').waitFor()

  const { y } = await placeOf(screen.list)
  expect(y).toBeGreaterThanOrEqual(0)
  expect(y).toBeLessThan(100)
})
