import { describe, expect } from 'vitest'
import { nameOf, stored, writesOf } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import {
  holdNext,
  letGo,
  name,
  one,
  other,
  remove,
  saveAndGoOn,
  title,
  userId,
} from './two-edits.js'
import { watchRow } from './watched-row.js'

// The backend is asked again and again by its client where the emulator answers 5xx, so these refuse with a 422.
const test = pageTest.extend('refusals', () => [422])

describe('two edits of one row before the server has answered', () => {
  test('a role there and back: sent one after the other, and neither answer shows an older role', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await screen.roleOf(name).selectOption('org:member')
    await first.arrived()
    // The second shows although it has not been sent.
    expect(await screen.roleOf(name).inputValue()).toBe('org:member')
    expect(writesOf(emulator, userId)).toEqual(['PATCH role org:admin'])

    const second = await letGo(emulator, first)
    await screen.said(`${name} has the role Admin now`).waitFor()
    await screen.row(userId).getByText('Saving').waitFor()
    second.release()
    await screen.said(`${name} has the role Member now`).waitFor()
    await screen.row(userId).getByText('Saving').waitFor({ state: 'detached' })

    expect(writesOf(emulator, userId)).toEqual(['PATCH role org:admin', 'PATCH role org:member'])
    expect(await drawn()).toEqual([`Member, ${title}`, `Admin, ${title}`, `Member, ${title}`])
    expect(await stored(emulator, userId)).toMatchObject({ role: 'org:member' })
  })

  test('the first is refused and the second is not: only the first is taken back, and blamed', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    emulator.failNext({ route: 'update', status: 422, message: 'Not today.' })
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await saveAndGoOn(screen, { ...one.publicMetadata, title: 'Chief' })
    const second = await letGo(emulator, first)
    await screen.said('Not today.').waitFor()
    second.release()
    await screen.said(`The metadata of ${name} is saved`).waitFor()

    await screen.row(userId).getByText('Role not changed').waitFor()
    expect(await screen.roleOf(name).getAttribute('aria-invalid')).toBe('true')
    expect(await drawn()).toEqual([
      `Member, ${title}`,
      `Admin, ${title}`,
      'Admin, Chief',
      'Member, Chief',
    ])
    expect(await stored(emulator, userId)).toMatchObject({
      role: 'org:member',
      publicMetadata: { title: 'Chief' },
    })
  })

  test('removed while a role change is under way: sent after it, and never seen again', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await remove(screen)
    await expect.poll(() => screen.row(userId).count()).toBe(0)
    const second = await letGo(emulator, first)
    await screen.said(`${name} has the role Admin now`).waitFor()
    second.release()
    await screen.said(`${name} is no longer a member`).waitFor()
    await page.getByText('1–25 of 249').waitFor()

    expect(writesOf(emulator, userId)).toEqual(['PATCH role org:admin', 'DELETE'])
    expect(await drawn()).toEqual([`Member, ${title}`, `Admin, ${title}`, 'gone'])
    expect(await stored(emulator, userId)).toBeNull()
  })
})

test('edits of two rows do not wait for one another on the page, and the one that is refused takes only itself back', async ({
  emulator,
  open,
}) => {
  const { page, screen } = await open()
  const drawn = await Promise.all([one, other].map(({ person }) => watchRow(page, person.userId)))
  emulator.failNext({
    route: 'update',
    match: ({ path }) => path.includes(userId),
    status: 422,
    message: 'Not today.',
  })
  const hold = emulator.hold({ route: 'update' })
  await screen.roleOf(name).selectOption('org:admin')
  await screen.roleOf(nameOf(other)).selectOption('org:admin')
  // The backend sends the changes of an organization one after the other, and the page waits for neither.
  await hold.arrived()
  await expect.poll(() => page.getByText('Saving').count()).toBe(2)
  hold.release()
  await screen.said('Not today.').waitFor()
  await screen.said(`${nameOf(other)} has the role Admin now`).waitFor()

  await screen.row(userId).getByText('Role not changed').waitFor()
  const otherTitle = other.publicMetadata.title
  expect(await Promise.all(drawn.map((read) => read()))).toEqual([
    [`Member, ${title}`, `Admin, ${title}`, `Member, ${title}`],
    [`Member, ${otherTitle}`, `Admin, ${otherTitle}`],
  ])
  expect(await stored(emulator, userId)).toMatchObject({ role: 'org:member' })
  expect(await stored(emulator, other.person.userId)).toMatchObject({ role: 'org:admin' })
})
