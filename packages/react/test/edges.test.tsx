// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { unstable_serialize as serialize } from 'swr'
import { expect, test, vi } from 'vitest'
import {
  organizationMembershipsKey,
  type OrganizationMembershipsAPI,
  useCreateOrganizationMembership,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
} from '../src/index.js'
import { render } from './support/frame.js'
import { useListWithWrites } from './support/list-with-writes.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const members = (count: number) => Array.from({ length: count }, () => 'org:member')

/** The client with another `list`. */
function withList(
  client: OrganizationMembershipsAPI,
  list: OrganizationMembershipsAPI['list'],
): OrganizationMembershipsAPI {
  return {
    list,
    create: (...args) => client.create(...args),
    update: (...args) => client.update(...args),
    updateMetadata: (...args) => client.updateMetadata(...args),
    delete: (...args) => client.delete(...args),
  }
}

test('isLoadingMore tells of the first page and of those that were asked for, not of a refetch', async () => {
  await using organization = await startOrganization(members(5))
  const list = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
    ({ memberships, isLoadingMore, hasNextPage }) =>
      `${memberships?.length} ${isLoadingMore} ${hasNextPage}`,
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toBe('2 false true'))
  await list.value.mutate()
  await list.value.setSize(2)
  await waitFor(() => expect(list.frames.at(-1)).toBe('4 false true'))
  await list.value.setSize((size) => size + 8)
  await waitFor(() => expect(list.frames.at(-1)).toBe('5 false false'))
  expect(list.frames).toEqual([
    'undefined true false',
    '2 false true',
    '2 true true',
    '4 false true',
    '4 true true',
    '5 false false',
  ])
})

test('a list that is loaded to its end has no next page, whatever is being added to it', async () => {
  await using organization = await startOrganization(['org:admin'])
  const list = probe(
    () => ({
      list: useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
      create: useCreateOrganizationMembership('org_1'),
    }),
    (value) => `${value.list.totalCount} ${value.list.hasNextPage}`,
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toBe('1 false'))
  const held = organization.emulator.hold({ route: 'create' })
  const writes = ['user_2', 'user_3'].map((userId) =>
    list.value.create.trigger({ userId, role: 'org:member' }),
  )
  await held.arrived(2)
  await waitFor(() => expect(list.frames.at(-1)).toBe('3 false'))
  held.release()
  await Promise.all(writes)
  await waitFor(() => expect(list.frames.at(-1)).toBe('3 true'))
})

test('loadAll begins at the first page where none is there yet', async () => {
  await using organization = await startOrganization(members(5))
  const held = organization.emulator.hold({ route: 'list', times: 1 })
  const list = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
    ({ memberships }) => `${memberships?.length}`,
    organization,
  )
  await held.arrived()
  await list.value.loadAll()
  held.release()
  await waitFor(() => expect(list.frames.at(-1)).toBe('5'))
})

test('a server that does not heed the filter of one member is found out', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const deaf = withList(client, () => client.list({ organizationId: 'org_1' }))
  const single = probe(
    () => useOrganizationMembership('org_1', 'user_1', { shouldRetryOnError: false }),
    ({ data, error }) => `${data?.role} ${error?.message}`,
    { client: deaf },
  )
  await waitFor(() =>
    expect(single.frames.at(-1)).toMatch(/asked for the member user_1 and answered with user_2/),
  )
})

test('a member added to an organization of whom nothing is known yet counts, and is shown when confirmed', async () => {
  await using organization = await startOrganization([])
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('0:'))
  const added = page.value.create.trigger({ userId: 'user_1', role: 'org:member' })
  await added
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member'))
  expect(page.frames).toEqual(['unknown', '0:', '1:', '1: user_1=member'])
})

test('adding somebody who is a member already changes nothing, and says so', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites(),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  const again = page.value.create.trigger({ userId: 'user_2', role: 'org:admin' })
  await expect(again).rejects.toMatchObject({ code: 'already_a_member_in_organization' })
  expect(page.frames).toHaveLength(2)
})

test('a row that does not tell its user is shown as it is', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const anonymous = withList(client, async (...args) => {
    const page = await client.list(...args)
    const data = structuredClone(page.data)
    for (const row of data) delete row.publicUserData
    return { ...page, data }
  })
  const pages = probe(
    () => [
      useOrganizationMemberships('org_1'),
      useInfiniteOrganizationMemberships('org_1', { limit: 1 }, { initialSize: 2 }),
    ],
    (lists) => lists.map(rolesOf).join(' | '),
    { client: anonymous },
  )
  const rows = '2: undefined=member undefined=admin'
  await waitFor(() => expect(pages.frames.at(-1)).toBe(`${rows} | ${rows}`))
})

test('a user whom a list excludes does not move its total', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => useListWithWrites({ userId: '-user_3' }, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  await page.value.create.trigger({ userId: 'user_3', role: 'org:member' })
  await page.value.create.trigger({ userId: 'user_4', role: 'org:member' })
  expect(page.frames.slice(2)).toEqual(['3: user_4=member user_2=member user_1=admin'])
})

test('what shouldRetryOnError says is heeded: a function is asked, true tries again', async () => {
  await using organization = await startOrganization(['org:member'])
  const asked = vi.fn<(error: Error) => boolean>(() => false)
  const open = (shouldRetryOnError: boolean | typeof asked) => {
    organization.emulator.failNext({ status: 403, route: 'list' })
    return probe(
      () => useOrganizationMemberships('org_1', {}, { shouldRetryOnError, errorRetryInterval: 1 }),
      rolesOf,
      { ...organization, strict: true },
    )
  }
  const first = open(asked)
  await waitFor(() => expect(asked).toHaveBeenCalledOnce())
  expect(first.frames).toEqual(['unknown'])
  const second = open(true)
  await waitFor(() => expect(second.frames.at(-1)).toBe('1: user_1=member'))
})

test("a promise in SWR's fallback is waited for", async () => {
  await using organization = await startOrganization(['org:admin'])
  const page = organization.client.list({ organizationId: 'org_1' })
  const fallback = { [serialize(organizationMembershipsKey('org_1'))]: page }
  function List() {
    return rolesOf(useOrganizationMemberships('org_1', {}, { revalidateIfStale: false }))
  }
  const { container } = render(
    <Suspense fallback="waiting">
      <List />
    </Suspense>,
    { ...organization, swr: { fallback } },
  )
  expect(container.textContent).toBe('waiting')
  await waitFor(() => expect(container.textContent).toBe('1: user_1=admin'))
})

test('no hook warns, and callbacks are called, when its component has gone before the answer', async () => {
  await using organization = await startOrganization(['org:admin'])
  const warned = vi.spyOn(console, 'error')
  const told: string[] = []
  const writer = probe(
    () =>
      useCreateOrganizationMembership('org_1', {
        onSuccess: ({ role }, { userId }) => told.push(`${userId} is ${role}`),
        onError: ({ name }, { userId }) => told.push(`${userId}: ${name}`),
        throwOnError: false,
      }),
    ({ isMutating }) => `${isMutating}`,
    organization,
  )
  const held = organization.emulator.hold({ route: 'create' })
  const writes = ['user_2', 'user_1'].map((userId) =>
    writer.value.trigger({ userId, role: 'org:member' }),
  )
  await held.arrived(2)
  writer.unmount()
  held.release()
  await Promise.all(writes)
  expect(new Set(told)).toEqual(new Set(['user_1: BadRequestError', 'user_2 is org:member']))
  expect(told).toHaveLength(2)
  // happy-dom tells the console of the answer that refuses.
  const warnings = warned.mock.calls.filter(
    ([text]) => !String(text).endsWith(' 400 (Bad Request)'),
  )
  expect(warnings).toEqual([])
  warned.mockRestore()
})
