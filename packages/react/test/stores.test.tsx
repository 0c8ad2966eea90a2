// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Cache, SWRConfig } from 'swr'
import { expect, test } from 'vitest'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
  type OrganizationMembershipsStore,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useOrganizationMembershipStatus,
  useUpdateOrganizationMembership,
} from '../src/index.js'
import type { MembershipsStore } from '../src/store.js'
import { render } from './support/frame.js'
import { useListWithWrites } from './support/list-with-writes.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms))

/** Two people whose servers tell different rows of one organization. */
async function startTwo() {
  const first = await startOrganization(['org:admin', 'org:member'])
  const second = await startOrganization(['org:member'])
  return {
    first,
    second,
    stores: {
      first: createOrganizationMembershipsStore(first.client),
      second: createOrganizationMembershipsStore(second.client),
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([first.emulator.close(), second.emulator.close()])
    },
  }
}

const rows = { first: '2: user_2=member user_1=admin', second: '1: user_1=member' }

function Lists({ frames }: { frames: string[] }): ReactNode {
  const page = useOrganizationMemberships('org_1')
  const infinite = useInfiniteOrganizationMemberships('org_1')
  const single = useOrganizationMembership('org_1', 'user_1')
  const text = `${rolesOf(page)} | ${rolesOf(infinite)} | ${single.data?.role}`
  useLayoutEffect(() => {
    if (frames.at(-1) !== text) frames.push(text)
  })
  return text
}

const shown = {
  first: `${rows.first} | ${rows.first} | org:admin`,
  second: `${rows.second} | ${rows.second} | org:member`,
}

const ways = ['handler', 'layout effect', 'effect', 'handler, same tree'] as const

test.for(ways)(
  'a store that is reset in the commit in which another mounts leaves nothing, in a %s',
  async (way) => {
    await using two = await startTwo()
    const frames: string[] = []
    let change: (who: 'first' | 'second') => void = () => {}
    function Session({
      store,
      children,
    }: {
      store: OrganizationMembershipsStore
      children: ReactNode
    }) {
      useLayoutEffect(() => (way === 'layout effect' ? () => store.reset() : undefined), [store])
      useEffect(() => (way === 'effect' ? () => store.reset() : undefined), [store])
      return (
        <OrganizationMembershipsProvider store={store}>{children}</OrganizationMembershipsProvider>
      )
    }
    function App(): ReactNode {
      const [who, setWho] = useState<'first' | 'second'>('first')
      useLayoutEffect(() => {
        change = setWho
      }, [])
      return (
        <Session key={way === 'handler, same tree' ? '' : who} store={two.stores[who]}>
          <Lists frames={frames} />
        </Session>
      )
    }
    const container = document.body.appendChild(document.createElement('div'))
    const root = createRoot(container)
    // SWR's own deduplication, of two seconds.
    flushSync(() =>
      root.render(
        <SWRConfig value={{ provider: () => new Map() }}>
          <App />
        </SWRConfig>,
      ),
    )
    await waitFor(() => expect(frames.at(-1)).toBe(shown.first))
    const before = frames.length
    if (way.startsWith('handler')) two.stores.first.reset()
    change('second')
    await waitFor(() => expect(container.textContent).toBe(shown.second), { timeout: 1500 })
    // Where the effect of the old tree resets, the new one has rendered before.
    const late = frames.slice(before).filter((frame) => frame.includes('user_2'))
    expect(late).toHaveLength(way.startsWith('handler') ? 0 : late.length)
    root.unmount()
    container.remove()
  },
)

test('another client in the provider is asked at once, one request for each list', async () => {
  await using two = await startTwo()
  const frames: string[] = []
  let change: (who: 'first' | 'second') => void = () => {}
  function App(): ReactNode {
    const [who, setWho] = useState<'first' | 'second'>('first')
    useLayoutEffect(() => {
      change = setWho
    }, [])
    return (
      <OrganizationMembershipsProvider client={two[who].client}>
        <Lists frames={frames} />
        <Lists frames={[]} />
      </OrganizationMembershipsProvider>
    )
  }
  const { container } = render(<App />, two.first)
  await waitFor(() => expect(container.textContent).toBe(shown.first.repeat(2)))
  change('second')
  await waitFor(() => expect(container.textContent).toBe(shown.second.repeat(2)), { timeout: 1500 })
  await pause()
  expect(two.second.gets()).toBe(3)
})

test('a status that was mounted during a reset tells of the writes after it', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  const status = probe(
    () => useOrganizationMembershipStatus('org_1', 'user_2'),
    ({ pending }) => `${pending}`,
    { client, store },
  )
  const writes = probe(
    () => useUpdateOrganizationMembership('org_1'),
    () => '',
    { client, store },
  )
  store.reset()
  const held = emulator.hold({ route: 'update' })
  const write = writes.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  expect(status.frames).toEqual(['0', '1'])
  held.release()
  await write
  await waitFor(() => expect(status.frames).toEqual(['0', '1', '0']))
})

test.for([true, false])(
  'after a reset a mounted list is not loading, and loads when it is told to, a request under way %s',
  async (isUnderWay) => {
    await using organization = await startOrganization(['org:admin', 'org:member'])
    const { client, emulator } = organization
    const store = createOrganizationMembershipsStore(client)
    const page = probe(
      () => ({
        list: useOrganizationMemberships('org_1'),
        infinite: useInfiniteOrganizationMemberships('org_1'),
      }),
      ({ list, infinite }) =>
        [list, infinite]
          .map((it) => `${rolesOf(it)} ${it.isLoading}${it.isValidating}`)
          .join(' | '),
      { client, store, swr: { dedupingInterval: 2000 } },
    )
    const known = `${rows.first} falsefalse`
    await waitFor(() => expect(page.frames.at(-1)).toBe(`${known} | ${known}`))
    const held = emulator.hold({ route: 'list' })
    const refetch = () => Promise.all([page.value.list.mutate(), page.value.infinite.mutate()])
    const refetches = isUnderWay ? refetch() : undefined
    if (isUnderWay) await held.arrived(2)
    store.reset()
    held.release()
    await refetches
    await pause()
    expect(page.frames.at(-1)).toBe('unknown falsefalse | unknown falsefalse')
    page.rerender()
    expect(page.frames.at(-1)).toBe('unknown falsefalse | unknown falsefalse')
    const gets = organization.gets()
    await refetch()
    await waitFor(() => expect(page.frames.at(-1)).toBe(`${known} | ${known}`))
    expect(organization.gets()).toBe(gets + 2)
  },
)

test('a reset after a cache has gone with its provider does no harm', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client)
  const open = () =>
    probe(() => useOrganizationMemberships('org_1'), rolesOf, { client, store, strict: true })
  const page = open()
  await waitFor(() => expect(page.frames.at(-1)).toBe(rows.first))
  page.unmount()
  await pause(0)
  // Vitest fails on a rejection that nobody handles.
  store.reset()
  await pause(0)
})

test('lists in two caches are both refetched after a write', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const open = () =>
    probe(
      () => useListWithWrites(),
      ({ list }) => rolesOf(list),
      { ...organization, strict: true },
    )
  const [left, right] = [open(), open()]
  await waitFor(() => expect(left.frames.at(-1)).toBe(rows.first))
  await waitFor(() => expect(right.frames.at(-1)).toBe(rows.first))
  const gets = organization.gets()
  await left.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await waitFor(() => expect(organization.gets()).toBe(gets + 2))
  await waitFor(() => expect(right.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
})

test('a reset empties a list that has mounted with rows from the cache', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client)
  const open = () =>
    probe(
      () => [useOrganizationMemberships('org_1'), useInfiniteOrganizationMemberships('org_1')],
      (lists) => lists.map(rolesOf).join(' | '),
      { client, store },
    )
  const first = open()
  const both = `${rows.first} | ${rows.first}`
  await waitFor(() => expect(first.frames.at(-1)).toBe(both))
  first.unmount()
  const second = open()
  expect(second.frames).toEqual([both])
  await waitFor(() => expect(organization.gets()).toBe(4))
  await pause()
  store.reset()
  await waitFor(() => expect(second.frames.at(-1)).toBe('unknown | unknown'))
  second.rerender()
  await pause()
  expect(second.frames).toEqual([both, 'unknown | unknown'])
  expect(organization.gets()).toBe(4)
})

test('rows that another client has fetched into the cache are fetched again', async () => {
  await using two = await startTwo()
  const swr = { dedupingInterval: 2000 }
  const first = probe(() => useOrganizationMemberships('org_1'), rolesOf, { ...two.first, swr })
  await waitFor(() => expect(first.frames.at(-1)).toBe(rows.first))
  first.unmount()
  const second = probe(() => useOrganizationMemberships('org_1'), rolesOf, { ...two.second, swr })
  await waitFor(() => expect(second.frames.at(-1)).toBe(rows.second), { timeout: 1500 })
  expect(two.second.gets()).toBe(1)
})

test('an answer to a write from before a reset is not kept, though the client did not abort it', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore({
    list: (query) => client.list(query),
    create: (parameters) => client.create(parameters),
    update: (parameters) => client.update(parameters),
    updateMetadata: (parameters) => client.updateMetadata(parameters),
    delete: (parameters) => client.delete(parameters),
  })
  const writes = probe(
    () => ({
      update: useUpdateOrganizationMembership('org_1'),
      status: useOrganizationMembershipStatus('org_1', 'user_2'),
    }),
    ({ status }) => `${status.pending} ${status.error?.name}`,
    { client, store },
  )
  const held = emulator.hold({ route: 'update' })
  const write = writes.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await held.arrived()
  store.reset()
  await expect(write).rejects.toMatchObject({ name: 'AbortError' })
  held.release()
  await pause()
  expect(writes.frames).toEqual(['0 undefined', '1 undefined', '0 undefined'])
  const reads = emulator.hold({ route: 'list' })
  const single = probe(
    () => useOrganizationMembership('org_1', 'user_2'),
    ({ data }) => `${data?.role}`,
    { client, store },
  )
  await reads.arrived()
  expect(single.frames).toEqual(['undefined'])
  reads.release()
})

test('a cache that nobody holds any more is not held by a store', async () => {
  await using organization = await startOrganization(['org:admin'])
  const store = createOrganizationMembershipsStore(organization.client) as MembershipsStore
  const watch = () => {
    const cache: Cache = new Map()
    store.lookAt(cache)
    return new WeakRef(cache)
  }
  const watched = watch()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await waitFor(() => {
    collect()
    expect(watched.deref() === undefined).toBe(true)
  })
  store.reset()
})

test('a hook tells nothing of the writes from before a reset of the store', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  const page = probe(
    () => useUpdateOrganizationMembership('org_1', { throwOnError: false }),
    ({ data, error, isMutating }) => `${data?.role} ${error?.name} ${isMutating}`,
    { client, store },
  )
  await page.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await waitFor(() => expect(page.frames.at(-1)).toBe('org:admin undefined false'))
  const held = emulator.hold({ route: 'update' })
  const write = page.value.trigger({ userId: 'user_2', role: 'org:member' })
  await held.arrived()
  store.reset()
  held.release()
  await write
  await waitFor(() => expect(page.frames.at(-1)).toBe('undefined undefined false'))
})
