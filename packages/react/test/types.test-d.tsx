import type {
  OrganizationMembership,
  OrganizationMembershipPage,
  OrganizationMembershipsClient,
} from '@org-memberships/core'
import {
  OrganizationMembershipsProvider,
  useCreateOrganizationMembership,
  useInfiniteOrganizationMemberships,
  useOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../src/index.js'
import { organizationMembershipsSeed } from '../src/pages/seed.js'

// 32: compiled by `tsc -p tsconfig.json`, never run.

export function Reading(): void {
  const page = useOrganizationMemberships('org_1', { role: 'org:admin', limit: 20 })
  const maybe: OrganizationMembershipPage | undefined = page.data
  // @ts-expect-error the page may not be known yet
  const known: OrganizationMembershipPage = page.data
  const waiting = useOrganizationMemberships('org_1', {}, { suspense: true })
  const sure: OrganizationMembershipPage = waiting.data
  const total: number = waiting.totalCount
  const nowhere = useOrganizationMemberships(null, {}, { suspense: true })
  // @ts-expect-error without an organization nothing is waited for
  const never: OrganizationMembershipPage = nowhere.data
  const single = useOrganizationMembership('org_1', 'user_1', { suspense: true })
  const member: OrganizationMembership | null = single.data
  const infinite = useInfiniteOrganizationMemberships('org_1', {}, { suspense: true })
  const rows: OrganizationMembership[] = infinite.memberships
  void [maybe, known, sure, total, never, member, rows]

  // @ts-expect-error an unknown filter
  useOrganizationMemberships('org_1', { rol: 'org:admin' })
  // @ts-expect-error a limit is a number
  useOrganizationMemberships('org_1', { limit: '20' })
  // @ts-expect-error where a page begins is the infinite list's own business
  useInfiniteOrganizationMemberships('org_1', { offset: 20 })
  // @ts-expect-error which page is kept is not asked for one member
  useOrganizationMembership('org_1', 'user_1', { keepPreviousData: true })
  // @ts-expect-error the hooks bring their own comparison
  useOrganizationMemberships('org_1', {}, { compare: Object.is })
}

export async function Writing(): Promise<void> {
  const { trigger } = useUpdateOrganizationMembership('org_1')
  const updated: OrganizationMembership = await trigger({ userId: 'user_1', role: 'org:admin' })
  const silent = await trigger({ userId: 'user_1', role: 'org:admin' }, { throwOnError: false })
  // @ts-expect-error a failure that is not thrown leaves nothing
  const surely: OrganizationMembership = silent
  const quiet = useUpdateOrganizationMembership('org_1', { throwOnError: false, optimistic: false })
  const unthrown = await quiet.trigger(
    { userId: 'user_1', role: 'org:admin' },
    { optimistic: true },
  )
  // @ts-expect-error nor does one whose hook says so
  const unsure: OrganizationMembership = unthrown
  const loud = await quiet.trigger({ userId: 'user_1', role: 'org:admin' }, { throwOnError: true })
  const sure: OrganizationMembership = loud
  const { trigger: told } = useUpdateOrganizationMembership('org_1', { onError: () => {} })
  const known: OrganizationMembership = await told({ userId: 'user_1', role: 'org:admin' }, {})
  void [updated, surely, unsure, sure, known]
  // @ts-expect-error an update needs a role
  await trigger({ userId: 'user_1' })
  // @ts-expect-error no such option
  await trigger({ userId: 'user_1', role: 'org:admin' }, { optimistik: true })
  const create = useCreateOrganizationMembership('org_1').trigger
  // @ts-expect-error private metadata does not belong in a browser
  await create({ userId: 'user_1', role: 'org:member', privateMetadata: {} })
  const patch = useUpdateOrganizationMembershipMetadata('org_1').trigger
  await patch({ userId: 'user_1', publicMetadata: { title: null, nested: { key: null } } })
  // @ts-expect-error the whole field is not removed, its keys are
  await patch({ userId: 'user_1', publicMetadata: null })
}

export function Providing(client: OrganizationMembershipsClient, page: OrganizationMembershipPage) {
  organizationMembershipsSeed([{ organizationId: 'org_1', page }])
  // @ts-expect-error pages come in an array
  organizationMembershipsSeed([{ organizationId: 'org_1', pages: page }])
  return (
    <>
      <OrganizationMembershipsProvider client={client} />
      {/* @ts-expect-error a client has the four writes, too */}
      <OrganizationMembershipsProvider client={{ list: client.list }} />
    </>
  )
}
