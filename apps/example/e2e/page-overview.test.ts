import type { Route } from 'playwright-core'
import { describe, expect } from 'vitest'
import { violations } from './axe.js'
import { nameOf, newestFirst } from './demo-members.js'
import { test } from './page-test.js'
import { admins, drawn, expected, figuresOf, forgive, panel, pictureFits } from './picture.js'
import { demo } from './running-example.js'

const [newest] = newestFirst
const [candidate] = demo.candidates
if (newest === undefined || candidate === undefined) throw new Error('The demo is too small.')

describe('the picture', () => {
  test('follows an addition, a change of role and a removal, without a reload', async ({
    open,
  }) => {
    const { page, screen } = await open()
    await drawn(page)
    const before = await figuresOf(page)
    expect(before).toEqual(expected(before, {}))
    const name = nameOf({ person: candidate })

    await screen.button('Add a member').click()
    await screen.dialog.getByLabel('Who').fill(candidate.emailAddress)
    await screen.dialog.getByRole('radio', { name }).click()
    await screen.button(`Add ${name}`).click()
    await screen.said(`${name} is now a member`).waitFor()
    const withOneMore = { thisMonth: before.thisMonth + 1 }
    await expect.poll(() => figuresOf(page)).toEqual(expected(withOneMore, { members: 1 }))

    await screen.roleOf(name).selectOption('org:admin')
    await expect.poll(() => figuresOf(page)).toEqual(expected(withOneMore, { admins: 1 }))

    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => figuresOf(page)).toEqual(expected(before, {}))
  })

  test('says in words that there is none, leaves the list alone, and is there once it can', async ({
    open,
  }) => {
    const opened = await open()
    const { page, screen } = opened
    const refuse = (route: Route) =>
      route.fulfill({ status: 502, json: { errors: [{ long_message: 'Nobody counts today.' }] } })
    await page.route('**/api/overview', refuse)
    await page.reload()

    await panel(page).getByText('Nobody counts today.').waitFor()
    await page.getByText('1–25 of 250').waitFor()
    expect(await screen.rows().count()).toBe(25)
    expect(await violations(page, 'section')).toEqual([])

    await page.unroute('**/api/overview')
    await panel(page).getByRole('button', { name: 'Count again' }).click()
    await drawn(page)
    expect(await panel(page).getByRole('alert').count()).toBe(0)

    // From then on what is there stays, and is said to be old.
    await page.route('**/api/overview', (route) => route.abort())
    await screen.roleOf(nameOf(newest)).selectOption('org:admin')
    await panel(page).getByText('May be out of date').waitFor()
    expect((await figuresOf(page)).admins).toBe(`Admin${admins}`)
    forgive(opened)
  })
})

pictureFits({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
