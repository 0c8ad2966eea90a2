import { Activity, type ReactNode, Suspense, useState } from 'react'
import {
  OrganizationMembershipsProvider,
  type OrganizationMembershipsAPI,
  type OrganizationMembershipsSeed,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
} from '../../../src/index.js'
import { rolesOf } from '../../support/show.js'

/** Every kind of list of one organization, and a button that changes one member's role. */
export function Lists(): ReactNode {
  const { trigger } = useUpdateOrganizationMembership('org_1')
  return (
    <>
      <Page />
      <Filtered role="org:admin" />
      <Filtered role="org:member" />
      <Infinite />
      <Single />
      <button onClick={() => void trigger({ userId: 'user_2', role: 'org:admin' }, silently)}>
        promote
      </button>
    </>
  )
}

const silently = { throwOnError: false } as const

function Page(): ReactNode {
  const list = useOrganizationMemberships('org_1', { limit: 4 })
  return (
    <p>
      page {rolesOf(list)} <button onClick={() => void list.mutate()}>refetch</button>
    </p>
  )
}

function Filtered({ role }: { role: string }): ReactNode {
  const list = useOrganizationMemberships('org_1', { role })
  return (
    <p>
      {role} {list.totalCount}
    </p>
  )
}

function Infinite(): ReactNode {
  const list = useInfiniteOrganizationMemberships('org_1', { limit: 1 }, { initialSize: 3 })
  return <p>infinite {rolesOf(list)}</p>
}

function Single(): ReactNode {
  return <p>single {useOrganizationMembership('org_1', 'user_2').data?.role}</p>
}

export function Search(): ReactNode {
  const [text, setText] = useState('')
  const list = useOrganizationMemberships('org_1', text === '' ? null : { query: text })
  return (
    <>
      <input value={text} onChange={(event) => setText(event.target.value)} />
      <p>
        {rolesOf(list)} {list.error?.message}
      </p>
    </>
  )
}

/** The provider is inside of what suspends, and may be hidden. */
export function Trees({ client }: { client: OrganizationMembershipsAPI }): ReactNode {
  const [limit, setLimit] = useState(5)
  const [isHidden, setHidden] = useState(false)
  return (
    <>
      <button onClick={() => setLimit(limit + 1)}>suspend</button>
      <button onClick={() => setHidden(!isHidden)}>hide</button>
      <Suspense fallback="loading">
        <Activity mode={isHidden ? 'hidden' : 'visible'}>
          <OrganizationMembershipsProvider client={client}>
            <Suspended limit={limit} />
          </OrganizationMembershipsProvider>
        </Activity>
      </Suspense>
    </>
  )
}

function Suspended({ limit }: { limit: number }): ReactNode {
  const list = useOrganizationMemberships('org_1', { limit }, { suspense: true })
  const { trigger } = useUpdateOrganizationMembership('org_1')
  return (
    <>
      <button onClick={() => void trigger({ userId: 'user_2', role: 'org:admin' }, silently)}>
        promote
      </button>
      <p>
        {limit} {rolesOf(list)}
      </p>
    </>
  )
}

export function Seeded(): ReactNode {
  const page = useOrganizationMemberships('org_1', { limit: 1 })
  const infinite = useInfiniteOrganizationMemberships('org_1', { limit: 1 })
  return (
    <>
      <p>
        {rolesOf(page)} | {rolesOf(infinite)}
      </p>
      <button onClick={() => void infinite.setSize(2)}>more</button>
    </>
  )
}

export function App({
  view,
  client,
  seed,
}: {
  view: string
  client: OrganizationMembershipsAPI
  seed?: OrganizationMembershipsSeed | undefined
}): ReactNode {
  const views: { [name: string]: ReactNode } = {
    lists: <Lists />,
    search: <Search />,
    seeded: <Seeded />,
    trees: <Trees client={client} />,
  }
  return (
    <OrganizationMembershipsProvider client={client} seed={seed}>
      {views[view]}
    </OrganizationMembershipsProvider>
  )
}
