import { expect } from 'vitest'
import { nameOf, newestFirst, stored } from './demo-members.js'
import { test } from './page-test.js'
import { demo, truthOf } from './running-example.js'
import { watchRow } from './watched-row.js'

const [one] = newestFirst
if (one === undefined) throw new Error('The demo is too small.')
const { userId } = one.person
const name = nameOf(one)
const { title } = one.publicMetadata

test('no frame shows another person what the one before had seen or changed', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open()
  const drawn = await watchRow(page, userId)
  const change = emulator.hold({ route: 'update', when: 'after', times: 1 })
  await screen.roleOf(name).selectOption('org:admin')
  await change.arrived()
  // By somebody else, so that what was read before can be told from what is read now.
  const member = { organizationId: demo.id, userId }
  await truthOf(emulator).update({ ...member, role: 'org:member' })
  await truthOf(emulator).updateMetadata({ ...member, publicMetadata: { title: 'Chief' } })

  const reads = emulator.hold({ route: 'list' })
  await screen.become(demo.member.person.firstName)
  await page.getByText('is a plain member').waitFor()
  await reads.arrived()
  expect(await screen.rows().count()).toBe(0)
  reads.release()
  await screen.row(userId).getByText('Chief').waitFor()
  // The answer to the first person's change comes too late for anybody to see it.
  change.release()
  await expect.poll(() => emulator.requests.some(({ duration }) => duration === null)).toBe(false)

  await screen.become(demo.admin.person.firstName)
  await page.getByText('is an admin').waitFor()
  await screen.row(userId).getByText('Chief').waitFor()
  expect(await drawn()).toEqual([
    `Member, ${title}`,
    `Admin, ${title}`,
    'gone',
    'Member, Chief',
    'gone',
    'Member, Chief',
  ])
  expect(await stored(emulator, userId)).toMatchObject({ role: 'org:member' })
})
