// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { Component, type ReactNode, Suspense, useLayoutEffect, useState } from 'react'
import { type Cache, mutate, unload } from 'swr'
import { expect, test } from 'vitest'
import {
  createOrganizationMembershipsStore,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useOrganizationMembershipStatus,
  useUpdateOrganizationMembership,
} from '../src/index.js'
import { render } from './support/frame.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

const pause = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms))

const ways: { readonly [way: string]: () => unknown } = {
  'unload()': () => unload(),
  'unload({ revalidate: false })': () => unload({ revalidate: false }),
  'mutate(() => true, undefined)': () => mutate(() => true, undefined),
}

test.for(Object.keys(ways))(
  'after %s the next user, whom the API rejects, is shown nothing of before',
  async (way) => {
    await using organization = await startOrganization(['org:admin', 'org:member', 'org:admin'])
    const { client, emulator } = organization
    const open = () =>
      probe(
        () => {
          const page = useOrganizationMemberships('org_1')
          const infinite = useInfiniteOrganizationMemberships('org_1')
          const single = useOrganizationMembership('org_1', 'user_1')
          const { error } = useOrganizationMembershipStatus('org_1', 'user_2')
          const { trigger } = useUpdateOrganizationMembership('org_1')
          return { page, infinite, single, error, trigger }
        },
        ({ page, infinite, single, error }) =>
          `${rolesOf(page)} | ${rolesOf(infinite)} | ${single.data?.role} | ${error?.name}`,
        { client },
      )
    const first = open()
    await waitFor(() => expect(first.frames.at(-1)).toContain('| org:admin |'))
    emulator.failNext({ status: 403, route: 'update' })
    await first.value.trigger({ userId: 'user_2', role: 'org:admin' }).catch(() => {})
    await first.value.trigger({ userId: 'user_1', role: 'org:member' })
    await pause()

    for (let count = 0; count < 20; count += 1) emulator.failNext({ status: 401, route: 'list' })
    await ways[way]!()
    const nothing = 'unknown | unknown | undefined | undefined'
    await waitFor(() => expect(first.frames.at(-1)).toBe(nothing))
    first.unmount()
    const second = open()
    await pause()
    expect(second.frames).toEqual([nothing])
  },
)

test.for(Object.keys(ways))(
  'a list that was asked for before %s and arrives after it shows nothing',
  async (way) => {
    await using organization = await startOrganization(['org:admin', 'org:member'])
    const { client, emulator } = organization
    const list = probe(() => useOrganizationMemberships('org_1'), rolesOf, { client })
    await waitFor(() => expect(list.frames.at(-1)).toBe('2: user_2=member user_1=admin'))
    const held = emulator.hold({ route: 'list' })
    const refetch = list.value.mutate()
    await held.arrived()
    for (let count = 0; count < 20; count += 1) emulator.failNext({ status: 401, route: 'list' })
    void ways[way]!()
    await waitFor(() => expect(list.frames.at(-1)).toBe('unknown'))
    held.release()
    await refetch.catch(() => {})
    await pause()
    const single = probe(
      () => useOrganizationMembership('org_1', 'user_1'),
      ({ data }) => String(data?.role),
      { client },
    )
    await pause()
    expect(single.frames).toEqual(['undefined'])
    expect(list.frames.at(-1)).toBe('unknown')
  },
)

test('after the clear() of a cache of your own a member read from a list is not known', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const cache = new Map<string, never>()
  const options = { client, swr: { provider: () => cache as Cache } }
  const list = probe(() => useOrganizationMemberships('org_1'), rolesOf, options)
  await waitFor(() => expect(list.frames.at(-1)).toBe('1: user_1=admin'))
  list.unmount()
  cache.clear()
  emulator.failNext({ status: 401, route: 'list' })
  const single = probe(
    () => useOrganizationMembership('org_1', 'user_1'),
    ({ data, error }) => `${data?.role} ${error?.name}`,
    options,
  )
  await waitFor(() => expect(single.frames.at(-1)).toBe('undefined AuthenticationError'))
  expect(single.frames).toEqual(['undefined undefined', 'undefined AuthenticationError'])
})

test('an answer to a request from before the clear() of a cache of your own is not taken in', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client, emulator } = organization
  const cache = new Map<string, never>()
  const options = { client, swr: { provider: () => cache as Cache } }
  const held = emulator.hold({ route: 'list', when: 'after', times: 1 })
  const list = probe(() => useOrganizationMemberships('org_1'), rolesOf, options)
  await held.arrived()
  cache.clear()
  // Whoever is signed in by now may not read it.
  for (let count = 0; count < 20; count += 1) emulator.failNext({ status: 401, route: 'list' })
  held.release()
  await waitFor(() => expect(organization.gets()).toBe(2))
  await pause()
  const single = probe(
    () => useOrganizationMembership('org_1', 'user_1'),
    ({ data }) => String(data?.role),
    options,
  )
  await pause()
  expect([list.frames, single.frames]).toEqual([['unknown'], ['undefined']])
})

test('a page that is being preloaded when the store is reset is shown to nobody', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client, emulator } = organization
  const store = createOrganizationMembershipsStore(client)
  const held = emulator.hold({ route: 'list', when: 'after', times: 1 })
  const preload = store.preload('org_1')
  await held.arrived()
  store.reset()
  await client.update({ organizationId: 'org_1', userId: 'user_2', role: 'org:admin' })
  held.release()
  await expect(preload).rejects.toMatchObject({ name: 'RequestAbandonedError' })
  const list = probe(() => useOrganizationMemberships('org_1'), rolesOf, { client, store })
  await waitFor(() => expect(list.frames).toEqual(['unknown', '2: user_2=admin user_1=admin']))
})

test('a write that ends after SWR was unloaded settles, and its answer is not shown', async () => {
  await using organization = await startOrganization(['org:admin', 'org:admin'])
  const { client, emulator } = organization
  const page = probe(
    () => ({
      list: useOrganizationMemberships('org_1'),
      update: useUpdateOrganizationMembership('org_1'),
    }),
    ({ list }) => rolesOf(list),
    { client },
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  const held = emulator.hold({ route: 'update' })
  const write = page.value.update.trigger({ userId: 'user_1', role: 'org:member' })
  await held.arrived()
  unload({ revalidate: false })
  await waitFor(() => expect(page.frames.at(-1)).toBe('unknown'))
  const reads = emulator.hold({ route: 'list' })
  held.release()
  await expect(write).resolves.toMatchObject({ role: 'org:member' })
  // What may be shown now, only the server knows.
  await reads.arrived()
  expect(page.frames.at(-1)).toBe('unknown')
  reads.release()
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=admin user_1=member'))
})

test('a write confirmed while a first suspended list loads is on it', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  let trigger: ReturnType<typeof useUpdateOrganizationMembership>['trigger']
  function Writer(): ReactNode {
    const update = useUpdateOrganizationMembership('org_1')
    useLayoutEffect(() => {
      trigger = update.trigger
    })
    return null
  }
  function List(): ReactNode {
    const { memberships } = useOrganizationMemberships('org_1', {}, { suspense: true })
    return memberships.map(({ role }) => role).join()
  }
  // The list is read before the write, and arrives after it.
  const slow: typeof client.list = async (...args) => {
    const page = await client.list(...args)
    await gate
    return page
  }
  let open: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const api = {
    list: slow,
    create: client.create.bind(client),
    update: client.update.bind(client),
    updateMetadata: client.updateMetadata.bind(client),
    delete: client.delete.bind(client),
  }
  const { container } = render(
    <>
      <Writer />
      <Suspense fallback="waits">
        <List />
      </Suspense>
    </>,
    { client: api },
  )
  await waitFor(() => expect(organization.gets()).toBe(1))
  await pause()
  await trigger!({ userId: 'user_2', role: 'org:admin' }, { revalidate: false })
  await pause()
  open()
  await waitFor(() => expect(container.textContent).toBe('org:admin,org:admin'))
  await pause()
  expect(container.textContent).toBe('org:admin,org:admin')
})

test('a write after a preload is on the page that mounts with it', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const store = createOrganizationMembershipsStore(client)
  const writer = probe(
    () => useUpdateOrganizationMembership('org_1'),
    () => '',
    { client, store },
  )
  await store.preload('org_1')
  await writer.value.trigger({ userId: 'user_2', role: 'org:admin' })
  await pause()
  const list = probe(() => useOrganizationMemberships('org_1', {}), rolesOf, { client, store })
  await waitFor(() => expect(list.frames.at(-1)).toBe('2: user_2=admin user_1=admin'))
  expect(list.frames.filter((frame) => frame.includes('user_2=member'))).toEqual([])
})

class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null }
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <button onClick={() => this.setState({ error: null })} type="button">
        {error.name}
      </button>
    )
  }
}

function Suspended(): ReactNode {
  const { memberships } = useOrganizationMemberships('org_1', {}, { suspense: true })
  return `suspended ${memberships.length}`
}

test('a suspended reader keeps the request that a mounted one leaves', async () => {
  await using organization = await startOrganization(['org:admin'])
  const held = organization.emulator.hold({ route: 'list' })
  let leave: () => void = () => {}
  function Plain(): ReactNode {
    const { memberships } = useOrganizationMemberships('org_1')
    return `plain ${memberships?.length}`
  }
  function App(): ReactNode {
    const [isShown, setShown] = useState(true)
    useLayoutEffect(() => {
      leave = () => setShown(false)
    }, [])
    return (
      <>
        {isShown && <Plain />}
        <Boundary>
          <Suspense fallback="waits">
            <Suspended />
          </Suspense>
        </Boundary>
      </>
    )
  }
  const { container } = render(<App />, organization)
  await held.arrived()
  leave()
  await waitFor(() => expect(container.textContent).toBe('waits'))
  await pause()
  held.release()
  await waitFor(() => expect(container.textContent).toBe('suspended 1'))
  expect(organization.gets()).toBe(1)
})

test('"try again" in an error boundary asks again', async () => {
  await using organization = await startOrganization(['org:admin'])
  // React renders once more by itself before it gives up, and on a busy machine that may ask again too.
  for (let fault = 0; fault < 3; fault += 1) {
    organization.emulator.failNext({ status: 500, route: 'list' })
  }
  const { container } = render(
    <Boundary>
      <Suspense fallback="waits">
        <Suspended />
      </Suspense>
    </Boundary>,
    organization,
  )
  await waitFor(() => expect(container.textContent).toBe('InternalServerError'))
  await waitFor(() => {
    container.querySelector('button')?.click()
    expect(container.textContent).toBe('suspended 1')
  })
  expect(organization.gets()).toBe(4)
})
