// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  useOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
} from '../src/index.js'
import { useListWithWrites } from './support/list-with-writes.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'
import { useState } from 'react'

const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms))

test('an option of a trigger that is undefined leaves what the hook says', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const failures: string[] = []
  const page = probe(
    () => ({
      list: useOrganizationMemberships('org_1', {}, { revalidateOnWrite: false }),
      update: useUpdateOrganizationMembership('org_1', {
        optimistic: false,
        throwOnError: false,
        onError: ({ name }) => failures.push(name),
      }),
    }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  organization.emulator.failNext({ status: 403, route: 'update' })
  const nothing = {
    optimistic: undefined,
    throwOnError: undefined,
    onError: undefined,
    onSuccess: undefined,
    revalidate: undefined,
    signal: undefined,
  }
  const write = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' }, nothing)
  await expect(write).resolves.toBeUndefined()
  expect(failures).toEqual(['PermissionDeniedError'])
  expect(page.frames).toHaveLength(2)
})

test('what a write was that began before reset() is no longer told by its hook', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const page = probe(
    () => useUpdateOrganizationMembership('org_1'),
    ({ data, error, isMutating }) => `${data?.role} ${error?.name} ${isMutating}`,
    organization,
  )
  const held = emulator.hold({ route: 'update' })
  emulator.failNext({ status: 403, route: 'update', match: ({ path }) => path.includes('user_1') })
  const writes = [
    page.value.trigger({ userId: 'user_1', role: 'org:member' }, { throwOnError: false }),
    page.value.trigger({ userId: 'user_2', role: 'org:admin' }),
  ]
  await held.arrived(2)
  page.value.reset()
  held.release()
  await Promise.all(writes)
  await waitFor(() => expect(page.frames.at(-1)).toBe('undefined undefined false'))
  expect(page.frames).toEqual([
    'undefined undefined false',
    'undefined undefined true',
    'undefined undefined false',
  ])
  await page.value.trigger({ userId: 'user_2', role: 'org:member' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('org:member undefined false'))
})

test("a member known from a list's row is optimistic while a write to them is pending", async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const list = probe(
    () => useListWithWrites(),
    (value) => rolesOf(value.list),
    organization,
  )
  await waitFor(() => expect(list.frames.at(-1)).toMatch(/^2:/))
  const held = emulator.hold({ route: 'update' })
  const write = list.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  const reads = emulator.hold({ route: 'list' })
  const single = probe(
    () => useOrganizationMembership('org_1', 'user_2', { revalidateOnWrite: false }),
    ({ data, isOptimistic }) => `${data?.role} ${isOptimistic}`,
    organization,
  )
  expect(single.frames).toEqual(['org:admin true'])
  held.release()
  await write
  await waitFor(() => expect(single.frames).toEqual(['org:admin true', 'org:admin false']))
  reads.release()
  await waitFor(() => expect(single.value.isValidating).toBe(false))
  expect(single.frames).toHaveLength(2)
})

test('an empty id is nobody yet: nothing is requested', async () => {
  await using organization = await startOrganization(['org:admin'])
  const single = probe(
    () => useOrganizationMembership('org_1', ''),
    ({ data, error, isLoading }) => `${data?.role} ${error?.message} ${isLoading}`,
    organization,
  )
  await pause()
  expect(single.frames).toEqual(['undefined undefined false'])
  expect(organization.gets()).toBe(0)
})

test('options of <SWRConfig> count: keepPreviousData, shouldRetryOnError, isPaused', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const open = (swr: object) =>
    probe(
      () => {
        const [limit, setLimit] = useState(1)
        return { list: useOrganizationMemberships('org_1', { limit }), setLimit }
      },
      ({ list }) => rolesOf(list),
      { ...organization, swr },
    )
  const page = open({ keepPreviousData: true })
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member'))
  page.value.setLimit(2)
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  expect(page.frames).toEqual(['unknown', '2: user_2=member', '2: user_2=member user_1=admin'])
  page.unmount()
  const gets = organization.gets()
  const paused = open({ isPaused: () => true, provider: () => new Map() })
  await pause()
  expect(paused.frames).toEqual(['unknown'])
  expect(organization.gets()).toBe(gets)

  let calls = 0
  const broken = {
    ...organization.client,
    list: () => {
      calls += 1
      return Promise.reject(new Error('no core error'))
    },
  }
  const failing = probe(() => useOrganizationMemberships('org_1'), rolesOf, {
    client: broken as never,
    swr: { shouldRetryOnError: false, errorRetryInterval: 1, provider: () => new Map() },
  })
  await pause()
  expect(calls).toBe(1)
  failing.unmount()
})

test('an error stays until the hook is idle and writes again', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const page = probe(
    () => useUpdateOrganizationMembership('org_1', { throwOnError: false }),
    ({ error, isMutating }) => `${error?.name} ${isMutating}`,
    organization,
  )
  const trigger = (userId: string) => page.value.trigger({ userId, role: 'org:admin' })
  const held = emulator.hold({ route: 'update', match: ({ path }) => path.includes('user_2') })
  emulator.failNext({ status: 403, route: 'update', match: ({ path }) => path.includes('user_1') })
  const slow = trigger('user_2')
  await trigger('user_1')
  await waitFor(() => expect(page.frames.at(-1)).toBe('PermissionDeniedError true'))
  const third = trigger('user_1')
  expect(page.value.error).toMatchObject({ status: 403 })
  held.release()
  await Promise.all([slow, third])
  await waitFor(() => expect(page.frames.at(-1)).toBe('PermissionDeniedError false'))
  await trigger('user_1')
  await waitFor(() => expect(page.frames.at(-1)).toBe('undefined false'))
})
