// @vitest-environment happy-dom
import {
  isTimeoutError,
  type OrganizationMembership,
  type OrganizationMembershipQuery,
  OrganizationMembershipsClient,
} from '@org-memberships/core'
import { waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { useOrganizationMemberships, useUpdateOrganizationMembership } from '../../src/index.js'
import { organizationMembershipsKey } from '../../src/pages/keys.js'
import { Organization } from '../../src/organization.js'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'
import { rolesOf } from '../support/show.js'

test.for([false, true])(
  '9: an older answer does not undo a newer write, StrictMode %s',
  async (strict) => {
    await using organization = await startOrganization(['org:admin', 'org:member'])
    const { emulator } = organization
    const page = probe(
      () => useListWithWrites({}, { revalidateOnWrite: false }),
      ({ list }) => rolesOf(list),
      { ...organization, strict },
    )
    await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
    const before = page.frames.length
    const held = emulator.hold({ route: 'list', when: 'after', times: 1 })
    const refetch = page.value.list.mutate()
    await held.arrived()
    await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
    held.release()
    const answered = await refetch
    expect(answered?.data.map(({ role }) => role)).toEqual(['org:admin', 'org:admin'])
    await waitFor(() => expect(page.value.list.isValidating).toBe(false))
    expect(page.frames.slice(before)).toEqual(['2: user_2=admin user_1=admin'])
  },
)

test('13: a value that somebody else has changed back is shown, though the answer is the old page', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const client = new FrozenTimes(organization.client)
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    { client },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin')
  await organization.client.update({
    organizationId: 'org_1',
    userId: 'user_2',
    role: 'org:member',
  })
  await page.value.list.mutate()
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
})

test('13: a total that somebody else has changed back is shown, though the answer is the old page', async () => {
  await using organization = await startOrganization(['org:admin', 'org:admin'])
  const open = (query: OrganizationMembershipQuery) =>
    probe(
      () => useListWithWrites(query, { revalidateOnWrite: false }),
      ({ list }) => rolesOf(list),
      organization,
    )
  const [all, firstAdmin] = [open({}), open({ role: 'org:admin', limit: 1 })]
  await waitFor(() => expect(firstAdmin.frames.at(-1)).toBe('2: user_2=admin'))
  await waitFor(() => expect(all.frames.at(-1)).toMatch(/^2:/))
  await all.value.update.trigger({ userId: 'user_1', role: 'org:member' })
  expect(firstAdmin.frames.at(-1)).toBe('1: user_2=admin')
  await organization.client.update({ organizationId: 'org_1', userId: 'user_1', role: 'org:admin' })
  await firstAdmin.value.list.mutate()
  await waitFor(() => expect(firstAdmin.frames.at(-1)).toBe('2: user_2=admin'))
})

/** A server that does not move `updatedAt`: then the page before and the page after are equal in every field. */
class FrozenTimes {
  readonly #client: OrganizationMembershipsClient

  constructor(client: OrganizationMembershipsClient) {
    this.#client = client
  }

  list: OrganizationMembershipsClient['list'] = async (...args) => {
    const page = await this.#client.list(...args)
    return { ...page, data: page.data.map(frozen) }
  }
  update: OrganizationMembershipsClient['update'] = async (...args) =>
    frozen(await this.#client.update(...args))
  create: OrganizationMembershipsClient['create'] = (...args) => this.#client.create(...args)
  updateMetadata: OrganizationMembershipsClient['updateMetadata'] = (...args) =>
    this.#client.updateMetadata(...args)
  delete: OrganizationMembershipsClient['delete'] = (...args) => this.#client.delete(...args)
}

function frozen(row: OrganizationMembership): OrganizationMembership {
  return { ...row, updatedAt: 1 }
}

test('16: a queued write that is aborted is never sent; one in flight is aborted and looked up', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  const held = emulator.hold({ route: 'update', when: 'after' })
  const [inFlight, queued] = [new AbortController(), new AbortController()]
  const write = (role: string, { signal }: AbortController) =>
    page.value.update.trigger({ userId: 'user_2', role }, { signal })
  const first = write('org:admin', inFlight)
  const second = write('org:member', queued)
  await held.arrived()
  queued.abort(new Error('changed my mind'))
  await expect(second).rejects.toThrow('changed my mind')
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  const gets = organization.gets()
  inFlight.abort(new Error('left the page'))
  await expect(first).rejects.toThrow('left the page')
  // The server had acted, and only a refetch could tell: so there is one, whatever the options say.
  await waitFor(() => expect(organization.gets()).toBe(gets + 1))
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  expect(emulator.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  held.release()
  const early = AbortSignal.abort(new Error('never'))
  await expect(
    page.value.update.trigger({ userId: 'user_2', role: 'org:admin' }, { signal: early }),
  ).rejects.toThrow('never')
  expect(emulator.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
})

test('17: a write that timed out though the server had acted rejects, and a refetch shows the truth', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'], { timeout: 150 })
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2:/))
  organization.emulator.failNext({ fault: 'stall', applied: true, route: 'update' })
  const write = page.value.update.trigger(
    { userId: 'user_2', role: 'org:admin' },
    { revalidate: false },
  )
  await expect(write).rejects.toSatisfy(isTimeoutError)
  await waitFor(() => expect(organization.gets()).toBe(2))
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
})

test.for([false, true])(
  '18: five keystrokes are five requests, four of them aborted, no error shown, StrictMode %s',
  async (strict) => {
    await using organization = await startOrganization(['org:admin', 'org:member'])
    const { emulator } = organization
    const aborted: string[] = []
    const failed: unknown[] = []
    const client = new OrganizationMembershipsClient({
      baseURL: emulator.url,
      getToken: () => emulator.secretKey,
      fetch: (input, init) => {
        const text = new URL(String(input)).searchParams.get('query') ?? ''
        init!.signal!.addEventListener('abort', () => aborted.push(text))
        return fetch(input, init)
      },
    })
    const page = probe(
      () => {
        const [text, setText] = useState('F')
        const list = useOrganizationMemberships(
          'org_1',
          { query: text },
          { onError: (error) => void failed.push(error) },
        )
        return { list, setText }
      },
      ({ list }) => `${rolesOf(list)} ${list.error?.message ?? ''}${list.isLoading}`,
      { client, strict },
    )
    const held = emulator.hold({ route: 'list' })
    const word = 'First'
    for (let length = 2; length <= word.length; length += 1) {
      page.value.setText(word.slice(0, length))
      await held.arrived(length)
    }
    await waitFor(() => expect(aborted).toEqual(['F', 'Fi', 'Fir', 'Firs']))
    held.release()
    await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin false'))
    expect(organization.gets()).toBe(5)
    expect(failed).toEqual([])
    expect(page.frames).toEqual(['unknown true', '2: user_2=member user_1=admin false'])
    // A key whose request was aborted is fetched when somebody comes back to it.
    page.value.setText('Fir')
    await waitFor(() => expect(organization.gets()).toBe(6))
    await waitFor(() => expect(page.frames).toHaveLength(4))
    expect(page.frames.slice(2)).toEqual(['unknown true', '2: user_2=member user_1=admin false'])
  },
)

test('a list that leaves aborts its request, and one that others show does not', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { emulator } = organization
  const held = emulator.hold({ route: 'list' })
  const open = () => probe(() => useOrganizationMemberships('org_1'), rolesOf, organization)
  const [first, second] = [open(), open()]
  await held.arrived()
  first.unmount()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(held.waiting).toBe(1)
  held.release()
  await waitFor(() => expect(second.frames.at(-1)).toBe('1: user_1=admin'))
  expect(organization.gets()).toBe(1)
})

test('a write goes on when the component that triggered it has left', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const writer = probe(
    () => useUpdateOrganizationMembership('org_1'),
    () => '',
    organization,
  )
  const list = probe(() => useOrganizationMemberships('org_1'), rolesOf, organization)
  await waitFor(() => expect(list.frames.at(-1)).toMatch(/^2:/))
  const held = organization.emulator.hold({ route: 'update' })
  const write = writer.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  writer.unmount()
  held.release()
  await expect(write).resolves.toMatchObject({ role: 'org:admin' })
  expect(list.frames.at(-1)).toBe('2: user_2=admin user_1=admin')
})

test('an answer that lands after that of a later request is dropped', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  // SWR drops it too, but not in StrictMode under a cache provider.
  const store = new Organization('org_1', client)
  const { signal } = new AbortController()
  const place = { cache: {}, id: 'page', listId: 'page' }
  const fetch = () => store.fetchPage(organizationMembershipsKey('org_1'), place, signal)
  const held = emulator.hold({ route: 'list', when: 'after', times: 1 })
  const older = fetch()
  await held.arrived()
  await client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:admin' })
  const page = await fetch()
  held.release()
  await expect(older).resolves.toBe(page)
  expect(page.data.map(({ role }) => role)).toEqual(['org:admin', 'org:admin'])
})
