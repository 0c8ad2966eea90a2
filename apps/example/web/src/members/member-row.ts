import type { OrganizationMembership } from '@org-memberships/core'
import type { WriteKind } from './use-failed-writes.js'

/** What can be done about a member in the list. */
export interface MemberHandlers {
  onChangeRole: (membership: OrganizationMembership, role: string) => void
  onEdit: (membership: OrganizationMembership) => void
  onRemove: (membership: OrganizationMembership) => void
}

/** What one member's row of the table is given, and one member's card. */
export interface MemberRowProps extends MemberHandlers {
  organizationId: string
  membership: OrganizationMembership
  /** From 0 over the whole list. */
  index: number
  isYou: boolean
  /** Whether the reader may change anything. */
  mayManage: boolean
  failedWrite: WriteKind | undefined
  /** Told of the row's element, to learn how high it is. */
  measure: ((element: Element | null) => void) | undefined
}
