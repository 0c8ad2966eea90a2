// @vitest-environment happy-dom
import type { OrganizationMembershipPage } from '@org-memberships/core'
import { waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import {
  createOrganizationMembershipsStore,
  useDeleteOrganizationMembership,
  useOrganizationMemberships,
} from '../src/index.js'
import { Organization } from '../src/organization.js'
import { organizationMembershipsKey } from '../src/pages/keys.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

// Law 4: a page that was read while a write was under way, and is not exact, is fetched again, however late it is shown.

/** What was to happen in the next task has happened: timers of one length run in their order. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve, 0))

const remove = {
  userId: 'user_2',
  change: { kind: 'delete' },
  optimistic: true,
  revalidate: false,
  signal: undefined,
} as const

test('a page that a list had passed over, and an older request gives it later, is fetched again', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
  const { emulator, client } = organization
  const store = new Organization('org_1', client)
  const key = organizationMembershipsKey('org_1', { limit: 1 })
  const place = { cache: {}, id: 'page', listId: 'page' }
  const { signal } = new AbortController()
  const pages: OrganizationMembershipPage[] = []
  const revalidate = vi.fn<() => void>()
  store.mount({
    id: place.listId,
    cache: place.cache,
    isInfinite: false,
    mode: true,
    pages: () => pages.map((page) => ({ page, key, place })),
    revalidate,
  })

  // Request:  |------ older ------------------|
  //               |- newer -|
  // Write:      |---- delete ----|
  const olderHeld = emulator.hold({ route: 'list', when: 'after', times: 1 })
  const older = store.fetchPage(key, place, signal)
  await olderHeld.arrived()
  const writeHeld = emulator.hold({ route: 'delete', when: 'after', times: 1 })
  const written = store.write(remove)
  await writeHeld.arrived()
  const newer = await store.fetchPage(key, place, signal)
  writeHeld.release()
  await written
  await nextTask()
  expect(revalidate).not.toHaveBeenCalled()

  olderHeld.release()
  pages.push(await older)
  expect(pages).toEqual([newer])
  await vi.waitFor(() => expect(revalidate).toHaveBeenCalledTimes(1))
})

test.for([false, true])(
  'a page that was preloaded during a write is fetched again when it is shown, suspense %s',
  async (suspense) => {
    await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
    const { emulator, client } = organization
    const store = createOrganizationMembershipsStore(client)
    const writer = probe(
      () => useDeleteOrganizationMembership('org_1'),
      () => '',
      { client, store },
    )
    const held = emulator.hold({ route: 'delete', when: 'after', times: 1 })
    const written = writer.value.trigger({ userId: 'user_2' })
    await held.arrived()
    await store.preload('org_1', { limit: 1 })
    held.release()
    await written
    await nextTask()
    const list = probe(
      () => useOrganizationMemberships('org_1', { limit: 1 }, { suspense }),
      rolesOf,
      { client, store },
    )
    await waitFor(() => expect(list.frames.at(-1)).toBe('2: user_3=member'))
    await waitFor(() => expect(organization.gets()).toBe(2))
  },
)
