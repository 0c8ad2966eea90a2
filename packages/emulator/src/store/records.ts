import type { MembersInOrder } from './members-in-order.js'
import type { Role } from './roles.js'
import type { InvitationRow, MembershipRow, OrganizationRow, UserRow } from './rows.js'

// The rows of a store and how they hang together: records point at each other, so an answer is built without a look-up.

export interface UserRecord {
  row: UserRow
  /** Never changed in place. */
  memberships: readonly MembershipRecord[]
}

export interface OrganizationRecord {
  row: OrganizationRow
  /** By user id. */
  readonly members: Map<string, MembershipRecord>
  readonly invitations: Map<string, InvitationRow>
  readonly inOrder: MembersInOrder
  /** Members whose role holds the minimum permissions. */
  elevatedMembers: number
}

export interface MembershipRecord {
  row: MembershipRow
  role: Role
  readonly organization: OrganizationRecord
  readonly user: UserRecord
}

export function pendingInvitations({ row, invitations }: OrganizationRecord): number {
  let pending = row.pending_invitations_count
  for (const { status } of invitations.values()) if (status === 'pending') pending += 1
  return pending
}
