import { describe, expect } from 'vitest'
import { nameOf, newestFirst } from './demo-members.js'
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
    // What one may not do is not offered.
    expect(await screen.roleOf(name).count()).toBe(0)
    expect(await screen.button(/^(Add|Remove|Edit)/).count()).toBe(0)
    await screen.button('Try anyway').click()
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
})
