import type { PublicMetadata } from '@org-memberships/core'
import {
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../../src/index.js'

// 32: an app's own types, registered once, reach the hooks. A project of its own, since a registration is app-wide.

declare module '@org-memberships/core' {
  interface Register {
    role: 'org:admin' | 'org:billing'
    publicMetadata: { title?: string; team?: { id: string; lead?: boolean } }
  }
}

export async function Registered(): Promise<void> {
  const row = useOrganizationMemberships('org_1', {}, { suspense: true }).memberships[0]
  const title: string | undefined = row?.publicMetadata.title
  const metadata: PublicMetadata | undefined = row?.publicMetadata
  const role: 'org:admin' | 'org:billing' | undefined = row?.role
  void [title, metadata, role]
  // @ts-expect-error no such key
  void row?.publicMetadata.salary
  // @ts-expect-error no such role
  useOrganizationMemberships('org_1', { role: 'org:member' })
  const update = useUpdateOrganizationMembership('org_1').trigger
  await update({ userId: 'user_1', role: 'org:billing' })
  // @ts-expect-error no such role
  await update({ userId: 'user_1', role: 'org:member' })
  const patch = useUpdateOrganizationMembershipMetadata('org_1').trigger
  await patch({ userId: 'user_1', publicMetadata: { team: { lead: null } } })
  // @ts-expect-error a title is a text
  await patch({ userId: 'user_1', publicMetadata: { title: 1 } })
}
