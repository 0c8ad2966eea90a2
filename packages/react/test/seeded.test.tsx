// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { unload, unstable_serialize as serialize } from 'swr'
import { expect, test } from 'vitest'
import {
  createOrganizationMembershipsStore,
  organizationMembershipsKey,
  type RevalidateMode,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
} from '../src/index.js'
import { organizationMembershipsSeed } from '../src/pages/seed.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms))

async function startSeeded(timeout = 5000) {
  const organization = await startOrganization(['org:admin', 'org:member'], { timeout })
  const page = await organization.client.list({ organizationId: 'org_1' })
  const seed = organizationMembershipsSeed([
    { organizationId: 'org_1', page },
    { organizationId: 'org_1', pages: [page] },
    { organizationId: 'org_1', userId: 'user_2', membership: page.data[0]! },
  ])
  return { organization, page, seed }
}

/** Lists that trust what they were seeded with: nothing is requested when they mount. */
function useLists(revalidateOnWrite: RevalidateMode) {
  const options = { revalidateIfStale: false, revalidateOnWrite }
  return {
    page: useOrganizationMemberships('org_1', {}, options),
    infinite: useInfiniteOrganizationMemberships('org_1', {}, options),
    single: useOrganizationMembership('org_1', 'user_2', options),
    update: useUpdateOrganizationMembership('org_1'),
  }
}

function show({ page, infinite, single }: ReturnType<typeof useLists>): string {
  return `${rolesOf(page)} | ${rolesOf(infinite)} | ${single.data?.role}`
}

const shown = (role: string) =>
  [`2: user_2=${role} user_1=admin`, `2: user_2=${role} user_1=admin`, `org:${role}`].join(' | ')

test('a write stays on a seeded list that nothing has fetched again', async () => {
  const { organization, seed } = await startSeeded()
  await using _ = organization
  const lists = probe(() => useLists(false), show, { ...organization, seed })
  expect(lists.frames).toEqual([shown('member')])
  await lists.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await pause()
  lists.rerender()
  expect(lists.frames).toEqual([shown('member'), shown('admin')])
  expect(organization.gets()).toBe(1)
})

test('the outcome of a write is looked up at the server, not in the seed', async () => {
  const { organization, seed } = await startSeeded(1000)
  await using _ = organization
  const lists = probe(() => useLists(false), show, { ...organization, seed })
  organization.emulator.failNext({ fault: 'stall', applied: true, route: 'update' })
  const write = lists.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await expect(write).rejects.toMatchObject({ name: 'TimeoutError' })
  await waitFor(() => expect(lists.frames.at(-1)).toBe(shown('admin')))
  expect(organization.gets()).toBe(4)
})

test('mutate() asks the server, not the seed', async () => {
  const { organization, seed } = await startSeeded()
  await using _ = organization
  const lists = probe(() => useLists(true), show, { ...organization, seed })
  await organization.client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:admin' })
  await Promise.all([
    lists.value.page.mutate(),
    lists.value.infinite.mutate(),
    lists.value.single.mutate(),
  ])
  await waitFor(() => expect(lists.frames.at(-1)).toBe(shown('admin')))
})

test('a seeded infinite list grows by one request, though nothing was requested when it mounted', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
  const page = await organization.client.list({ organizationId: 'org_1', limit: 2 })
  const seed = organizationMembershipsSeed([
    { organizationId: 'org_1', query: { limit: 2 }, pages: [page] },
  ])
  const list = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 2 }, { revalidateIfStale: false }),
    rolesOf,
    { ...organization, seed },
  )
  await list.value.setSize(2)
  await waitFor(() =>
    expect(list.frames.at(-1)).toBe('3: user_3=member user_2=member user_1=admin'),
  )
  expect(organization.gets()).toBe(2)
})

test('a seed that is older than what the cache holds changes nothing', async () => {
  const { organization, seed } = await startSeeded()
  await using _ = organization
  const open = (given?: typeof seed) =>
    probe(() => useOrganizationMemberships('org_1'), rolesOf, {
      ...organization,
      ...(given && { seed: given }),
    })
  const update = { organizationId: 'org_1', userId: 'user_2', role: 'org:admin' }
  await organization.client.update(update)
  const first = open()
  await waitFor(() => expect(first.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  const second = open(seed)
  await pause()
  expect(second.frames).toEqual(['2: user_2=admin user_1=admin'])
})

test("SWR's own fallback serves as well", async () => {
  const { organization, page } = await startSeeded()
  await using _ = organization
  const fallback = { [serialize(organizationMembershipsKey('org_1'))]: page }
  const list = probe(
    () => ({
      list: useOrganizationMemberships(
        'org_1',
        {},
        { revalidateIfStale: false, revalidateOnWrite: false },
      ),
      update: useUpdateOrganizationMembership('org_1'),
    }),
    (value) => `${rolesOf(value.list)} ${value.list.isLoading}`,
    { ...organization, swr: { fallback } },
  )
  await list.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await pause()
  list.rerender()
  expect(list.frames).toEqual([
    '2: user_2=member user_1=admin false',
    '2: user_2=admin user_1=admin false',
  ])
})

test('a page that was preloaded again is shown, though a hook that suspends finds an older one', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client)
  const open = () =>
    probe(() => useOrganizationMemberships('org_1', {}, { suspense: true }), rolesOf, {
      client,
      store,
    })
  const first = open()
  await waitFor(() => expect(first.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  first.unmount()
  await client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:admin' })
  await store.preload('org_1')
  const second = open()
  await waitFor(() => expect(second.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
})

test("a preload that fails is nobody's concern, and the hook that mounts asks by itself", async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  emulator.failNext({ status: 500, route: 'list' })
  // As on hover: vitest fails on a rejection that nobody handles.
  void store.preload('org_1')
  await waitFor(() => expect(organization.gets()).toBe(1))
  await pause()
  const list = probe(
    () => useOrganizationMemberships('org_1'),
    (value) => `${rolesOf(value)} ${value.error?.name}`,
    { client, store },
  )
  await waitFor(() => expect(list.frames.at(-1)).toBe('2: user_2=member user_1=admin undefined'))
  expect(list.frames).toHaveLength(2)
})

test('a seed answers for the first mount: after SWR has been unloaded, the server is asked', async () => {
  const { organization, seed } = await startSeeded()
  await using _ = organization
  const open = () =>
    probe(() => useOrganizationMemberships('org_1'), rolesOf, { ...organization, seed })
  const first = open()
  await pause()
  expect(organization.gets()).toBe(1)
  first.unmount()
  unload({ revalidate: false })
  const second = open()
  await waitFor(() => expect(organization.gets()).toBe(2))
  // The rows of the seed are of before, too: somebody else may have signed in.
  await waitFor(() => expect(second.frames).toEqual(['unknown', '2: user_2=member user_1=admin']))
})
