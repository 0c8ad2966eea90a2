import type { MembershipEvent } from '../events/event.js'
import type { SettledMembership, SettledSeed } from '../seed/load.js'
import type { MembershipRecord } from '../store/records.js'

// A data file is lines of JSON: a header, then one line for each change, in order. A line that a killed process left
// unfinished was never acknowledged and is dropped.

export const journalFormat = 'org-memberships-emulator 1'

export interface HeaderLine {
  readonly format: typeof journalFormat
  /** What `reset` goes back to. */
  readonly seed: SettledSeed
  /** The memberships at the time of writing, where they are not the seed's. */
  readonly memberships?: readonly PlacedMembership[]
  /** Events that were not delivered at the time of writing. */
  readonly events?: readonly PendingEvent[]
}

export interface ChangeLine {
  readonly put?: PlacedMembership
  readonly remove?: { readonly organization_id: string; readonly user_id: string }
  /** Goes out once the change is on disk, and again after a restart until `delivered` tells that it arrived. */
  readonly event?: PendingEvent
  readonly delivered?: string
}

export interface PlacedMembership extends SettledMembership {
  readonly organization_id: string
}

export interface PendingEvent {
  readonly id: string
  readonly event: MembershipEvent
}

export function placedMembership(membership: MembershipRecord): PlacedMembership {
  return {
    organization_id: membership.organization.id,
    user_id: membership.user.id,
    id: membership.id,
    role: membership.role.key,
    public_metadata: membership.publicMetadata,
    private_metadata: membership.privateMetadata,
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  }
}
