import type { MemberHandlers } from './member-list.js'
import type { ListFilters, ListState } from './list-state.js'

/** What both layouts of the list are given. */
export interface MembersViewProps extends MemberHandlers {
  organization: { id: string; name: string }
  yourUserId: string | null
  state: ListState
  filters: ListFilters
  /** Whether a search or a filter leaves members out. */
  isNarrowed: boolean
}
