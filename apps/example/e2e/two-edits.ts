import type { Emulator, Hold } from '@org-memberships/emulator'
import { nameOf, newestFirst } from './demo-members.js'
import type { MembersScreen } from './members-screen.js'

const [first, second] = newestFirst
if (first === undefined || second === undefined) throw new Error('The demo is too small.')

/** Whom the tests of two edits in a row are about. */
export const one = first
export const other = second
export const { userId } = one.person
export const name = nameOf(one)
export const { title } = one.publicMetadata

/** Holds the next change back: the server is as slow as the test needs it. */
export function holdNext(emulator: Emulator): Hold {
  return emulator.hold({ route: ['update', 'updateMetadata', 'delete'], times: 1 })
}

/** Lets a change go, and holds the one back that comes after it. */
export async function letGo(emulator: Emulator, hold: Hold): Promise<Hold> {
  await hold.arrived()
  const next = holdNext(emulator)
  hold.release()
  await next.arrived()
  return next
}

export async function saveMetadata(screen: MembersScreen, metadata: object): Promise<void> {
  await screen.button(`Edit metadata of ${name}`).click()
  await screen.dialog.getByLabel('Public metadata').fill(JSON.stringify(metadata))
  await screen.button('Save').click()
}

/** Saves, and goes on without waiting for the server. */
export async function saveAndGoOn(screen: MembersScreen, metadata: object): Promise<void> {
  await saveMetadata(screen, metadata)
  await screen.page.keyboard.press('Escape')
  await screen.dialog.waitFor({ state: 'detached' })
}

export async function remove(screen: MembersScreen): Promise<void> {
  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
}
