import { expect } from 'vitest'
import { nameOf } from '../e2e/demo-members.js'
import { test } from '../e2e/page-test.js'
import { demo, truthOf } from '../e2e/running-example.js'

const [candidate] = demo.candidates
if (candidate === undefined) throw new Error('The demo is too small.')

test('is shown the page before when the last row of the last page is gone', async ({
  emulator,
  example,
  open,
}) => {
  const { page, screen } = await open()
  const { userId } = candidate
  await truthOf(emulator).create({
    organizationId: demo.id,
    userId,
    role: 'org:member',
  })
  await page.goto(`${example.url}/?page=11&order=%2Bcreated_at`)
  await page.getByText('251–251 of 251').waitFor()

  await screen.button(`Remove ${nameOf({ person: candidate })}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()

  await page.getByText('226–250 of 250').waitFor()
  expect(await screen.rows().count()).toBe(25)
  expect(new URL(page.url()).searchParams.get('page')).toBe('10')
})

test('has a new session token before the old one ends', async ({ open }) => {
  const { page, screen, requests } = await open()
  const sessions = () => requests.filter((request) => request === 'POST /api/demo/session').length
  expect(sessions()).toBe(1)
  await screen.button('Next page').click()
  await page.getByText('26–50 of 250').waitFor()
  expect(sessions()).toBe(1)

  const later = Date.now() + 55_000
  await page.clock.setFixedTime(later)
  await screen.button('Page 3').click()
  await page.getByText('51–75 of 250').waitFor()
  expect(sessions()).toBe(2)
})
