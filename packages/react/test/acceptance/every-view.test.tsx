// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
} from '../../src/index.js'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'
import { metadataOf, rolesOf } from '../support/show.js'

const twoAdminsOfSix = [2, 2, 1, 1, 1, 1].map((role) => (role === 2 ? 'org:admin' : 'org:member'))

test('7: a role change reaches page, filters, infinite list and single in one commit, totals included', async () => {
  await using organization = await startOrganization(twoAdminsOfSix)
  const page = probe(
    () => {
      const infinite = useInfiniteOrganizationMemberships('org_1', { limit: 2 }, { initialSize: 3 })
      return {
        all: useOrganizationMemberships('org_1', { limit: 3 }),
        admins: useOrganizationMemberships('org_1', { role: 'org:admin' }),
        members: useOrganizationMemberships('org_1', { role: 'org:member' }),
        infinite,
        single: useOrganizationMembership('org_1', 'user_5'),
        update: useUpdateOrganizationMembership('org_1'),
      }
    },
    ({ all, admins, members, infinite, single }) =>
      [
        rolesOf(all),
        admins.totalCount,
        members.totalCount,
        rolesOf(infinite).replaceAll('user_', ''),
        single.data?.role,
      ].join(' | '),
    organization,
  )
  const before =
    '6: user_6=member user_5=member user_4=member | 2 | 4 | ' +
    '6: 6=member 5=member 4=member 3=member 2=admin 1=admin | org:member'
  await waitFor(() => expect(page.frames.at(-1)).toBe(before))
  const count = page.frames.length
  const held = organization.emulator.hold({ route: 'update' })
  const write = page.value.update.trigger({ userId: 'user_5', role: 'org:admin' })
  await held.arrived()
  const after =
    '6: user_6=member user_5=admin user_4=member | 3 | 3 | ' +
    '6: 6=member 5=admin 4=member 3=member 2=admin 1=admin | org:admin'
  expect(page.frames.slice(count)).toEqual([after])
  // Both filters hold all their rows and are in an order that we can tell: so the row has moved, too.
  expect(rolesOf(page.value.admins)).toBe('3: user_5=admin user_2=admin user_1=admin')
  expect(rolesOf(page.value.members)).toBe('3: user_6=member user_4=member user_3=member')
  held.release()
  await write
  await waitFor(() => expect(page.value.admins.isValidating).toBe(false))
  expect(page.frames.slice(count)).toEqual([after])
})

test('10: a write during the first load is in the first frame that has rows', async () => {
  await using organization = await startOrganization(['org:member'])
  const held = organization.emulator.hold({ route: 'list' })
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => `${rolesOf(list)} ${list.isLoading}`,
    organization,
  )
  await held.arrived()
  const write = page.value.update.trigger({ userId: 'user_1', role: 'org:admin' })
  held.release()
  await write
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin false'))
  expect(page.frames).toEqual(['unknown true', '1: user_1=admin false'])
})

test('11: after a delete each loaded page of an infinite list is refetched once, and page 4 follows on', async () => {
  const roles = Array.from({ length: 20 }, () => 'org:member')
  await using organization = await startOrganization(roles)
  const page = probe(
    () => ({
      list: useInfiniteOrganizationMemberships('org_1', { limit: 5 }, { initialSize: 3 }),
      remove: useDeleteOrganizationMembership('org_1'),
    }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.value.list.memberships).toHaveLength(15))
  expect(organization.gets()).toBe(3)
  await page.value.remove.trigger({ userId: 'user_18' })
  await waitFor(() => expect(organization.gets()).toBe(6))
  await waitFor(() => expect(page.value.list.memberships).toHaveLength(15))
  await page.value.list.setSize(4)
  await waitFor(() => expect(page.value.list.memberships).toHaveLength(19))
  expect(organization.gets()).toBe(7)
  const shown = page.value.list.memberships!.map((row) => row.publicUserData!.userId)
  const left = roles.map((_, index) => `user_${20 - index}`).filter((id) => id !== 'user_18')
  expect(shown).toEqual(left)
  expect(
    page.frames.every((frame) => !frame.startsWith('19:') || !frame.includes('user_18=')),
  ).toBe(true)
})

test('an infinite list is refetched after a create, and not after a change of a role', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
  const page = probe(
    () => ({
      ...useWrites(),
      list: useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
    }),
    ({ list }) => rolesOf(list),
    organization,
  )
  function useWrites() {
    return {
      create: useCreateOrganizationMembership('org_1'),
      update: useUpdateOrganizationMembership('org_1'),
    }
  }
  await waitFor(() => expect(page.frames.at(-1)).toBe('3: user_3=member user_2=member'))
  await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await page.value.create.trigger({ userId: 'user_4', role: 'org:member' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('4: user_4=member user_3=member'))
  expect(page.frames.slice(2)).toEqual([
    '3: user_3=member user_2=admin',
    '4: user_4=member user_3=member user_2=admin',
    '4: user_4=member user_3=member',
  ])
  expect(organization.gets()).toBe(2)
})

test.for([true, false])(
  '12: a list that was away during a write is right when it returns, with revalidateIfStale %s',
  async (revalidateIfStale) => {
    await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
    const open = (query: object) =>
      probe(
        () => useOrganizationMemberships('org_1', query, { revalidateIfStale }),
        rolesOf,
        organization,
      )
    const queries = [{}, { role: 'org:admin' }, { role: 'org:member' }]
    for (const query of queries) {
      const list = open(query)
      await waitFor(() => expect(list.frames.at(-1)).toMatch(/^\d/))
      list.unmount()
    }
    const writes = probe(
      () => useUpdateOrganizationMembership('org_1'),
      () => '',
      organization,
    )
    await writes.value.trigger({ userId: 'user_2', role: 'org:admin' })
    const shown = queries.map((query) => open(query))
    await waitFor(() => expect(organization.gets()).toBe(revalidateIfStale ? 6 : 3))
    await waitFor(() => expect(shown.every(({ value }) => !value.isValidating)).toBe(true))
    expect(shown.map(({ frames }) => frames)).toEqual([
      ['3: user_3=member user_2=admin user_1=admin'],
      ['2: user_2=admin user_1=admin'],
      ['1: user_3=member'],
    ])
  },
)

test('14: a total that only the server can tell is not guessed but refetched', async () => {
  await using organization = await startOrganization(['org:member'])
  const page = probe(
    () => useListWithWrites({ query: 'First' }, { revalidateOnWrite: 'auto' }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member'))
  await page.value.create.trigger({ userId: 'user_2', role: 'org:member' })
  expect(page.frames).toEqual(['unknown', '1: user_1=member'])
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=member'))
  expect(organization.gets()).toBe(2)
})

test('15: a create that fails takes its row, its total and the writes queued behind it along', async () => {
  await using organization = await startOrganization(['org:member'])
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member'))
  emulator.failNext({ status: 403, route: 'create' })
  const held = emulator.hold({ route: 'create' })
  const create = page.value.create.trigger({ userId: 'user_2', role: 'org:member' })
  const update = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=member'))
  held.release()
  await expect(create).rejects.toMatchObject({ status: 403 })
  await expect(update).rejects.toMatchObject({
    name: 'WriteNotSentError',
    cause: { status: 403 },
  })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member'))
  expect(emulator.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(0)
})

test('writes queued behind a delete are not sent, but adding the member again is', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  const remove = page.value.remove.trigger({ userId: 'user_2' })
  const update = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  const again = page.value.create.trigger({ userId: 'user_2', role: 'org:admin' })
  await expect(remove).resolves.toMatchObject({ role: 'org:member' })
  await expect(update).rejects.toThrow(/user_2 was not sent, because the member had been removed/)
  await expect(again).resolves.toMatchObject({ role: 'org:admin' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  expect(organization.emulator.requests.map(({ method }) => method)).not.toContain('PATCH')
})

test('a delete that finds the member gone resolves with the last known row', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  await organization.client.delete({ organizationId: 'org_1', userId: 'user_2' })
  const removed = await page.value.remove.trigger({ userId: 'user_2' })
  expect(removed).toMatchObject({ role: 'org:member', publicUserData: { userId: 'user_2' } })
  expect(page.frames.at(-1)).toBe('1: user_1=admin')
})

test('a member whom an update does not find is gone from the list, and the trigger says why', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  await organization.client.delete({ organizationId: 'org_1', userId: 'user_2' })
  const update = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await expect(update).rejects.toMatchObject({ name: 'NotFoundError' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  // A role that does not exist says nothing of the member.
  const before = page.frames.length
  const wrong = page.value.update.trigger({ userId: 'user_1', role: 'org:none' })
  await expect(wrong).rejects.toMatchObject({ name: 'NotFoundError' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  expect(page.frames.slice(before)).toEqual(['1: user_1=none', '1: user_1=admin'])
})

test('a write with optimistic: false is shown when it is confirmed', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => `${metadataOf(list)} ${list.isOptimistic}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  const before = page.frames.length
  const write = { userId: 'user_2', publicMetadata: { a: 1 } }
  await page.value.updateMetadata.trigger(write, { optimistic: false })
  expect(page.frames.slice(before)).toEqual(['2: user_2={"a":1} user_1={} false'])
})

test('a new member is shown with what is known of them, and confirmed in place', async () => {
  await using organization = await startOrganization(['org:admin'])
  const page = probe(
    () => ({
      list: useOrganizationMemberships('org_1'),
      create: useCreateOrganizationMembership('org_1'),
    }),
    ({ list }) =>
      list.memberships?.map((row) => `${row.publicUserData?.firstName}:${row.roleName}`).join() ??
      '',
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('First1:Admin'))
  await page.value.create.trigger({
    userId: 'user_2',
    role: 'org:admin',
    publicUserData: { firstName: 'First2' },
  })
  await waitFor(() => expect(page.value.list.isOptimistic).toBe(false))
  expect(page.frames).toEqual(['', 'First1:Admin', 'First2:Admin,First1:Admin'])
})
