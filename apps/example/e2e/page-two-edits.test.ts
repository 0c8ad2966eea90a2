import type { Emulator, Hold } from '@org-memberships/emulator'
import { describe, expect } from 'vitest'
import { nameOf, newestFirst, stored, writesOf } from './demo-members.js'
import type { MembersScreen } from './members-screen.js'
import { test as pageTest } from './page-test.js'
import { watchRow } from './watched-row.js'

// The backend is asked again and again by its client where the emulator answers 5xx, so these refuse with a 422.
const test = pageTest.extend('refusals', () => [422])

const [one, other] = newestFirst
if (one === undefined || other === undefined) throw new Error('The demo is too small.')
const { userId } = one.person
const name = nameOf(one)
const { title } = one.publicMetadata

/** Holds the next change back: the server is as slow as the test needs it. */
function holdNext(emulator: Emulator): Hold {
  return emulator.hold({ route: ['update', 'updateMetadata', 'delete'], times: 1 })
}

/** Lets a change go, and holds the one back that comes after it. */
async function letGo(emulator: Emulator, hold: Hold): Promise<Hold> {
  await hold.arrived()
  const next = holdNext(emulator)
  hold.release()
  await next.arrived()
  return next
}

async function saveMetadata(screen: MembersScreen, metadata: object): Promise<void> {
  await screen.button(`Edit metadata of ${name}`).click()
  await screen.dialog.getByLabel('Public metadata').fill(JSON.stringify(metadata))
  await screen.button('Save').click()
}

/** Saves, and goes on without waiting for the server. */
async function saveAndGoOn(screen: MembersScreen, metadata: object): Promise<void> {
  await saveMetadata(screen, metadata)
  await screen.page.keyboard.press('Escape')
  await screen.dialog.waitFor({ state: 'detached' })
}

async function remove(screen: MembersScreen): Promise<void> {
  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
}

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

  test('a role, then metadata: both stay on the screen through every answer', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await saveMetadata(screen, { ...one.publicMetadata, title: 'Chief' })
    await screen.row(userId).getByText('Chief').waitFor()
    const second = await letGo(emulator, first)
    second.release()
    await screen.said(`The metadata of ${name} is saved`).waitFor()
    await screen.row(userId).getByText('Saving').waitFor({ state: 'detached' })

    expect(writesOf(emulator, userId)).toEqual([
      'PATCH role org:admin',
      'PATCH public_metadata {"title":"Chief"}',
    ])
    expect(await drawn()).toEqual([`Member, ${title}`, `Admin, ${title}`, 'Admin, Chief'])
    expect(await stored(emulator, userId)).toMatchObject({
      role: 'org:admin',
      publicMetadata: { ...one.publicMetadata, title: 'Chief' },
      privateMetadata: one.privateMetadata,
    })
  })

  test('metadata three times: those that wait leave as one patch, and no key is lost', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    const first = holdNext(emulator)
    const { team: _, ...others } = one.publicMetadata
    await saveAndGoOn(screen, { ...one.publicMetadata, title: 'Chief' })
    await saveAndGoOn(screen, { ...one.publicMetadata, title: 'Captain' })
    await saveAndGoOn(screen, { ...others, title: 'Captain', desk: 7 })
    await screen.row(userId).getByText('Captain').waitFor()
    const second = await letGo(emulator, first)
    second.release()
    await screen.row(userId).getByText('Saving').waitFor({ state: 'detached' })

    expect(writesOf(emulator, userId)).toEqual([
      'PATCH public_metadata {"title":"Chief"}',
      'PATCH public_metadata {"title":"Captain","team":null,"desk":7}',
    ])
    expect(await drawn()).toEqual([`Member, ${title}`, 'Member, Chief', 'Member, Captain'])
    const { publicMetadata } = (await stored(emulator, userId)) ?? {}
    expect(publicMetadata).toEqual({ ...others, title: 'Captain', desk: 7 })
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

  test('the second is refused and the first is not: only the second is taken back', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    emulator.failNext({ route: 'updateMetadata', status: 422, message: 'Not today.' })
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await saveMetadata(screen, { ...one.publicMetadata, title: 'Chief' })
    const second = await letGo(emulator, first)
    await screen.said(`${name} has the role Admin now`).waitFor()
    second.release()
    await screen.dialog.getByText('Not today.').waitFor()

    await screen.row(userId).getByText('Metadata not saved').waitFor()
    expect(await drawn()).toEqual([
      `Member, ${title}`,
      `Admin, ${title}`,
      'Admin, Chief',
      `Admin, ${title}`,
    ])
    expect(await stored(emulator, userId)).toMatchObject({
      role: 'org:admin',
      publicMetadata: one.publicMetadata,
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

  test('a removal that is refused after a role change brings the row back with its new role', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open()
    const drawn = await watchRow(page, userId)
    emulator.failNext({ route: 'delete', status: 422, message: 'Not today.' })
    const first = holdNext(emulator)
    await screen.roleOf(name).selectOption('org:admin')
    await remove(screen)
    const second = await letGo(emulator, first)
    second.release()
    await screen.said(`${name} is still a member`).waitFor()
    await screen.row(userId).getByText('Not removed').waitFor()

    expect(await drawn()).toEqual([
      `Member, ${title}`,
      `Admin, ${title}`,
      'gone',
      `Admin, ${title}`,
    ])
    expect(await stored(emulator, userId)).toMatchObject({ role: 'org:admin' })
  })
})

test('edits of two rows are sent side by side, and the one that is refused takes only itself back', async ({
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
  // Neither waits for the other.
  await hold.arrived(2)
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

describe('a dialog that is closed while its change is on the way', () => {
  test('is followed by the reason, should the change be refused', async ({ emulator, open }) => {
    const { screen } = await open()
    emulator.failNext({ route: 'updateMetadata', status: 422, message: 'Not today.' })
    const hold = holdNext(emulator)
    await saveAndGoOn(screen, { title: 'Chief' })
    await hold.arrived()
    hold.release()

    await screen.said('Not today.').waitFor()
    expect(await screen.said('Not today.').textContent()).toContain(
      `The metadata of ${name} is as it was.`,
    )
    await screen.row(userId).getByText('Metadata not saved').waitFor()
  })

  test('does not take along the dialog that was opened since', async ({ emulator, open }) => {
    const { screen } = await open()
    const hold = holdNext(emulator)
    await saveAndGoOn(screen, { title: 'Chief' })
    await hold.arrived()
    await screen.button(`Edit metadata of ${nameOf(other)}`).click()
    await screen.dialog.getByLabel('Public metadata').fill('{"title": "Typed')
    hold.release()

    await screen.said(`The metadata of ${name} is saved`).waitFor()
    expect(await screen.dialog.getByLabel('Public metadata').inputValue()).toBe('{"title": "Typed')
  })
})
