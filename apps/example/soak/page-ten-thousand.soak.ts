import { expect } from 'vitest'
import { nameOf } from '../e2e/demo-members.js'
import { demo, truthOf } from '../e2e/running-example.js'
import { scrollThrough } from '../e2e/scroll-through.js'
import { large, newestFirst, placeOfFirstRow, scrollTo, test, users } from '../e2e/ten-thousand.js'

test('10,000 members, of whom others add and remove some meanwhile: nobody is drawn twice, and the next change shows the truth', async ({
  emulator,
  open,
}) => {
  const { screen, page } = await open('?view=scroll')
  const before = await scrollThrough(page, 60)
  const [passed, ahead] = [users[20] ?? '', users[530] ?? '']
  const [newcomer, another] = large.candidates
  if (newcomer === undefined || another === undefined) throw new Error('The demo is too small.')
  const organizationId = demo.id
  const truth = truthOf(emulator)
  // One more than goes, so the rows that follow move down, and one is on two pages.
  await truth.create({ organizationId, userId: another.userId, role: 'org:member' })
  await truth.create({ organizationId, userId: newcomer.userId, role: 'org:member' })
  await truth.delete({ organizationId, userId: passed })
  await truth.delete({ organizationId, userId: ahead })

  await scrollTo(page, 0.0485)
  await expect.poll(() => placeOfFirstRow(page)).toBeGreaterThan(440)
  // Into the page that was read after their changes.
  const after = await scrollThrough(page, 560)
  expect(before.hasDoubles || after.hasDoubles).toBe(false)
  expect(after.users).not.toContain(ahead)
  // In order: those who are left of the seed, in the same order as there.
  expect(after.users).toEqual(users.filter((userId) => after.users.includes(userId)))

  // A removal of one's own moves all rows that follow, so the list is loaded anew.
  await scrollTo(page, 0)
  const [first, second] = newestFirst
  if (first === undefined || second === undefined) throw new Error('The demo is too small.')
  await screen.button(`Remove ${nameOf(first)}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.row(newcomer.userId).waitFor()
  await screen.row(passed).waitFor({ state: 'detached' })
  const again = await scrollThrough(page, 60)
  const { data } = await truth.list({ organizationId, limit: 500 })
  const held = data.map(({ publicUserData }) => publicUserData?.userId)
  expect(again.users).toEqual(held.slice(0, again.users.length))
})
