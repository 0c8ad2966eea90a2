import { expect } from 'vitest'
import { nameOf } from '../e2e/demo-members.js'
import { large, listFits, test } from '../e2e/one-list.js'

const [first] = large.memberships.toReversed()
if (first === undefined) throw new Error('The demo is too small.')
const name = nameOf(first)
/** The request for one of the pages that the list is made of. */
const pageFrom = (offset: number) => ({
  route: 'list' as const,
  match: ({ search }: { search: URLSearchParams }) =>
    search.get('limit') === '100' && search.get('offset') === String(offset),
})

listFits({ width: 390, height: 844 })

test('a member who is removed far down leaves the list in order', async ({ open }) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  await page.keyboard.press('End')
  await page.getByText('All 2,000 loaded').waitFor()
  await page.keyboard.press('End')
  await screen.row(large.admin.person.userId).waitFor()

  const removed = nameOf(large.member)
  await screen.button(`Remove ${removed}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said(`${removed} is no longer a member`).waitFor()
  await page.getByText('All 1,999 loaded').waitFor()
  await screen.row(large.admin.person.userId).waitFor()
  expect(await screen.row(large.member.person.userId).count()).toBe(0)
})

test('a change of role that lands while pages are on their way loses none of them', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  const change = emulator.hold({ route: 'update' })
  await screen.roleOf(name).selectOption('org:admin')
  await change.arrived()
  const rows = emulator.hold(pageFrom(1_500))
  await page.keyboard.press('End')
  await rows.arrived()
  change.release()
  await screen.said(`${name} has the role Admin now`).waitFor()
  rows.release()
  await page.getByText('All 2,000 loaded').waitFor()
})

test('a removal that lands while pages are on their way loses none of them', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  const removal = emulator.hold({ route: 'delete' })
  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await removal.arrived()
  const rows = emulator.hold(pageFrom(1_500))
  const askedFor = rows.arrived().then(() => true)
  // The dialog gives the focus back to a row on top while it closes, and the page goes there with it.
  do await page.keyboard.press('End')
  while (!(await Promise.race([askedFor, page.waitForTimeout(500).then(() => false)])))
  removal.release()
  await screen.said(`${name} is no longer a member`).waitFor()
  rows.release()
  await page.getByText('All 1,999 loaded').waitFor()
})

test('a page that the rate limit refuses is asked for again', async ({ emulator, open }) => {
  const { page } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  emulator.failNext({ ...pageFrom(1_000), status: 429, retryAfter: 1, times: 1 })
  await page.keyboard.press('End')
  await page.getByText('All 2,000 loaded').waitFor()
})

test('a page whose request got lost is said to be, and loaded when asked for again', async ({
  open,
}) => {
  const { complaints, page, screen } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  await page.route('**/memberships?*offset=1000*', (route) => route.abort(), { times: 1 })
  await page.keyboard.press('End')
  await screen.alert.getByText('The server cannot be reached').waitFor()
  expect(complaints.every((line) => line.includes('net::ERR_FAILED'))).toBe(true)
  complaints.length = 0
  await screen.button('Load again').click()
  await page.getByText('All 2,000 loaded').waitFor()
})
