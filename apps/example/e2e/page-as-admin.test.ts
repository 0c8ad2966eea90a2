import { describe, expect } from 'vitest'
import { nameOf, newestFirst, stored } from './demo-members.js'
import { test } from './page-test.js'
import { demo, everything } from './running-example.js'

const [first, second] = newestFirst
const [candidate] = demo.candidates
if (first === undefined || second === undefined || candidate === undefined) {
  throw new Error('The demo is too small.')
}

describe('an admin', () => {
  test('sees all 250 members, page by page', async ({ open }) => {
    const { page, screen } = await open()
    expect(await screen.rows().count()).toBe(25)
    expect(await screen.row(first.person.userId).textContent()).toContain(nameOf(first))
    await page.getByText('1–25 of 250').waitFor()

    await screen.button('Next page').click()
    await page.getByText('26–50 of 250').waitFor()
    await screen.row(newestFirst[25]?.person.userId ?? '').waitFor()
    expect(new URL(page.url()).search).toBe('?page=2')

    await screen.button('Page 10').click()
    await page.getByText('226–250 of 250').waitFor()
    await screen.row(demo.admin.person.userId).waitFor()

    // The address is the state: a reload and the back button keep it.
    await page.reload()
    await screen.row(demo.admin.person.userId).waitFor()
    await page.goBack()
    await page.getByText('26–50 of 250').waitFor()
  })

  test('adds a member', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const name = nameOf({ person: candidate })

    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill(candidate.emailAddress)
    await screen.dialog.getByRole('radio', { name }).click()
    await screen.dialog.getByLabel('Role').selectOption('org:admin')
    await screen.button(`Add ${name}`).click()

    await screen.said(`${name} is now an admin`).waitFor()
    await screen.row(candidate.userId).waitFor()
    await page.getByText('1–25 of 251').waitFor()
    expect(await screen.roleOf(name).inputValue()).toBe('org:admin')
    expect(await stored(emulator, candidate.userId)).toMatchObject({ role: 'org:admin' })
    expect(await everything(emulator)).toHaveLength(251)
  })

  test('changes a role', async ({ emulator, open }) => {
    const { screen } = await open()
    const name = nameOf(first)

    await screen.roleOf(name).selectOption('org:admin')

    await screen.said(`${name} has the role Admin now`).waitFor()
    expect(await stored(emulator, first.person.userId)).toMatchObject({ role: 'org:admin' })
    expect(await screen.roleOf(name).inputValue()).toBe('org:admin')
  })

  test('edits metadata by a deep merge, and sees what is sent before it is', async ({
    emulator,
    open,
  }) => {
    const { screen } = await open()
    const name = nameOf(first)
    const { office, ...others } = first.publicMetadata

    await screen.button(`Edit metadata of ${name}`).click()
    const field = screen.dialog.getByLabel('Public metadata')
    await field.fill(
      JSON.stringify({ ...others, title: 'Chief Cartographer', office: { city: office.city } }),
    )
    const patch = { title: 'Chief Cartographer', office: { timeZone: null } }
    expect(JSON.parse((await screen.dialog.locator('pre').textContent()) ?? '')).toEqual({
      public_metadata: patch,
    })
    await screen.button('Save').click()

    await screen.said(`The metadata of ${name} is saved`).waitFor()
    await screen.row(first.person.userId).getByText('Chief Cartographer').waitFor()
    expect(await stored(emulator, first.person.userId)).toMatchObject({
      publicMetadata: { ...others, title: 'Chief Cartographer', office: { city: office.city } },
      // A change of the one leaves the other alone.
      privateMetadata: first.privateMetadata,
    })
    expect((await stored(emulator, first.person.userId))?.publicMetadata).not.toHaveProperty(
      'office.timeZone',
    )
  })

  test('removes a member, after being asked once more', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const name = nameOf(first)

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Keep' }).click()
    await screen.dialog.waitFor({ state: 'detached' })
    expect(await stored(emulator, first.person.userId)).not.toBeNull()

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()

    await screen.said(`${name} is no longer a member`).waitFor()
    await page.getByText('1–25 of 249').waitFor()
    expect(await screen.row(first.person.userId).count()).toBe(0)
    expect(await stored(emulator, first.person.userId)).toBeNull()
    // Whoever follows has moved up: the page is full again.
    await screen.row(newestFirst[25]?.person.userId ?? '').waitFor()
  })

  test('receives no private metadata and no key, whatever is done', async ({ emulator, open }) => {
    const { screen, received } = await open()
    await screen.roleOf(nameOf(first)).selectOption('org:admin')
    await screen.said('has the role Admin').waitFor()
    await screen.button(`Remove ${nameOf(second)}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await screen.said('is no longer a member').waitFor()

    const all = await received()
    // The net holds what it should hold.
    expect(all).toContain(first.person.emailAddress)
    expect(all).toContain('public_metadata')
    for (const secret of ['private', 'salaryBand', 'employeeNumber', emulator.secretKey]) {
      expect(all).not.toContain(secret)
    }
  })

  test('searches, filters and sorts', async ({ open }) => {
    const { page, screen } = await open()
    const admins = demo.memberships.filter(({ role }) => role === 'org:admin')

    await page.getByLabel('Show roles').selectOption('org:admin')
    await page.getByText(`1–${admins.length} of ${admins.length}`).waitFor()
    await page.getByLabel('Sort by').selectOption('+created_at')
    await screen.rows().first().getByText(nameOf(demo.admin)).waitFor()
    await screen.search(demo.admin.person.lastName)
    await page.getByText('1–1 of 1').waitFor()

    await screen.search('nobody is called this')
    await page.getByText('Nobody matches').waitFor()
    await screen.button('Show everybody').click()
    await page.getByText('1–25 of 250').waitFor()
    expect(await page.getByLabel('Search members').inputValue()).toBe('')
  })
})
