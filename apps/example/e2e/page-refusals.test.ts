import { describe, expect } from 'vitest'
import { nameOf, newestFirst, stored } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { demo, everything, truthOf } from './running-example.js'

const test = pageTest.extend('refusals', () => [400, 403, 404, 422])

const [someone] = newestFirst
const [candidate] = demo.candidates
if (someone === undefined || candidate === undefined) throw new Error('The demo is too small.')
const name = nameOf(someone)
const candidateName = nameOf({ person: candidate })

describe('a plain member', () => {
  test('sees everybody, and for each change is told that only admins may', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    await screen.become(demo.member.person.firstName)
    await page.getByText('Mateo Fuentes is a plain member').waitFor()
    await screen.row(someone.person.userId).waitFor()
    const before = await everything(emulator)

    await screen.roleOf(name).selectOption('org:admin')
    await screen.said('Only admins may change roles').waitFor()
    expect(await screen.said('change roles').textContent()).toContain(
      `${name} still has the role Member`,
    )
    // The change was shown at once; it is taken back.
    await expect.poll(() => screen.roleOf(name).inputValue()).toBe('org:member')

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await screen.said('Only admins may remove members').waitFor()
    await screen.row(someone.person.userId).waitFor()

    await screen.button(`Edit metadata of ${name}`).click()
    const field = screen.dialog.getByLabel('Public metadata')
    await field.fill('{"title":"Self-made Chief"}')
    await screen.button('Save').click()
    await screen.dialog.getByText('Only admins may edit metadata').waitFor()
    // What was typed is not lost.
    expect(await field.inputValue()).toBe('{"title":"Self-made Chief"}')
    await screen.button('Cancel').click()

    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill('kowalczyk')
    await screen.dialog.getByText('Only admins may add members').waitFor()

    expect(await everything(emulator)).toEqual(before)
  })

  test('who is made an admin on the page may at once', async ({ emulator, open }) => {
    const { page, screen } = await open('?page=10')
    const you = nameOf(demo.member)
    await screen.become(demo.member.person.firstName)
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
})

describe('bad input on the page', () => {
  test('metadata that is no JSON object cannot be saved, and the page says why', async ({
    open,
  }) => {
    const { screen } = await open()
    await screen.button(`Edit metadata of ${name}`).click()
    const field = screen.dialog.getByLabel('Public metadata')
    expect(await screen.dialog.getByText('Nothing has changed yet').count()).toBe(1)

    await field.fill('{"title":')
    await screen.dialog.getByText('This is not JSON yet').waitFor()
    expect(await screen.button('Save').isDisabled()).toBe(true)
    await field.fill('["a"]')
    await screen.dialog.getByText('this is an array').waitFor()
    expect(await screen.button('Save').isDisabled()).toBe(true)
    await field.fill('{"title":"Right"}')
    expect(await screen.button('Save').isDisabled()).toBe(false)
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

  test('a person whom somebody else added meanwhile is said to be a member already', async ({
    emulator,
    open,
  }) => {
    const { screen } = await open()
    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill(candidate.emailAddress)
    await screen.dialog.getByRole('radio', { name: candidateName }).click()
    await truthOf(emulator).create({
      organizationId: demo.id,
      userId: candidate.userId,
      role: 'org:member',
    })
    await screen.button(`Add ${candidateName}`).click()

    await screen.dialog.getByText('Already a member').waitFor()
    expect(await everything(emulator)).toHaveLength(251)
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
})
