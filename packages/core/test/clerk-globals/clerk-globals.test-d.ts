// An app that has filled the globals of Clerk's own SDKs and registers nothing here.
import type {
  OrganizationMembership,
  OrganizationMembershipsClient,
  OrganizationRole,
} from '@org-memberships/core'

declare global {
  interface OrganizationMembershipPublicMetadata {
    title?: string
  }
  interface OrganizationMembershipPrivateMetadata {
    [key: string]: unknown
    costCentre?: number
  }
  interface ClerkAuthorization {
    permission: 'org:team:read'
    role: 'org:admin' | 'org:member' | 'org:guest'
  }
}

declare const client: OrganizationMembershipsClient
declare const membership: OrganizationMembership

export const role: OrganizationRole = 'org:guest'
// @ts-expect-error not one of the app's roles
export const wrongRole: OrganizationRole = 'org:owner'
export const title: string | undefined = membership.publicMetadata.title
export const centre: number | undefined = membership.privateMetadata?.costCentre
// @ts-expect-error not a key of the public metadata
void membership.publicMetadata.costCentre
void client.updateMetadata({
  organizationId: 'org_1',
  userId: 'user_1',
  publicMetadata: { title: null },
  privateMetadata: { costCentre: null, other: { deep: null } },
})
