import { expect } from 'vitest'
import { nameOf, newestFirst, stored } from '../e2e/demo-members.js'
import { test as pageTest } from '../e2e/page-test.js'
import { demo, everything, truthOf } from '../e2e/running-example.js'

const test = pageTest.extend('refusals', () => [400, 403, 404, 422])

const [someone] = newestFirst
if (someone === undefined) throw new Error('The demo is too small.')
const name = nameOf(someone)

test('who is made an admin on the page may at once', async ({ emulator, open }) => {
  const { page, screen } = await open('?page=10')
  const you = nameOf(demo.member)
  await screen.become(demo.member.person.firstName)
  await screen.button('Try anyway').click()
  await screen.roleOf(you).selectOption('org:admin')
  await screen.said('Only admins may change roles').waitFor()

  await screen.become(demo.admin.person.firstName)
  await page.getByText('is a plain member').waitFor({ state: 'detached' })
  await screen.roleOf(you).selectOption('org:admin')
  await screen.said(`${you} has the role Admin now`).waitFor()

  await screen.become(demo.member.person.firstName)
  await screen.button(`Remove ${demo.admin.person.firstName}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said('is no longer a member').waitFor()
  expect(await stored(emulator, demo.admin.person.userId)).toBeNull()
})

test('metadata over 8 KB is refused by the server, and what was typed is kept', async ({
  open,
}) => {
  const { screen } = await open()
  const text = JSON.stringify({ long: 'x'.repeat(9_000) })
  await screen.button(`Edit metadata of ${name}`).click()
  const field = screen.dialog.getByLabel('Public metadata')
  await field.fill(text)
  await screen.button('Save').click()

  await screen.dialog.getByText('Too much metadata').waitFor()
  expect(await field.inputValue()).toBe(text)
})

test('a member whom somebody else removed meanwhile is said to be gone', async ({
  emulator,
  open,
}) => {
  const { screen } = await open()
  await truthOf(emulator).delete({
    organizationId: demo.id,
    userId: someone.person.userId,
  })
  await screen.roleOf(name).selectOption('org:admin')

  await screen.said('Not found').waitFor()
  await expect.poll(() => screen.row(someone.person.userId).count()).toBe(0)
})

test('the last admin stays one, and the page says why', async ({ emulator, open }) => {
  const others = demo.memberships.filter(
    ({ role, person }) => role === 'org:admin' && person !== demo.admin.person,
  )
  await Promise.all(
    others.map(({ person: { userId } }) =>
      truthOf(emulator).update({
        organizationId: demo.id,
        userId,
        role: 'org:member',
      }),
    ),
  )
  const { screen } = await open('?role=org:admin')
  const you = nameOf(demo.admin)

  await screen.roleOf(you).selectOption('org:member')
  await screen.said('An organization needs an admin').waitFor()
  await screen.row(demo.admin.person.userId).waitFor()
  expect(await screen.roleOf(you).inputValue()).toBe('org:admin')

  await screen.button(`Remove ${you}`).click()
  await screen.dialog.getByText('You lose access to Meridian Maps at once').waitFor()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said(`${you} is still a member`).waitFor()
  expect(await everything(emulator)).toHaveLength(250)
})

test('a page number in the address that is none shows a page all the same', async ({
  example,
  open,
}) => {
  const { page, screen } = await open('?page=two')
  await page.getByText('1–25 of 250').waitFor()

  await page.goto(`${example.url}/?page=-3`)
  await page.getByText('1–25 of 250').waitFor()
  await page.goto(`${example.url}/?page=9999`)
  await page.getByText('226–250 of 250').waitFor()
  expect(await screen.rows().count()).toBe(25)
})
