// An app that registers its own types. A program of its own, since the registration is for a whole program.
import type {
  OrganizationMembership,
  OrganizationMembershipsClient,
  OrganizationRole,
} from '@org-memberships/core'

declare module '@org-memberships/core' {
  interface Register {
    role: 'org:admin' | 'org:billing'
    publicMetadata: { title?: string; team?: { id: string; lead?: boolean } }
    privateMetadata: { costCentre?: string }
  }
}

// Clerk's own globals lose to the registration.
declare global {
  interface OrganizationMembershipPublicMetadata {
    fromClerk: true
  }
}

declare const client: OrganizationMembershipsClient
declare const membership: OrganizationMembership
const ids = { organizationId: 'org_1', userId: 'user_1' }

export const role: OrganizationRole = 'org:billing'
// @ts-expect-error not a role of this app
export const wrongRole: OrganizationRole = 'org:member'
export const title: string | undefined = membership.publicMetadata.title
export const centre: string | undefined = membership.privateMetadata?.costCentre
// @ts-expect-error the registration has no such key
void membership.publicMetadata.fromClerk

void client.create({ ...ids, role: 'org:admin', publicMetadata: { team: { id: 't' } } })
// @ts-expect-error a team needs its id at create
void client.create({ ...ids, role: 'org:admin', publicMetadata: { team: {} } })
// @ts-expect-error not a role of this app
void client.update({ ...ids, role: 'org:member' })
// @ts-expect-error a filter takes the roles of this app
void client.list({ organizationId: 'org_1', role: ['org:member'] })
void client.updateMetadata({ ...ids, publicMetadata: { team: { lead: null } } })
// @ts-expect-error a patch keeps the types
void client.updateMetadata({ ...ids, publicMetadata: { team: { lead: 'yes' } } })
// @ts-expect-error the other field's key
void client.updateMetadata({ ...ids, publicMetadata: { costCentre: 'x' } })
