// An app that uses Clerk's own SDK as well, and has filled the globals that it declares.
import type { ClerkClient, OrganizationMembership as ClerksOwn } from '@clerk/backend'
import type { OrganizationMembershipResource } from '@clerk/shared/types'
import {
  type OrganizationMembership,
  OrganizationMembershipsClient,
  type OrganizationRole,
} from '@org-memberships/core'

declare global {
  interface OrganizationMembershipPublicMetadata {
    title?: string
  }
  interface OrganizationMembershipPrivateMetadata {
    costCentre?: number
  }
  interface ClerkAuthorization {
    permission: 'org:team:read'
    role: 'org:admin' | 'org:guest'
  }
}

declare const clerk: ClerkClient
declare const resource: OrganizationMembershipResource
declare const membership: OrganizationMembership

export const role: OrganizationRole = 'org:guest'
// @ts-expect-error not one of the app's roles
export const wrongRole: OrganizationRole = 'org:owner'
export const title: string | undefined = membership.publicMetadata.title
// Clerk's own declaration lets other keys be anything.
export const other: unknown = membership.publicMetadata['other']
// @ts-expect-error a title is a string
export const wrongTitle: number | undefined = membership.publicMetadata.title
export const centre: number | undefined = membership.privateMetadata?.costCentre

/** Both clients in one app, each with its own type of the same metadata. */
export async function copyTitle(organizationId: string, userId: string): Promise<ClerksOwn> {
  const client = new OrganizationMembershipsClient()
  const patch = { title: resource.publicMetadata.title ?? null }
  await client.updateMetadata({ organizationId, userId, publicMetadata: patch })
  return clerk.organizations.updateOrganizationMembership({ organizationId, userId, role })
}
