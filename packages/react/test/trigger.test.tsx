// @vitest-environment happy-dom
import type { PublicMetadata } from '@org-memberships/core'
import { waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import {
  createOrganizationMembershipsStore,
  useCreateOrganizationMembership,
  useOrganizationMembership,
  useOrganizationMemberships,
  useOrganizationMembershipsStore,
  useOrganizationMembershipStatus,
  useOrganizationPermission,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../src/index.js'
import type { MembershipsStore } from '../src/store.js'
import { useListWithWrites } from './support/list-with-writes.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const pause = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms))

test('patches that wait are sent as JSON has them: a Date is its text, merged or alone', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const page = probe(useListWithWrites, ({ list }) => rolesOf(list), { client })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  const { trigger } = page.value.updateMetadata
  const held = emulator.hold({ route: 'updateMetadata' })
  const patch = (publicMetadata: object) =>
    trigger({ userId: 'user_1', publicMetadata: publicMetadata as PublicMetadata })
  const writes = [
    patch({ first: 1 }),
    patch({ seen: new Date(0) }),
    patch({ seen: new Date(86_400_000), by: { who: 'user_1' } }),
    patch({ by: new URL('https://example.com/') }),
  ]
  await held.arrived()
  held.release()
  await Promise.all(writes)
  const member = await client.get({ organizationId: 'org_1', userId: 'user_1' })
  expect(member?.publicMetadata).toEqual({
    first: 1,
    seen: '1970-01-02T00:00:00.000Z',
    by: 'https://example.com/',
  })
})

test('what the caller changes after trigger is not sent', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const page = probe(useListWithWrites, ({ list }) => rolesOf(list), { client })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  const { create, updateMetadata } = page.value
  const held = emulator.hold({ route: 'updateMetadata' })
  const publicMetadata = { team: { name: 'red' } }
  const ofCreate = { team: { name: 'red' } }
  const argument = { userId: 'user_1', publicMetadata }
  const writes = [
    updateMetadata.trigger({ userId: 'user_1', publicMetadata: { other: 1 } }),
    updateMetadata.trigger(argument),
    create.trigger({ userId: 'user_2', role: 'org:member', publicMetadata: ofCreate }),
  ]
  publicMetadata.team.name = 'blue'
  ofCreate.team.name = 'blue'
  argument.userId = 'user_2'
  await held.arrived()
  held.release()
  await Promise.all(writes)
  for (const userId of ['user_1', 'user_2']) {
    const member = await client.get({ organizationId: 'org_1', userId })
    expect(member?.publicMetadata).toMatchObject({ team: { name: 'red' } })
  }
})

test.for([
  ['an invalid Date', new Date('not a date')],
  ['NaN', Number.NaN],
  ['a Map', new Map()],
  ['a function', () => 1],
  ['a bigint', 1n],
])('metadata that JSON cannot carry rejects without a request: %s', async ([, value]) => {
  await using organization = await startOrganization(['org:admin'])
  const page = probe(
    () => useUpdateOrganizationMembershipMetadata('org_1'),
    ({ error }) => `${error?.name}`,
    organization,
  )
  const write = page.value.trigger({
    userId: 'user_1',
    publicMetadata: { deep: [{ value }] } as PublicMetadata,
  })
  await expect(write).rejects.toMatchObject({
    name: 'InvalidArgumentError',
    message: expect.stringContaining('publicMetadata.deep[0].value') as string,
  })
  expect(organization.emulator.requests).toEqual([])
})

test('the status has no error once a joint patch was split and every write succeeded', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const page = probe(
    () => ({
      status: useOrganizationMembershipStatus('org_1', 'user_1'),
      update: useUpdateOrganizationMembershipMetadata('org_1'),
    }),
    ({ status }) => `${status.pending} ${status.error?.name} ${status.failedWrite}`,
    { client },
  )
  const held = emulator.hold({ route: 'updateMetadata' })
  const patch = (publicMetadata: PublicMetadata) =>
    page.value.update.trigger({ userId: 'user_1', publicMetadata })
  const writes = [patch({ a: 1 }), patch({ b: 1 }), patch({ c: 1 })]
  await held.arrived()
  held.release()
  await writes[0]
  emulator.failNext({ status: 422, route: 'updateMetadata' })
  await Promise.allSettled(writes)
  await waitFor(() => expect(page.frames.at(-1)).toBe('0 undefined undefined'))
  emulator.failNext({ status: 403, route: 'updateMetadata' })
  await expect(patch({ d: 1 })).rejects.toThrow('403')
  await waitFor(() => expect(page.frames.at(-1)).toBe('0 PermissionDeniedError updateMetadata'))
})

test('no more writes are in flight than the store allows, over all members', async () => {
  await using organization = await startOrganization(['org:admin'], { others: 12 })
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client, { maxConcurrentWrites: 3 })
  const page = probe(useListWithWrites, ({ list }) => rolesOf(list), { client, store })
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin'))
  const held = emulator.hold({ route: 'create' })
  const writes = Array.from({ length: 10 }, (_, index) =>
    page.value.create.trigger({ userId: `user_${index + 2}`, role: 'org:member' }),
  )
  await held.arrived(3)
  await pause()
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(3)
  held.release()
  await Promise.all(writes)
  expect(() => createOrganizationMembershipsStore(client, { maxConcurrentWrites: 0 })).toThrow(
    RangeError,
  )
})

test('100 triggers in one turn are one render, and rows that they leave alone keep their object', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'], { others: 100 })
  const { client, emulator } = organization
  const page = probe(
    () => useListWithWrites({ limit: 500 }, { revalidateOnWrite: true }),
    ({ list }) => `${list.totalCount} of ${list.organization?.membersCount}`,
    { client },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2 of 2'))
  const before = page.value.list.memberships!
  const { commits } = page
  const held = emulator.hold({ route: 'create' })
  const writes = Array.from({ length: 100 }, (_, index) =>
    page.value.create.trigger({ userId: `user_${index + 3}`, role: 'org:member' }),
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('102 of 2'))
  expect(page.commits).toBe(commits + 1)
  held.release()
  await Promise.all(writes)
  await waitFor(() => expect(page.frames.at(-1)).toBe('102 of 102'))
  const after = page.value.list.memberships!
  for (const row of before) expect(after.find(({ id }) => id === row.id)).toBe(row)
})

test('a lost connection is tried again with the documented set-up, an answer of the API is not', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client } = organization
  let lost = 1
  let answered = 0
  const api = {
    ...Object.fromEntries(
      (['create', 'update', 'updateMetadata', 'delete'] as const).map((name) => [
        name,
        client[name].bind(client),
      ]),
    ),
    list: (...args: Parameters<typeof client.list>) => {
      if (args[0].organizationId === 'org_none') answered += 1
      else if (lost-- > 0) return unreachable.list(...args)
      return client.list(...args)
    },
  } as typeof client
  const { OrganizationMembershipsClient } = await import('@org-memberships/core')
  const unreachable = new OrganizationMembershipsClient({
    baseURL: 'http://127.0.0.1:1',
    getToken: () => 'token',
    maxRetries: 0,
  })
  const page = probe(
    () => [useOrganizationMemberships('org_1'), useOrganizationMemberships('org_none')] as const,
    ([list, none]) => `${rolesOf(list)} ${list.error?.name} ${none.error?.name}`,
    { client: api, swr: { errorRetryInterval: 1 } },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('1: user_1=admin undefined NotFoundError'))
  await pause(100)
  expect(answered).toBe(1)
})

test('an empty organization id asks nothing, as an empty user id does', async () => {
  await using organization = await startOrganization(['org:admin'])
  const page = probe(
    () => [useOrganizationMemberships(''), useOrganizationMembership('', 'user_1')] as const,
    ([list, member]) => `${list.isLoading} ${member.isLoading}`,
    organization,
  )
  await pause()
  expect(page.frames).toEqual(['false false'])
  expect(organization.emulator.requests).toEqual([])
})

test('a suspended member is a membership or null while too little is known to show a pending one', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const page = probe(
    () => ({
      member: useOrganizationMembership('org_1', 'user_2', { suspense: true }),
      list: useCreateOrganizationMembership('org_1'),
    }),
    ({ member }) => (member.data === null ? 'null' : `${member.data?.role}`),
    { client },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('null'))
  const held = emulator.hold({ route: 'create' })
  const write = page.value.list.trigger({ userId: 'user_2', role: 'org:member' })
  await held.arrived()
  await pause()
  expect(page.frames).toEqual(['null'])
  held.release()
  await write
  await waitFor(() => expect(page.frames.at(-1)).toBe('org:member'))
  expect(page.frames).toEqual(['null', 'org:member'])
})

test('a permission is read from the membership, and is not known while a change is pending', async () => {
  await using organization = await startOrganization(['org:admin', 'org:admin'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  const page = probe(
    () => ({
      manage: useOrganizationPermission('org_1', 'user_2', 'org:sys_memberships:manage'),
      none: useOrganizationPermission('org_1', 'user_5', 'org:sys_memberships:manage'),
      store: useOrganizationMembershipsStore(),
      update: useUpdateOrganizationMembership('org_1'),
    }),
    ({ manage, none }) => `${manage.isAllowed} ${none.isAllowed}`,
    { client, store },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('true false'))
  expect(page.frames[0]).toBe('undefined undefined')
  expect(page.value.store).toBe(store)
  const held = emulator.hold({ route: 'update' })
  const write = page.value.update.trigger({ userId: 'user_2', role: 'org:member' })
  await held.arrived()
  await waitFor(() => expect(page.frames.at(-1)).toBe('undefined false'))
  held.release()
  await write
  await waitFor(() => expect(page.frames.at(-1)).toBe('false false'))
})

test('an organization that nobody has shown for long is forgotten, and one that is shown is not', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client) as MembershipsStore
  const open = () => probe(() => useOrganizationMemberships('org_1'), rolesOf, { client, store })
  const first = open()
  await waitFor(() => expect(first.frames.at(-1)).toBe('1: user_1=admin'))
  const shown = store.organization('org_1')
  const now = Date.now()
  let minutes = 6
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + minutes * 60_000)
  try {
    store.organization('org_2')
    expect(store.organization('org_1')).toBe(shown)
    first.unmount()
    minutes = 20
    store.organization('org_3')
    expect(store.organization('org_1')).not.toBe(shown)
    // Whoever comes back asks anew.
    const gets = organization.gets()
    const second = open()
    await waitFor(() => expect(second.frames).toEqual(['unknown', '1: user_1=admin']))
    expect(organization.gets()).toBe(gets + 1)
  } finally {
    clock.mockRestore()
  }
})

test('a search that was left long ago does not keep later writes in memory', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client) as MembershipsStore
  const search = probe(() => useOrganizationMemberships('org_1', { query: 'First' }), rolesOf, {
    client,
    store,
  })
  await waitFor(() => expect(search.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  search.unmount()
  const page = probe(useListWithWrites, ({ list }) => rolesOf(list), { client, store })
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  const kept = () => store.organization('org_1').table.written.size
  await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await waitFor(() => expect(page.value.list.isValidating).toBe(false))
  await pause()
  // Who comes back to the search soon finds the write on it.
  expect(kept()).toBe(1)
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + 6 * 60_000)
  try {
    await page.value.update.trigger({ userId: 'user_2', role: 'org:member' })
    await waitFor(() => expect(kept()).toBe(0))
  } finally {
    clock.mockRestore()
  }
})
