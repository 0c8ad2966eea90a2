// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  useInfiniteOrganizationMemberships,
  useOrganizationMemberships,
  type OrganizationMembershipsAPI,
} from '../src/index.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms))
const members = (count: number) => Array.from({ length: count }, () => 'org:member')

const hooks = {
  page: (suspense: boolean) => useOrganizationMemberships('org_1', {}, { suspense }),
  'infinite list': (suspense: boolean) =>
    useInfiniteOrganizationMemberships('org_1', {}, { suspense }),
}

test.for(['page', 'infinite list'] as const)(
  'a request that was aborted because its %s had left is no error of a hook that suspends',
  async (kind) => {
    await using organization = await startOrganization(['org:admin'])
    const held = organization.emulator.hold({ route: 'list' })
    const useList = hooks[kind]
    const first = probe(() => useList(false), rolesOf, organization)
    await held.arrived()
    first.unmount()
    await pause()
    held.release()
    const second = probe(() => useList(true), rolesOf, organization)
    await waitFor(() => expect(second.frames).toEqual(['1: user_1=admin']))
  },
)

test('a client that does not heed its signal holds nobody up who comes back', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client } = organization
  const deaf: OrganizationMembershipsAPI = {
    list: (query) => client.list(query),
    create: (parameters) => client.create(parameters),
    update: (parameters) => client.update(parameters),
    updateMetadata: (parameters) => client.updateMetadata(parameters),
    delete: (parameters) => client.delete(parameters),
  }
  const held = organization.emulator.hold({ route: 'list' })
  const open = () =>
    probe(() => useOrganizationMemberships('org_1'), rolesOf, {
      client: deaf,
      swr: { dedupingInterval: 2000 },
    })
  const first = open()
  await held.arrived()
  first.unmount()
  await pause()
  const second = open()
  await pause()
  held.release()
  await waitFor(() => expect(second.frames.at(-1)).toBe('1: user_1=admin'), { timeout: 1500 })
})

test('loadAll of a list that leaves stops without an error', async () => {
  await using organization = await startOrganization(members(12))
  const list = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 1 }),
    ({ memberships }) => `${memberships?.length}`,
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toBe('1'))
  const held = organization.emulator.hold({ route: 'list' })
  const loading = list.value.loadAll()
  await held.arrived(4)
  list.unmount()
  await expect(loading).resolves.toBeUndefined()
  held.release()
  await pause()
  expect(organization.gets()).toBe(5)
})

test('loadAll stops where a page cannot be had', async () => {
  await using organization = await startOrganization(members(40))
  const list = probe(
    () => useInfiniteOrganizationMemberships('org_1', { limit: 1 }),
    ({ memberships }) => `${memberships?.length}`,
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toBe('1'))
  organization.emulator.failNext({ status: 403, route: 'list' })
  await expect(list.value.loadAll()).rejects.toMatchObject({ status: 403 })
  await pause(100)
  expect(organization.gets()).toBeLessThanOrEqual(1 + 4 + 3)
})
