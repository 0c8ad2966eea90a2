// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { Activity, type ReactNode, Suspense, useEffect, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useOrganizationMembershipStatus,
  useUpdateOrganizationMembership,
} from '../../src/index.js'
import { organizationMembershipsSeed } from '../../src/pages/seed.js'
import { useSWRConfig } from 'swr'
import { Frame, render } from '../support/frame.js'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'
import { rolesOf } from '../support/show.js'

afterEach(() => vi.restoreAllMocks())

const pause = () => new Promise((resolve) => setTimeout(resolve, 50))

test.for([false, true])(
  '24: a seeded page hydrates without a warning or a request, Suspense %s',
  async (suspense) => {
    await using organization = await startOrganization(['org:admin', 'org:member', 'org:member'])
    const { client } = organization
    const query = { limit: 2 }
    const [first, second] = await Promise.all([
      client.list({ organizationId: 'org_1', ...query }),
      client.get({ organizationId: 'org_1', userId: 'user_1' }),
    ])
    const seed = organizationMembershipsSeed([
      { organizationId: 'org_1', query, page: first },
      { organizationId: 'org_1', query, pages: [first] },
      { organizationId: 'org_1', userId: 'user_1', membership: second },
    ])
    // Of the tree that has hydrated, not of the one that a server has rendered.
    let setSize: ((size: number) => void) | undefined
    function List(): ReactNode {
      const page = useOrganizationMemberships('org_1', query, { suspense })
      const infinite = useInfiniteOrganizationMemberships('org_1', query, { suspense })
      const single = useOrganizationMembership('org_1', 'user_1', { suspense })
      useEffect(() => {
        setSize = infinite.setSize
      }, [infinite.setSize])
      return `${rolesOf(page)} | ${rolesOf(infinite)} | ${single.data?.role} ${page.isLoading}`
    }
    const tree = (
      <Frame client={client} seed={JSON.parse(JSON.stringify(seed)) as typeof seed}>
        <List />
      </Frame>
    )
    const gets = organization.gets()
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = renderToString(tree)
    const html = '3: user_3=member user_2=member | 3: user_3=member user_2=member | org:admin false'
    expect(container.textContent).toBe(html)
    const warned = vi.spyOn(console, 'error')
    const onRecoverableError = vi.fn<() => void>()
    const root = hydrateRoot(container, tree, { onRecoverableError })
    await waitFor(() => expect(setSize).toBeDefined())
    await pause()
    expect(container.textContent).toBe(html)
    expect(warned).not.toHaveBeenCalled()
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(organization.gets()).toBe(gets)
    setSize?.(2)
    await waitFor(() => expect(container.textContent).toContain('user_2=member user_1=admin |'))
    await pause()
    expect(organization.gets()).toBe(gets + 1)
    root.unmount()
  },
)

test('24: a tree that hydrates while a write is pending hydrates as the server rendered it, then shows the write', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const page = await client.list({ organizationId: 'org_1' })
  const seed = organizationMembershipsSeed([
    { organizationId: 'org_1', page },
    { organizationId: 'org_1', pages: [page] },
  ])
  function List(): ReactNode {
    const lists = [useOrganizationMemberships('org_1'), useInfiniteOrganizationMemberships('org_1')]
    return lists.map(rolesOf).join(' | ')
  }
  const tree = (
    <Frame client={client} seed={seed}>
      <List />
    </Frame>
  )
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(tree)
  // Another part of the page, an island say, has hydrated before.
  const writes = probe(
    () => useUpdateOrganizationMembership('org_1'),
    () => '',
    organization,
  )
  const held = emulator.hold({ route: 'update' })
  const write = writes.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  const warned = vi.spyOn(console, 'error')
  const onRecoverableError = vi.fn<() => void>()
  const root = hydrateRoot(container, tree, { onRecoverableError })
  const rows = '2: user_2=admin user_1=admin'
  await waitFor(() => expect(container.textContent).toBe(`${rows} | ${rows}`))
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(warned).not.toHaveBeenCalled()
  held.release()
  await write
  root.unmount()
})

test('a server that renders again has the lists on the screen follow', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, gets } = organization
  const query = { limit: 5 }
  const readSeed = async () => {
    const page = await client.list({ organizationId: 'org_1', ...query })
    return organizationMembershipsSeed([
      { organizationId: 'org_1', query, page },
      { organizationId: 'org_1', query, pages: [page] },
    ])
  }
  const options = { client, seed: await readSeed() }
  const shown = probe(
    () => [
      useOrganizationMemberships('org_1', query),
      useInfiniteOrganizationMemberships('org_1', query),
      // The same list in another place: one request for both.
      useOrganizationMemberships('org_1', query),
    ],
    (lists) => lists.slice(0, 2).map(rolesOf).join(' | '),
    options,
  )
  const before = '2: user_2=member user_1=admin'
  await pause()
  expect(shown.frames).toEqual([`${before} | ${before}`])

  // Rendered again for another reason.
  options.seed = await readSeed()
  let expectedGets = gets()
  shown.rerender()
  await pause()
  expect(gets()).toBe(expectedGets)

  // A server action has changed a role, and its page was rendered again.
  await client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:admin' })
  options.seed = await readSeed()
  expectedGets = gets() + 2
  shown.rerender()
  const after = '2: user_2=admin user_1=admin'
  await waitFor(() => expect(shown.frames.at(-1)).toBe(`${after} | ${after}`))
  await pause()
  expect(gets()).toBe(expectedGets)

  // What the next fetch brings is the server's answer, not the seed of a while ago.
  await client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:member' })
  await Promise.all(shown.value.map(({ mutate }) => mutate()))
  await waitFor(() => expect(shown.frames.at(-1)).toBe(`${before} | ${before}`))
})

test('27: a tree that suspends above its provider, again and again, keeps its writes', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const shown: string[] = []
  let setLimit: (limit: number) => void = () => {}
  let update: ReturnType<typeof useUpdateOrganizationMembership> | undefined
  function List({ limit }: { limit: number }): ReactNode {
    update = useUpdateOrganizationMembership('org_1')
    const list = useOrganizationMemberships('org_1', { limit }, { suspense: true })
    shown.push(rolesOf(list))
    return rolesOf(list)
  }
  function Page(): ReactNode {
    const [limit, set] = useState(10)
    setLimit = set
    return (
      <Suspense fallback="loading">
        <OrganizationMembershipsProvider client={organization.client}>
          <List limit={limit} />
        </OrganizationMembershipsProvider>
      </Suspense>
    )
  }
  const { container } = render(<Page />, { ...organization, strict: true })
  await waitFor(() => expect(container.textContent).toBe('2: user_2=member user_1=admin'))
  const held = organization.emulator.hold({ route: 'update' })
  const write = update!.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  for (const limit of [11, 12, 13]) {
    setLimit(limit)
    await waitFor(() => expect(container.textContent).toBe('2: user_2=admin user_1=admin'))
  }
  held.release()
  await write
  await waitFor(() => expect(container.textContent).toBe('2: user_2=admin user_1=admin'))
})

test('27: a hidden Activity misses nothing', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  let setMode: (mode: 'visible' | 'hidden') => void = () => {}
  function List(): ReactNode {
    return rolesOf(useOrganizationMemberships('org_1', {}, { revalidateOnWrite: false }))
  }
  function Page(): ReactNode {
    const [mode, set] = useState<'visible' | 'hidden'>('visible')
    setMode = set
    return (
      <Activity mode={mode}>
        <List />
      </Activity>
    )
  }
  const { container } = render(<Page />, { ...organization, strict: true })
  const writes = probe(
    () => useListWithWrites(),
    () => '',
    organization,
  )
  await waitFor(() => expect(container.textContent).toBe('2: user_2=member user_1=admin'))
  setMode('hidden')
  await pause()
  await writes.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  setMode('visible')
  await waitFor(() => expect(container.textContent).toBe('2: user_2=admin user_1=admin'))
})

test('27: a provider that is taken down and put up again, as by a hot reload, finds its writes', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const open = () =>
    probe(
      () => useListWithWrites(),
      ({ list }) => rolesOf(list),
      organization,
    )
  const first = open()
  await waitFor(() => expect(first.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
  const held = organization.emulator.hold({ route: 'update' })
  const write = first.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  first.unmount()
  const second = open()
  expect(second.frames).toEqual(['2: user_2=admin user_1=admin'])
  expect(second.value.list.isOptimistic).toBe(true)
  held.release()
  await write
  await waitFor(() => expect(second.value.list.isOptimistic).toBe(false))
  await waitFor(() => expect(second.value.list.isValidating).toBe(false))
  expect(second.frames).toEqual(['2: user_2=admin user_1=admin'])
})

test('30: after a reset there is nothing left, and answers that come late write nothing', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  const page = probe(
    () => ({
      ...useListWithWrites({}, { keepPreviousData: true }),
      infinite: useInfiniteOrganizationMemberships('org_1'),
      single: useOrganizationMembership('org_1', 'user_2'),
      status: useOrganizationMembershipStatus('org_1', 'user_2'),
      cache: useSWRConfig().cache,
    }),
    ({ list, infinite, single, status }) =>
      `${rolesOf(list)} | ${rolesOf(infinite)} | ${single.data?.role} | ${status.pending}`,
    { client, store },
  )
  const rows = '2: user_2=member user_1=admin'
  await waitFor(() => expect(page.frames.at(-1)).toBe(`${rows} | ${rows} | org:member | 0`))
  const held = emulator.hold({ when: 'after' })
  const write = page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  const refetches = [page.value.list.mutate(), page.value.infinite.mutate()]
  await held.arrived(3)
  const frames = page.frames.length
  store.reset()
  await expect(write).rejects.toMatchObject({ name: 'AbortError' })
  held.release()
  await Promise.all(refetches)
  await pause()
  const left = [...page.value.cache.keys()].filter((key) => page.value.cache.get(key)?.data)
  expect(left).toEqual([])
  const gone = 'unknown | unknown | undefined | 0'
  await waitFor(() => expect(page.frames.at(-1)).toBe(gone))
  expect(page.frames).toHaveLength(frames + 1)
  expect(page.value.update.data).toBeUndefined()
  expect(page.value.list.error).toBeUndefined()
  await page.value.list.mutate()
  await waitFor(() => expect(page.frames.at(-1)).toMatch(/^2: user_2=admin user_1=admin/))
})

test('30: a page that was preloaded before a reset is not shown after it', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client)
  await store.preload('org_1')
  store.reset()
  const page = probe(() => useOrganizationMemberships('org_1'), rolesOf, { client, store })
  await waitFor(() => expect(page.frames).toEqual(['unknown', '1: user_1=admin']))
  expect(organization.gets()).toBe(2)
})

test('31: functions keep their identity, and what nobody reads renders nothing', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const identities = new Set<unknown>()
  const page = probe(
    () => {
      const value = { ...useFunctions() }
      for (const stable of Object.values(value)) identities.add(stable)
      return value
    },
    () => '',
    organization,
  )
  function useFunctions() {
    const list = useOrganizationMemberships('org_1')
    const infinite = useInfiniteOrganizationMemberships('org_1')
    const update = useUpdateOrganizationMembership('org_1', { revalidate: true })
    return {
      mutate: list.mutate,
      mutateAll: infinite.mutate,
      setSize: infinite.setSize,
      loadAll: infinite.loadAll,
      trigger: update.trigger,
      reset: update.reset,
    }
  }
  const total = probe(
    () => useOrganizationMemberships('org_1'),
    (list) => `${list.totalCount}`,
    organization,
  )
  const rows = probe(() => useOrganizationMemberships('org_1'), rolesOf, organization)
  await waitFor(() => expect(total.frames.at(-1)).toBe('2'))
  await waitFor(() => expect(rows.frames).toHaveLength(2))
  page.rerender()
  await page.value.mutate()
  const commits = [page.commits, total.commits, rows.commits]
  await rows.value.mutate()
  // An equal answer, with isValidating going on and off.
  expect([page.commits, total.commits, rows.commits]).toEqual(commits)
  const held = organization.emulator.hold({ route: 'update' })
  const write = page.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  // The role is read by one of the three.
  expect([page.commits, total.commits, rows.commits]).toEqual([
    commits[0],
    commits[1],
    commits[2]! + 1,
  ])
  held.release()
  await write
  expect(identities.size).toBe(6)
})

test('a hook without a provider, and a provider without a client, say what is missing', async () => {
  function List(): ReactNode {
    return rolesOf(useOrganizationMemberships('org_1'))
  }
  expect(() => renderToString(<List />)).toThrow(
    'useOrganizationMemberships needs <OrganizationMembershipsProvider client={client}>',
  )
  expect(() => renderToString(<OrganizationMembershipsProvider />)).toThrow(/needs a client/)
})
