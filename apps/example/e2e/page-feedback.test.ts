import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { nameOf, newestFirst } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { demo } from './running-example.js'

const test = pageTest.extend('refusals', () => [403, 422])

const wide = { viewport: { width: 1280, height: 900 } }
const narrow = { viewport: { width: 390, height: 700 } }
const [first, second] = newestFirst
if (first === undefined || second === undefined) throw new Error('The demo is too small.')
const { userId } = first.person
const name = nameOf(first)

/** Where something is in the window, px. */
async function placeOf(what: Locator) {
  const box = await what.boundingBox()
  if (box === null) throw new Error('It is not shown.')
  return { ...box, bottom: box.y + box.height }
}

describe('what becomes of a change', () => {
  test.for([
    ['wide', wide],
    ['narrow', narrow],
  ] as const)(
    'moves no row in a %s window, and is said at the row',
    async ([_name, options], { emulator, open }) => {
      const { page, screen } = await open('', options)
      const row = screen.row(userId)
      const { height } = await placeOf(row)
      const hold = emulator.hold({ route: 'update' })
      await screen.roleOf(name).selectOption('org:admin')
      await row.getByText('Saving').waitFor()
      expect((await placeOf(row)).height).toBe(height)
      hold.release()
      await screen.said(`${name} has the role Admin now`).waitFor()

      await screen.become(demo.member.person.firstName)
      await page.getByText('is a plain member').waitFor()
      await screen.roleOf(name).selectOption('org:member')
      await row.getByText('Role not changed').waitFor()
      expect((await placeOf(row)).height).toBe(height)
      expect(await screen.roleOf(name).getAttribute('aria-invalid')).toBe('true')
    },
  )

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

  test.for([
    ['wide', wide],
    ['narrow', narrow],
  ] as const)(
    'a refusal and the buttons are in sight in a %s window',
    async ([_name, options], { open }) => {
      const { page, screen } = await open('?as=member', options)
      await screen.roleOf(name).selectOption('org:admin')
      const toast = screen.said('Only admins may change roles')
      await toast.waitFor()
      await screen.button(`Edit metadata of ${nameOf(second)}`).click()
      await screen.dialog.waitFor()
      // What is said in the corner is behind the dialog and does not lie over it.
      const { x, y, width, height } = await placeOf(toast)
      const inToast = `document.elementFromPoint(${x + width / 2}, ${y + height / 2})`
      expect(await page.evaluate(`${inToast}.closest('.mantine-Notification-root') === null`)).toBe(
        true,
      )

      const keys = Array.from({ length: 60 }, (_, index) => [`key${index}`, 'x'.repeat(200)])
      await screen.dialog
        .getByLabel('Public metadata')
        .fill(JSON.stringify(Object.fromEntries(keys), null, 2))
      await screen.button('Save').click()
      await screen.dialog.getByText('Only admins may edit metadata').waitFor()

      const isInSight = async (what: Locator) => {
        const { y: top, bottom } = await placeOf(what)
        return top >= 0 && bottom <= options.viewport.height
      }
      expect(
        await Promise.all([
          isInSight(screen.dialog.getByRole('alert')),
          isInSight(screen.button('Cancel')),
          isInSight(screen.button('Save')),
        ]),
      ).toEqual([true, true, true])
    },
  )

  test('after a removal the focus is on the next row', async ({ open }) => {
    const { page, screen } = await open()
    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await screen.said(`${name} is no longer a member`).waitFor()

    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(`Remove ${nameOf(second)}`)
  })

  test('after the only row in sight is removed the focus is on the heading', async ({ open }) => {
    const { page, screen } = await open(`?search=${first.person.emailAddress}`)
    expect(await screen.rows().count()).toBe(1)
    await screen.button(`Remove ${name}`).click()
    await screen.dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Nobody matches').waitFor()

    expect(await page.locator(':focus').textContent()).toBe('Members')
  })
})

describe('while the server is slow', () => {
  test('rows of before are dimmed below a bar until those that were asked for are there', async ({
    emulator,
    open,
  }) => {
    const { page } = await open()
    const hold = emulator.hold({ route: 'list' })
    await page.getByLabel('Sort by').selectOption('+created_at')

    await page.getByLabel('Loading members').waitFor()
    expect(await page.locator('[aria-busy=true]').count()).toBe(1)
    hold.release()
    await page.getByText(nameOf(demo.admin)).nth(1).waitFor()
    await page.getByLabel('Loading members').waitFor({ state: 'detached' })
    expect(await page.locator('[aria-busy=true]').count()).toBe(0)
  })

  test('a reload shows the shape of the page at once', async ({ emulator, open }) => {
    const { page, screen } = await open()
    const hold = emulator.hold({ route: 'list' })
    await page.reload()

    await page.getByRole('heading', { name: 'Members', exact: true }).waitFor()
    await page.getByText('Loading the members').waitFor()
    expect(await screen.rows().count()).toBe(0)
    hold.release()
    await screen.row(userId).waitFor()
  })
})

describe('the page', () => {
  test.for([
    ['wide', wide],
    ['narrow', narrow],
  ] as const)(
    'does not move with the person, and has the bad day in sight (%s)',
    async ([_name, options], { open }) => {
      const { page, screen } = await open('', options)
      const { y } = await placeOf(screen.row(userId))
      const bad = await placeOf(page.getByText('fails changes', { exact: true }))
      expect(bad.bottom).toBeLessThan(y)

      await screen.become(demo.member.person.firstName)
      await page.getByText('is a plain member').waitFor()
      await screen.row(userId).waitFor()
      expect((await placeOf(screen.row(userId))).y).toBe(y)
    },
  )

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
})
