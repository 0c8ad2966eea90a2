import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { nameOf, newestFirst } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { demo } from './running-example.js'

const test = pageTest.extend('refusals', () => [403, 422])

const [first, second] = newestFirst
if (first === undefined || second === undefined) throw new Error('The demo is too small.')
const { userId } = first.person
const name = nameOf(first)
const nameOfSecond = nameOf(second)

/** Where something is in the window, px. */
export async function placeOf(what: Locator) {
  const box = await what.boundingBox()
  if (box === null) throw new Error('It is not shown.')
  return { ...box, bottom: box.y + box.height }
}

/** What is the same in a wide and in a narrow window. */
export function feedbackIn(
  window: string,
  options: { viewport: { width: number; height: number } },
) {
  describe(`in a ${window} window`, () => {
    test('moves no row, and is said at the row', async ({ emulator, open }) => {
      const { page, screen } = await open('?anyway=1', options)
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
    })

    test('a refusal and the buttons are in sight', async ({ open }) => {
      const { page, screen } = await open('?as=member&anyway=1', options)
      await screen.roleOf(name).selectOption('org:admin')
      const toast = screen.said('Only admins may change roles')
      await toast.waitFor()
      await screen.button(`Edit metadata of ${nameOfSecond}`).click()
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
    })

    test('does not move with the person, and has the bad day in sight', async ({ open }) => {
      const { page, screen } = await open('', options)
      await screen.row(userId).waitFor()
      await screen.disclose('About this demo')
      const { y } = await placeOf(screen.row(userId))
      const bad = await placeOf(page.getByText('fails changes', { exact: true }))
      expect(bad.bottom).toBeLessThan(y)

      await screen.become(demo.member.person.firstName)
      await page.getByText('is a plain member').waitFor()
      await screen.row(userId).waitFor()
      expect((await placeOf(screen.row(userId))).y).toBe(y)
    })
  })
}
