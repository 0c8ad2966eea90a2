// @vitest-environment happy-dom
import { isPermissionDeniedError } from '@org-memberships/core'
import { waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useOrganizationMemberships } from '../../src/index.js'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization, type TestOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'
import { metadataOf, rolesOf } from '../support/show.js'

const start = '2: user_2=member user_1=member'

async function openList(organization: TestOrganization) {
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list, update }) => {
      // Read, so that they are kept up to date.
      void update.isMutating
      void update.error
      return rolesOf(list)
    },
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe(start))
  return page
}

const toUser = (userId: string) => ({
  match: ({ path }: { path: string }) => path.includes(userId),
  route: 'update' as const,
})

test('1: two overlapping writes to two rows are both shown at once, and stay', async () => {
  await using organization = await startOrganization(['org:member', 'org:member'])
  const page = await openList(organization)
  const held = organization.emulator.hold({ route: 'update' })
  const writes = [
    page.value.update.trigger({ userId: 'user_1', role: 'org:admin' }),
    page.value.update.trigger({ userId: 'user_2', role: 'org:admin' }),
  ]
  await held.arrived(2)
  expect(page.frames).toEqual(['unknown', start, '2: user_2=admin user_1=admin'])
  held.release()
  await Promise.all(writes)
  expect(page.frames).toHaveLength(3)
  expect(organization.gets()).toBe(1)
})

test.for([
  ['user_2', 'user_1', '2: user_2=member user_1=admin'],
  ['user_1', 'user_2', '2: user_2=admin user_1=member'],
] as const)(
  '2: of two overlapping writes only the one to %s, which fails, is undone',
  async ([failing, succeeding, settled]) => {
    await using organization = await startOrganization(['org:member', 'org:member'])
    const page = await openList(organization)
    organization.emulator.failNext({ status: 403, ...toUser(failing) })
    const held = organization.emulator.hold(toUser(failing))
    const refused = page.value.update.trigger({ userId: failing, role: 'org:admin' })
    await page.value.update.trigger({ userId: succeeding, role: 'org:admin' })
    expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin')
    held.release()
    await expect(refused).rejects.toSatisfy(isPermissionDeniedError)
    await waitFor(() => expect(page.frames.at(-1)).toBe(settled))
    expect(page.frames).toEqual(['unknown', start, '2: user_2=admin user_1=admin', settled])
  },
)

test('3: a write that fails while another is pending disappears at once, and the other stays', async () => {
  await using organization = await startOrganization(['org:member', 'org:member'])
  const page = await openList(organization)
  organization.emulator.failNext({ status: 403, ...toUser('user_1') })
  const held = organization.emulator.hold(toUser('user_2'))
  const failing = page.value.update.trigger({ userId: 'user_1', role: 'org:admin' })
  const pending = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await expect(failing).rejects.toSatisfy(isPermissionDeniedError)
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=member'))
  expect(page.value.update.isMutating).toBe(true)
  held.release()
  await pending
  expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=member')
})

test('4: each failing trigger rejects with its own error, and isMutating lasts until the last ends', async () => {
  await using organization = await startOrganization(['org:member', 'org:member', 'org:member'])
  const page = probe(
    () => useListWithWrites(),
    ({ list, update }) => `${rolesOf(list)} ${update.isMutating} ${update.error?.message ?? ''}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^3:/))
  organization.emulator.failNext({ status: 403, message: 'first', ...toUser('user_1') })
  organization.emulator.failNext({ status: 409, message: 'second', ...toUser('user_2') })
  const held = organization.emulator.hold(toUser('user_3'))
  const heard: string[] = []
  const onError = (error: Error, { userId }: { userId: string }) =>
    void heard.push(`${userId} ${error.message}`)
  const results = ['user_1', 'user_2', 'user_3'].map((userId) =>
    page.value.update.trigger({ userId, role: 'org:admin' }, { onError }),
  )
  await expect(results[0]).rejects.toThrow(/first/)
  await expect(results[1]).rejects.toThrow(/second/)
  expect(heard).toHaveLength(2)
  expect(heard.join()).toMatch(/user_1 .*first.*user_2 .*second/)
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/true .*(first|second)/))
  held.release()
  await results[2]
  // The success does not hide what failed beside it; the next write does.
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/false .*(first|second)/))
  await page.value.update.trigger({ userId: 'user_3', role: 'org:admin' })
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/false $/))
  const cracked = () => {
    throw new Error('from onSuccess')
  }
  await expect(
    page.value.update.trigger({ userId: 'user_3', role: 'org:admin' }, { onSuccess: cracked }),
  ).rejects.toThrow('from onSuccess')
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/false $/))
  const silent = page.value.update.trigger({ userId: 'nobody', role: 'x' }, { throwOnError: false })
  await expect(silent).resolves.toBeUndefined()
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/false .+nobody/))
  page.value.update.reset()
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/false $/))
})

test('5: writes to one row leave one at a time in call order, and one that fails takes no other along', async () => {
  await using organization = await startOrganization(['org:member'])
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => `${rolesOf(list)} ${metadataOf(list)}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^1:/))
  emulator.failNext({ status: 403, route: 'update' })
  emulator.latency = 20
  const userId = 'user_1'
  const results = await Promise.allSettled([
    page.value.updateMetadata.trigger({ userId, publicMetadata: { first: 1 } }),
    page.value.update.trigger({ userId, role: 'org:admin' }),
    page.value.updateMetadata.trigger({ userId, publicMetadata: { second: 2 } }),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const writes = emulator.requests.filter(({ method }) => method === 'PATCH')
  expect(writes.map(({ body }) => body)).toEqual([
    { public_metadata: { first: 1 } },
    { role: 'org:admin' },
    { public_metadata: { second: 2 } },
  ])
  const isOverlapping = writes.map(({ receivedAt }, index) => {
    const before = writes[index - 1]
    return before !== undefined && receivedAt < before.receivedAt + before.duration!
  })
  expect(isOverlapping).toEqual([false, false, false])
  await waitFor(() =>
    expect(page.frames.at(-1)).toBe('1: user_1=member 1: user_1={"first":1,"second":2}'),
  )
})

test('patches of one row that wait leave as one request where one can say the same', async () => {
  await using organization = await startOrganization(['org:member'], {
    metadata: { b: { old: 1 } },
  })
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => metadataOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^1:/))
  const patches = [{ a: 1 }, { b: null }, { c: { d: 1 } }, { c: { e: 2 } }, { b: { new: 1 } }]
  const held = emulator.hold({ route: 'updateMetadata', times: 1 })
  const results = patches.map((publicMetadata) =>
    page.value.updateMetadata.trigger({ userId: 'user_1', publicMetadata }),
  )
  held.release()
  const answers = await Promise.all(results)
  // The first had left alone. `b: { new: 1 }` after `b: null` is not what the two would be in one patch.
  const bodies = emulator.requests
    .filter(({ method }) => method === 'PATCH')
    .map(({ body }) => body)
  expect(bodies).toEqual([
    { public_metadata: { a: 1 } },
    { public_metadata: { b: null, c: { d: 1, e: 2 } } },
    { public_metadata: { b: { new: 1 } } },
  ])
  expect(answers.at(-1)?.publicMetadata).toEqual({ a: 1, c: { d: 1, e: 2 }, b: { new: 1 } })
})

test('a patch that the server refuses does not take those along that left with it', async () => {
  await using organization = await startOrganization(['org:member'])
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => metadataOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^1:/))
  const held = emulator.hold({ route: 'updateMetadata', times: 1 })
  const trigger = (publicMetadata: object) =>
    page.value.updateMetadata.trigger({ userId: 'user_1', publicMetadata })
  const results = [
    trigger({ a: 1 }),
    trigger({ b: 2 }),
    trigger({ big: 'x'.repeat(9000) }),
    trigger({ c: 3 }),
  ]
  held.release()
  const settled = await Promise.allSettled(results)
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1={"a":1,"b":2,"c":3}'))
})

test('8: a confirmation and the refetch after it add no frame', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await waitFor(() => expect(organization.gets()).toBe(2))
  await waitFor(() => expect(page.value.list.isValidating).toBe(false))
  expect(page.frames).toEqual([
    'unknown',
    '2: user_2=member user_1=admin',
    '2: user_2=admin user_1=admin',
  ])
})

test('28: ten overlapping writes, one of them refused, are followed by one refetch of the list, though two show it', async () => {
  const roles = Array.from({ length: 10 }, () => 'org:member')
  await using organization = await startOrganization(roles)
  const page = probe(
    () => ({ ...useListWithWrites(), again: useOrganizationMemberships('org_1') }),
    ({ list, again }) => `${rolesOf(list)}${again.totalCount === list.totalCount ? '' : ' torn'}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^10:/))
  organization.emulator.failNext({ status: 403, ...toUser('user_4') })
  const results = await Promise.allSettled(
    roles.map((_, index) =>
      page.value.update.trigger({ userId: `user_${index + 1}`, role: 'org:admin' }),
    ),
  )
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  await waitFor(() => expect(organization.gets()).toBe(2))
  await waitFor(() => expect(page.value.list.isOptimistic).toBe(false))
  await waitFor(() => expect(page.value.list.isValidating).toBe(false))
  expect(organization.gets()).toBe(2)
  expect(page.frames.at(-1)!.match(/=admin/g)).toHaveLength(9)
})
