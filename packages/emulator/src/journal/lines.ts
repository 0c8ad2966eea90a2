import type { MembershipEvent } from '../events/event.js'
import { exportMembership } from '../seed/export.js'
import type { PlacedRow } from '../seed/load.js'
import type { Seed } from '../seed/seed.js'
import type { MembershipRecord } from '../store/records.js'

// A data file is lines of JSON: a header, then one line for each change, in order. A line that a killed process left
// unfinished was never acknowledged and is dropped.

export const journalFormat = 'org-memberships-emulator 1'

export interface HeaderLine {
  readonly format: typeof journalFormat
  /** What `reset` goes back to. */
  readonly seed: Seed
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

export interface PlacedMembership extends PlacedRow {
  readonly organization_id: string
}

export interface PendingEvent {
  readonly id: string
  readonly event: MembershipEvent
}

export function putLine(membership: MembershipRecord): ChangeLine {
  const { organization } = membership
  return { put: { organization_id: organization.id, ...exportMembership(membership) } }
}

export function removeLine({ organization, user }: MembershipRecord): ChangeLine {
  return { remove: { organization_id: organization.id, user_id: user.id } }
}
