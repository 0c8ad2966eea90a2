import { useStore } from '../provider.js'
import { neverChanges } from './use-mounted-list.js'
import { useTrackedView } from './use-tracked-view.js'

export interface OrganizationMembershipStatusResponse {
  /** Writes to this member that have not ended. */
  readonly pending: number
  /** Why the last write to this member failed, of whatever kind; cleared when the next one starts. */
  readonly error: Error | undefined
  /** Which write `error` is of: its own words can then be shown. */
  readonly failedWrite: 'create' | 'update' | 'updateMetadata' | 'delete' | undefined
}

/**
 * Whether writes to one member are under way, for a spinner in its row. Apart from the row, so that the row's object
 * stays the same and only the spinner renders.
 */
export function useOrganizationMembershipStatus(
  organizationId: string | null | undefined,
  userId: string | null | undefined,
): OrganizationMembershipStatusResponse {
  const store = useStore('useOrganizationMembershipStatus')
  const organization = organizationId ? store.organization(organizationId) : undefined
  return useTrackedView<OrganizationMembershipStatusResponse>(
    organization?.subscribe ?? neverChanges,
    () => (organization && typeof userId === 'string' ? organization.statusOf(userId) : idle),
    idle,
  )
}

const idle: OrganizationMembershipStatusResponse = {
  pending: 0,
  error: undefined,
  failedWrite: undefined,
}
