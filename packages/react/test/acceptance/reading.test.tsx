// @vitest-environment happy-dom
import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import {
  createOrganizationMembershipsStore,
  infiniteOrganizationMembershipsKey,
  organizationMembershipKey,
  organizationMembershipsKey,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useOrganizationMembershipStatus,
  useUpdateOrganizationMembership,
} from '../../src/index.js'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'
import { rolesOf } from '../support/show.js'

const members = (count: number) => Array.from({ length: count }, () => 'org:member')

test('19: another organization never shows the rows of the one before, another page does', async () => {
  await using organization = await startOrganization(['org:member', 'org:member'])
  const page = probe(
    () => {
      const [place, setPlace] = useState({ organizationId: 'org_1', offset: 0 })
      const list = useOrganizationMemberships(
        place.organizationId,
        { limit: 1, offset: place.offset },
        { keepPreviousData: true },
      )
      return { list, setPlace }
    },
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member'))
  page.value.setPlace({ organizationId: 'org_1', offset: 1 })
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_1=member'))
  page.value.setPlace({ organizationId: 'org_2', offset: 0 })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  expect(page.frames).toEqual([
    'unknown',
    '2: user_2=member',
    '2: user_1=member',
    'unknown',
    '1: user_1=admin',
  ])
})

test('20: another filter starts an infinite list at its first page', async () => {
  await using organization = await startOrganization(members(8))
  const page = probe(
    () => {
      const [role, setRole] = useState<string[]>([])
      return { list: useInfiniteOrganizationMemberships('org_1', { limit: 2, role }), setRole }
    },
    ({ list }) => `${list.size} ${list.memberships?.length} ${list.hasNextPage}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('1 2 true'))
  await page.value.list.setSize(4)
  await waitFor(() => expect(page.frames.at(-1)).toBe('4 8 false'))
  page.value.setRole(['org:member'])
  await waitFor(() => expect(page.frames.at(-1)).toBe('1 2 true'))
})

test('21: another limit is another request', async () => {
  await using organization = await startOrganization(members(4))
  const page = probe(
    () => {
      const [limit, setLimit] = useState(1)
      return { list: useOrganizationMemberships('org_1', { limit }), setLimit }
    },
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('4: user_4=member'))
  page.value.setLimit(2)
  await waitFor(() => expect(page.frames.at(-1)).toBe('4: user_4=member user_3=member'))
  const limits = organization.emulator.requests.map(({ search }) => search.get('limit'))
  expect(limits).toEqual(['1', '2'])
})

test('22: where a page stands in its list', async () => {
  await using organization = await startOrganization(members(5))
  const page = probe(
    () => {
      const [offset, setOffset] = useState(2)
      return { list: useOrganizationMemberships('org_1', { limit: 1, offset }), setOffset }
    },
    ({ list }) =>
      `${list.pageCount} ${list.hasPreviousPage} ${list.hasNextPage} ${list.error?.message ?? ''}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('5 true true '))
  page.value.setOffset(4)
  await waitFor(() => expect(page.frames.at(-1)).toBe('5 true false '))
  page.value.setOffset(0)
  await waitFor(() => expect(page.frames.at(-1)).toBe('5 false true '))
  const gets = organization.gets()
  page.value.setOffset(-1)
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/offset must be an integer/))
  expect(organization.gets()).toBe(gets)
})

test('23: without an organization nothing is requested, nothing suspends, and trigger rejects', async () => {
  await using organization = await startOrganization(['org:member'])
  const page = probe(
    () => ({
      list: useOrganizationMemberships(null, {}, { suspense: true }),
      none: useOrganizationMemberships('org_1', null),
      infinite: useInfiniteOrganizationMemberships(undefined),
      single: useOrganizationMembership('org_1', null),
      status: useOrganizationMembershipStatus(null, null),
      update: useUpdateOrganizationMembership(null),
    }),
    ({ list, none, infinite, single, status }) =>
      [list, none, infinite, single]
        .map(({ data, isLoading, error }) => `${data}${isLoading}${error}`)
        .join(' ') + status.pending,
    organization,
  )
  expect(page.frames).toEqual([`${Array(4).fill('undefinedfalseundefined').join(' ')}0`])
  await expect(page.value.update.trigger({ userId: 'user_1', role: 'org:admin' })).rejects.toThrow(
    'useUpdateOrganizationMembership has no organization yet',
  )
  await expect(page.value.list.mutate()).resolves.toBeUndefined()
  await page.value.infinite.setSize(3)
  await page.value.infinite.loadAll()
  expect(organization.gets()).toBe(0)
})

test('25: a page that was preloaded is not requested again, in 20 of 20 runs', async () => {
  await using organization = await startOrganization(['org:member'])
  for (let run = 0; run < 20; run += 1) {
    const store = createOrganizationMembershipsStore(organization.client)
    const query = { limit: 100 + run }
    const suspense = run % 2 === 0
    await store.preload('org_1', query)
    const page = probe(
      () => useOrganizationMemberships('org_1', query, { suspense, dedupingInterval: 2000 }),
      rolesOf,
      { client: organization.client, store },
    )
    await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(organization.gets(), `run ${run}`).toBe(run + 1)
    page.unmount()
  }
})

test('26: two spellings of one query share one key and one request', async () => {
  await using organization = await startOrganization(['org:member'])
  const spellings: OrganizationMembershipQuery[] = [
    { role: ['org:member', 'org:admin'], query: '' },
    { role: ['org:admin', 'org:member', 'org:admin'], orderBy: '-created_at', offset: 0 },
    { limit: 10, query: '  ', userId: [], role: ['org:admin', 'org:member'] },
  ]
  const page = probe(
    () => [
      useOrganizationMemberships('org_1', spellings[0]),
      useOrganizationMemberships('org_1', spellings[1]),
      useOrganizationMemberships('org_1', spellings[2]),
    ],
    (lists) => lists.map(rolesOf).join(' | '),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/1: .*1: .*1: /))
  expect(organization.gets()).toBe(1)
  const keys = spellings.map((query) => organizationMembershipsKey('org_1', query))
  expect(keys[1]).toEqual(keys[0])
  expect(keys[2]).toEqual(keys[0])
  expect(infiniteOrganizationMembershipsKey('org_1')[2]).toBe('infinite')
  expect(organizationMembershipKey('org_1', '-u')[3].userId).toEqual(['+-u'])
})

test('a single member is shown from any list at once, and null says that there is none', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const list = probe(
    () => useListWithWrites(),
    (value) => rolesOf(value.list),
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toMatch(/^2:/))
  const open = (userId: string) =>
    probe(
      () => useOrganizationMembership('org_1', userId),
      ({ data, isLoading }) => `${data === null ? null : data?.role} ${isLoading}`,
      organization,
    )
  const [known, stranger] = [open('user_2'), open('user_3')]
  await waitFor(() => expect(stranger.frames).toEqual(['undefined true', 'null false']))
  await list.value.create.trigger({ userId: 'user_3', role: 'org:admin' })
  await list.value.remove.trigger({ userId: 'user_2' })
  await waitFor(() => expect(known.value.isValidating).toBe(false))
  expect(known.frames).toEqual(['org:member false', 'null false'])
  expect(stranger.frames).toEqual(['undefined true', 'null false', 'org:admin false'])
})

test('the status of one row tells of its writes, and of the last that failed', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const writes = probe(
    () => useUpdateOrganizationMembership('org_1'),
    () => '',
    organization,
  )
  const status = (userId: string) =>
    probe(
      () => useOrganizationMembershipStatus('org_1', userId),
      ({ pending, error }) => `${pending} ${error?.name ?? ''}`,
      organization,
    )
  const [first, second] = [status('user_1'), status('user_2')]
  emulator.failNext({ status: 403, route: 'update' })
  const trigger = () => writes.value.trigger({ userId: 'user_2', role: 'org:admin' })
  const results = [trigger(), trigger()]
  await Promise.allSettled(results)
  await waitFor(() => expect(second.frames.at(-1)).toBe('0 PermissionDeniedError'))
  await trigger()
  expect(second.frames).toEqual([
    '0 ',
    '2 ',
    '1 PermissionDeniedError',
    '0 PermissionDeniedError',
    '1 ',
    '0 ',
  ])
  expect(first.commits).toBe(1)
})

test('a member whom a shift has put on two pages of an infinite list is shown once', async () => {
  await using organization = await startOrganization(members(4))
  const page = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
    rolesOf,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('4: user_4=member user_3=member'))
  await organization.client.create({
    organizationId: 'org_1',
    userId: 'user_5',
    role: 'org:member',
  })
  await page.value.setSize(2)
  await waitFor(() =>
    expect(page.frames.at(-1)).toBe('5: user_4=member user_3=member user_2=member'),
  )
  await page.value.mutate()
  await waitFor(() =>
    expect(page.frames.at(-1)).toBe('5: user_5=member user_4=member user_3=member user_2=member'),
  )
})

test('loadAll loads what is left, shows it in one commit, and can be stopped', async () => {
  await using organization = await startOrganization(members(23))
  const page = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 2 }),
    ({ memberships }) => `${memberships?.length}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2'))
  await page.value.loadAll()
  await waitFor(() => expect(page.frames.at(-1)).toBe('23'))
  expect(page.frames).toEqual(['undefined', '2', '23'])
  expect(organization.gets()).toBe(12)
  expect(page.value.hasNextPage).toBe(false)

  const other = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 1 }),
    ({ memberships }) => `${memberships?.length}`,
    organization,
  )
  await waitFor(() => expect(other.frames.at(-1)).toBe('1'))
  const held = organization.emulator.hold({ route: 'list' })
  const controller = new AbortController()
  const loading = other.value.loadAll({ signal: controller.signal })
  await held.arrived(4)
  controller.abort(new Error('enough'))
  await expect(loading).rejects.toThrow('enough')
  held.release()
  expect(organization.gets()).toBe(17)
})

test('an error of a fetch is shown, and a refused one is not asked again', async () => {
  await using organization = await startOrganization(['org:member'])
  organization.emulator.failNext({ status: 403, route: 'list' })
  const page = probe(
    () => useOrganizationMemberships('org_1', {}, { errorRetryInterval: 1 }),
    (list) => `${rolesOf(list)} ${list.error?.name ?? ''} ${list.isLoading}`,
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('unknown PermissionDeniedError false'))
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(organization.gets()).toBe(1)
  await page.value.mutate()
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=member  false'))
})
