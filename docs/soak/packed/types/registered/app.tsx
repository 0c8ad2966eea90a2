// An app that names its roles and the shape of its metadata, once.
import {
  type OrganizationMembership,
  OrganizationMembershipsClient,
  type OrganizationRole,
} from '@org-memberships/core'
import type { Emulator } from '@org-memberships/emulator'
import { RequireOrganizationRole } from '@org-memberships/nestjs'
import type { TestingOptions } from '@org-memberships/nestjs/testing'
import {
  useOrganizationMemberships,
  useUpdateOrganizationMembershipMetadata,
} from '@org-memberships/react'

declare module '@org-memberships/core' {
  interface Register {
    role: 'org:admin' | 'org:member' | 'org:billing'
    publicMetadata: { title?: string; team?: { id: string; lead?: boolean } }
    privateMetadata: { costCentre?: string }
  }
}

const memberships = new OrganizationMembershipsClient({ secretKey: 'sk_test_123' })
const member = { organizationId: 'org_1', userId: 'user_1' }

export const role: OrganizationRole = 'org:billing'
// @ts-expect-error not one of the roles
export const wrongRole: OrganizationRole = 'org:owner'
export const leads = ({ publicMetadata }: OrganizationMembership): boolean =>
  publicMetadata.team?.lead ?? false
export const centre = ({ privateMetadata }: OrganizationMembership): string | undefined =>
  privateMetadata?.costCentre

void memberships.create({ ...member, role: 'org:billing', publicMetadata: { title: 'Dr' } })
// @ts-expect-error not one of the roles
void memberships.create({ ...member, role: 'org:owner' })
void memberships.updateMetadata({ ...member, publicMetadata: { team: { lead: null } } })
// @ts-expect-error a title is a string
void memberships.updateMetadata({ ...member, publicMetadata: { title: 1 } })
// @ts-expect-error not a key of the metadata
void memberships.updateMetadata({ ...member, privateMetadata: { costCenter: '1' } })

export function useTitles(): (string | undefined)[] {
  const { trigger } = useUpdateOrganizationMembershipMetadata('org_1')
  void trigger({ userId: 'user_1', publicMetadata: { team: null } })
  // @ts-expect-error a title is a string
  void trigger({ userId: 'user_1', publicMetadata: { title: true } })
  const { memberships: rows = [] } = useOrganizationMemberships('org_1', { role: 'org:billing' })
  return rows.map(({ publicMetadata }) => publicMetadata.title)
}

export const billing = RequireOrganizationRole('org:billing')
// @ts-expect-error not one of the roles
export const owner = RequireOrganizationRole('org:owner')

// No entry is left out: the compiler reads what it is asked for.
export type Others = Emulator | TestingOptions
