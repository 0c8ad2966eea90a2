import type { MetadataJSON, OrganizationMembershipJSON } from '@org-memberships/core/contract'
import type { MembershipRecord, OrganizationRecord } from '../store/records.js'
import type { Role } from '../store/roles.js'
import type { MembershipRow } from '../store/rows.js'
import type { Instance } from './instance.js'
import { toMembershipJSON } from './presentation.js'

// The three changes of a membership, each with its event, for the routes and for the handle. What may be changed is
// checked by whoever calls them.

export function addMembership(
  instance: Instance,
  { row }: OrganizationRecord,
  user_id: string,
  role: Role,
  {
    public_metadata,
    private_metadata,
  }: { readonly public_metadata: MetadataJSON; readonly private_metadata: MetadataJSON },
): OrganizationMembershipJSON {
  const created_at = instance.clock.now()
  const put: MembershipRow = {
    organization_id: row.id,
    user_id,
    id: instance.createId('orgmem', created_at),
    role: role.key,
    public_metadata,
    private_metadata,
    created_at,
    updated_at: created_at,
  }
  const added = () => toMembershipJSON(instance.store.membership(put) as MembershipRecord)
  instance.change({ put }, { type: 'organizationMembership.created', data: added })
  return added()
}

export function updateMembership(
  instance: Instance,
  membership: MembershipRecord,
  fields: Partial<Pick<MembershipRow, 'role' | 'public_metadata' | 'private_metadata'>>,
): OrganizationMembershipJSON {
  const updated_at = laterThan(membership.row, instance)
  const data = () => toMembershipJSON(membership)
  instance.change(
    { put: { ...membership.row, ...fields, updated_at } },
    { type: 'organizationMembership.updated', data },
  )
  return data()
}

/** @param isSilent without an event */
export function removeMembership(
  instance: Instance,
  membership: MembershipRecord,
  isSilent = false,
): OrganizationMembershipJSON {
  const { organization_id, user_id } = membership.row
  const data = () => toMembershipJSON(membership)
  instance.change(
    { remove: { organization_id, user_id } },
    isSilent ? undefined : { type: 'organizationMembership.deleted', data },
  )
  return data()
}

/** `updated_at` never stands still, even for two writes in one millisecond. */
export function laterThan(
  { updated_at }: { readonly updated_at: number },
  { clock }: Instance,
): number {
  return Math.max(clock.now(), updated_at + 1)
}
