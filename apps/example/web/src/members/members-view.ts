import type { ListFilters, ListState } from './list-state.js'
import type { MemberHandlers } from './member-row.js'
import type { FailedWrites } from './use-failed-writes.js'

/** What both layouts of the list are given. */
export interface MembersViewProps extends MemberHandlers {
  organization: { id: string; name: string }
  yourUserId: string
  mayManage: boolean
  failedWrites: FailedWrites
  state: ListState
  filters: ListFilters
  /** Whether a search or a filter leaves members out. */
  isNarrowed: boolean
}
