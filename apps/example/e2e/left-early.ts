import type { Emulator } from '@org-memberships/emulator'
import { expect } from 'vitest'
import { nameOf, newestFirst, stored } from './demo-members.js'
import type { MembersScreen } from './members-screen.js'

const [one] = newestFirst
if (one === undefined) throw new Error('The demo is too small.')
/** Whom the tests of a page that is left are about. */
export const { userId } = one.person
export const name = nameOf(one)

/** What the page says about the member, and that it says nothing besides. */
export async function expectTruth(emulator: Emulator, screen: MembersScreen): Promise<void> {
  await screen.rows().first().waitFor()
  const truth = await stored(emulator, userId)
  expect(await screen.row(userId).count()).toBe(truth === null ? 0 : 1)
  if (truth !== null) expect(await screen.roleOf(name).inputValue()).toBe(truth.role)
  expect(await screen.page.getByText('Saving').count()).toBe(0)
  expect(await screen.said('').count()).toBe(0)
}
