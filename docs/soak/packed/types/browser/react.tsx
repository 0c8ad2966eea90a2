'use client'

import {
  OrganizationMembershipsProvider,
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '@org-memberships/react'
import { organizationMembershipsSeed } from '@org-memberships/react/seed'
import type { ReactNode } from 'react'
import { memberships as client } from './core.js'

const page = { data: [], totalCount: 0 }

export function App({ children }: { children: ReactNode }): ReactNode {
  const seed = organizationMembershipsSeed([{ organizationId: 'org_1', page }])
  return (
    <OrganizationMembershipsProvider client={client} seed={seed}>
      {children}
    </OrganizationMembershipsProvider>
  )
}

export function Members({ organizationId }: { organizationId: string | null }): ReactNode {
  const { memberships, error, isLoading } = useOrganizationMemberships(organizationId, {
    limit: 20,
    role: 'org:admin',
    orderBy: '-created_at',
  })
  const create = useCreateOrganizationMembership(organizationId)
  const update = useUpdateOrganizationMembership(organizationId, { optimistic: false })
  const metadata = useUpdateOrganizationMembershipMetadata(organizationId)
  const remove = useDeleteOrganizationMembership(organizationId, {
    onError: (reason, { userId }) => console.error(userId, reason.message),
  })
  if (error !== undefined) return error.message
  const change = async (userId: string): Promise<void> => {
    const { role } = await create.trigger({ userId, role: 'org:member' })
    await update.trigger({ userId, role })
    await metadata.trigger({ userId, publicMetadata: { title: null } })
    const removed = await remove.trigger({ userId }, { throwOnError: false })
    console.log(removed?.id)
  }
  return (
    <ul aria-busy={isLoading || update.isMutating}>
      {memberships?.map(({ id, role }) => (
        <li key={id} onClick={() => void change(id)}>
          {role}
        </li>
      ))}
    </ul>
  )
}

export function Suspended(): ReactNode {
  const { totalCount } = useOrganizationMemberships('org_1', {}, { suspense: true })
  return totalCount.toFixed()
}

// @ts-expect-error the organization may be null, but must be said
export const wrong = (): unknown => useOrganizationMemberships()
