import { describe, expect } from 'vitest'
import { nameOf, stored, writesOf } from '../e2e/demo-members.js'
import { test as pageTest } from '../e2e/page-test.js'
import {
  holdNext,
  letGo,
  name,
  one,
  other,
  remove,
  saveAndGoOn,
  saveMetadata,
  title,
  userId,
} from '../e2e/two-edits.js'
import { watchRow } from '../e2e/watched-row.js'

const test = pageTest.extend('refusals', () => [422])

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

  expect(await drawn()).toEqual([`Member, ${title}`, `Admin, ${title}`, 'gone', `Admin, ${title}`])
  expect(await stored(emulator, userId)).toMatchObject({ role: 'org:admin' })
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
